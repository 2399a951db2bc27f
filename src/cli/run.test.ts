import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from '../../test/run-cli.ts'

let cwd = ''
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'agentsview-run-'))
})
afterEach(async () => {
  await rm(cwd, { recursive: true })
})

describe('a command line that is wrong', () => {
  it.each([
    [['verson'], '"verson" is no command or argument; did you mean "version"?'],
    [['remotes', 'lst'], '"lst" is no command or argument of "remotes"; did you mean "list"?'],
    [['version', '--jsn'], '"--jsn" is no option of "version"; did you mean "--json"?'],
    [['remotes', 'add', 'x', '--buckt=b'], '"--buckt" is no option of "remotes add"; did you mean "--bucket"?'],
    [['remotes'], 'agentsview remotes needs one of: add, list'],
    [['remotes', 'show'], '"remotes show" needs <name>'],
    [['sync', '--since'], '--since needs a value'],
    [['session', 'list', '--agent', 'claud'], 'there is no agent "claud"\nTry: Known: claude, codex.'],
    [['version', '--limit', '-1'], '--limit is not a whole number'],
    [['version', '--timezone', 'Mars/Olympus'], '"Mars/Olympus" is not a time zone'],
    [['version', '--format', 'xml'], '--format is not "xml"; it is one of table, json, ndjson'],
    [['version', '--color', 'blue'], '--color takes auto, always or never'],
    [['remotes', 'list', '--fields', 'name,nme'], 'there is no field "nme"'],
  ])('%j ends with code 2 and the nearest right word', async (argv, message) => {
    await writeFile(join(cwd, 'agentsview.toml'), '[[remotes]]\nname = "a"\nbucket = "b"\n')
    const result = await runCli(argv, { cwd })
    expect(result.stderr).toContain(`Error: ${message}`)
    expect(result.stderr).toContain('Try: ')
    expect(result).toMatchObject({ code: 2, stdout: '' })
  })

  it('is one JSON object on stderr with --json', async () => {
    const result = await runCli(['verson', '--json'], { cwd })
    expect(JSON.parse(result.stderr)).toEqual({
      error: {
        code: 'usage.unknown',
        message: '"verson" is no command or argument; did you mean "version"?',
        hint: 'agentsview --help',
      },
    })
    expect(result).toMatchObject({ code: 2, stdout: '' })
  })

  it('does not take --json together with another format', async () => {
    const result = await runCli(['version', '--json', '--format', 'csv'], { cwd })
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('--json and --format csv do not go together')
  })

  it('cannot forge the terminal', async () => {
    const result = await runCli(['\u001B[2J\u202Eevil'], { cwd })
    for (const sign of ['\u001B', '\u202E']) expect(result.stderr).not.toContain(sign)
    const json = await runCli(['\u009B2Jevil', '--json'], { cwd })
    expect(json.stderr).not.toContain('\u009B')
  })
})

describe('help and version', () => {
  it('teaches each command with examples and exit codes', async () => {
    for (const argv of [['--help'], ['remotes', 'add', '--help'], ['remotes', 'test', '-h']]) {
      const { code, stdout } = await runCli(argv, { cwd })
      expect(code).toBe(0)
      expect(stdout).toContain('Examples:')
      expect(stdout).toContain('Exit codes:')
    }
  })

  it('says its version in words and as JSON', async () => {
    expect((await runCli(['version'], { cwd })).stdout).toMatch(/^agentsview \d+\.\d+\.\d+ /)
    expect((await runCli(['--version'], { cwd })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    const { stdout } = await runCli(['version', '--json'], { cwd })
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, kind: 'version' })
  })
})

describe('a broken config', () => {
  it('stops a command with code 7 and tells every mistake', async () => {
    await writeFile(join(cwd, 'agentsview.toml'), '[store]\nurl = 3\n[[remotes]]\nname = "A"\nbucket = "b"\n')
    const result = await runCli(['remotes', 'list'], { cwd })
    expect(result.code).toBe(7)
    expect(result.stderr).toContain('agentsview.toml:2: store.url: ')
    expect(result.stderr).toContain('agentsview.toml:4: remotes[0].name: ')
    expect(result.stdout).toBe('')
  })
})

describe('an interrupted run', () => {
  it('ends with code 130', async () => {
    await writeFile(
      join(cwd, 'agentsview.toml'),
      '[[remotes]]\nname = "a"\nbucket = "b"\nendpoint = "http://127.0.0.1:1"\nanonymous = true\n',
    )
    const result = await runCli(['remotes', 'ls', 'a'], { cwd, signal: AbortSignal.abort() })
    expect(result.code).toBe(130)
  })
})
