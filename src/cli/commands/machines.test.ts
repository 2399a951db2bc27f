import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { claudeLog } from '../../../test/browser/claude-log.ts'
import type { CliResult } from '../../../test/run-cli.ts'
import { runCli } from '../../../test/run-cli.ts'

let cwd = ''
const config = (): string => readFileSync(join(cwd, 'agentsview.toml'), 'utf8')
const cli = async (...argv: string[]): Promise<CliResult> =>
  await runCli(argv, { cwd, env: { AGENTSVIEW_DB_URL: `file:${cwd}/archive.db` } })
const json = async (...argv: string[]) => JSON.parse((await cli(...argv, '--json')).stdout) as Record<string, unknown>
const machines = async () =>
  ((await json('machines', 'list'))['machines'] as readonly { name: string }[]).map(({ name }) => name)

beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'agentsview-machines-'))
  mkdirSync(join(cwd, 'logs/-app'), { recursive: true })
  const id = '10000000-0000-4000-8000-000000000001'
  const log = claudeLog({
    id,
    cwd: '/app',
    start: Date.UTC(2026, 6, 1),
    turns: [{ prompt: 'hello', steps: [{ text: 'hi' }] }],
  })
  writeFileSync(join(cwd, 'logs/-app', `${id}.jsonl`), log)
  writeFileSync(
    join(cwd, 'agentsview.toml'),
    `# mine\n[local]\nmachine = "old" # me\nclaude = ["${cwd}/logs"]\ncodex = []\n`,
  )
  expect((await cli('sync', '--local')).code).toBe(0)
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

describe('machines rename', () => {
  it('changes config and archive, and the next sync finds nothing to do', async () => {
    expect(await json('machines', 'rename', 'old', 'new box')).toMatchObject({
      kind: 'machineRename',
      from: 'old',
      to: 'new box',
      sessions: 1,
      objects: 1,
      blocks: ['local'],
    })
    expect(config()).toContain('# mine\n[local]\nmachine = "new box" # me\n')
    expect(await machines()).toEqual(['new box'])
    expect(await json('session', 'list')).toMatchObject({ sessions: [{ machine: 'new box' }] })
    expect(await json('sync', '--local')).toMatchObject({ totals: { objects: { unchanged: 1, reread: 0 } } })
    expect((await cli('db', 'check')).code).toBe(0)
  })

  it('refuses names that cannot be, and machines that are not', async () => {
    const before = config()
    for (const name of ['a~b', 'a/b', 'a\\b', '..', '.', '', 'a\u0007b', ' a', 'old']) {
      expect([name, (await cli('machines', 'rename', 'old', name)).code]).toEqual([name, 2])
    }
    expect((await cli('machines', 'rename', 'other', 'x')).code).toBe(3)
    expect((await cli('machines', 'merge', 'old', 'other')).code).toBe(3)
    expect(config()).toBe(before)
    expect(await machines()).toEqual(['old'])
  })

  it('leaves the archive when the config cannot be written', async () => {
    const text = `local.machine = "old"\nlocal.claude = ["${cwd}/logs"]\nlocal.machine2 = 1\n`
    writeFileSync(join(cwd, 'agentsview.toml'), text)
    expect((await cli('machines', 'rename', 'old', 'new')).code).toBe(7)
    expect(config()).toBe(text)
    writeFileSync(join(cwd, 'agentsview.toml'), text.replace(/local\.machine2.*\n/, ''))
    expect(await machines()).toEqual(['old'])
    expect(existsSync(join(cwd, 'archive.db'))).toBe(true)
  })
})

describe('machines merge', () => {
  it('makes one of two, where rename refuses a name that is taken', async () => {
    mkdirSync(join(cwd, 'other'))
    writeFileSync(join(cwd, 'other.toml'), `[local]\nmachine = "second"\nclaude = ["${cwd}/logs2"]\ncodex = []\n`)
    mkdirSync(join(cwd, 'logs2/-app'), { recursive: true })
    const id = '20000000-0000-4000-8000-000000000001'
    const log = claudeLog({ id, cwd: '/app', start: Date.UTC(2026, 6, 2), turns: [{ prompt: 'x', steps: [] }] })
    writeFileSync(join(cwd, 'logs2/-app', `${id}.jsonl`), log)
    expect((await cli('sync', '--local', '--config', 'other.toml')).code).toBe(0)
    expect(await machines()).toEqual(['old', 'second'])
    const taken = await cli('machines', 'rename', 'second', 'old', '--config', 'other.toml')
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('machines merge "second" "old"')])
    expect((await cli('machines', 'merge', 'second', 'old', '--config', 'other.toml')).code).toBe(0)
    expect(await machines()).toEqual(['old'])
    expect(await json('session', 'list')).toMatchObject({ total: 2 })
    expect((await cli('db', 'check')).code).toBe(0)
  })
})
