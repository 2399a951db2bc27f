import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { claudeLog } from '../../../test/browser/claude-log.ts'
import type { CliResult } from '../../../test/run-cli.ts'
import { runCli } from '../../../test/run-cli.ts'

const first = '10000000-0000-4000-8000-000000000001'
const second = '20000000-0000-4000-8000-000000000002'
const logOf = (id: string): string =>
  claudeLog({
    id,
    cwd: '/home/ann/app',
    start: Date.UTC(2026, 6, 1),
    turns: [{ prompt: `prompt of ${id.slice(0, 2)}`, steps: [{ text: 'an answer' }] }],
  })

let cwd = ''
let folder = ''
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'agentsview-export-'))
  folder = join(cwd, 'logs/-home-ann-app')
  mkdirSync(folder, { recursive: true })
  for (const id of [first, second]) writeFileSync(join(folder, `${id}.jsonl`), logOf(id))
  writeFileSync(join(cwd, 'agentsview.toml'), `[local]\nmachine = "here"\nclaude = ["${cwd}/logs"]\ncodex = []\n`)
  expect((await cli('sync', '--local')).code).toBe(0)
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const cli = async (...argv: string[]): Promise<CliResult> =>
  await runCli(argv, { cwd, env: { AGENTSVIEW_DB_URL: `file:${cwd}/archive.db` } })
const read = (name: string): string => readFileSync(join(cwd, name), 'utf8')

describe('session export', () => {
  it('prints Markdown, or what is asked for', async () => {
    const { code, stdout } = await cli('session', 'export', '10000000')
    expect(code).toBe(0)
    expect(stdout).toContain('prompt of 10')
    expect(stdout).toMatch(/^# prompt of 10\n/)
    const json = JSON.parse((await cli('session', 'export', '10000000', '--json')).stdout) as object
    expect(json).toMatchObject({ kind: 'sessionExport', sessions: [{ messages: [{ text: 'prompt of 10' }, {}] }] })
    expect((await cli('session', 'export', '10000000', '--as', 'html')).stdout).toMatch(/^<!doctype html>/)
  })

  it("gives the object's own bytes as raw, as it is now", async () => {
    expect((await cli('session', 'export', '10000000', '--as', 'raw')).stdout).toBe(logOf(first))
    const grown = `${logOf(first)}{"type":"more"}\n`
    writeFileSync(join(folder, `${first}.jsonl`), grown)
    expect((await cli('session', 'export', '10000000', '--as', 'raw', '-o', 'a.log')).code).toBe(0)
    expect(read('a.log')).toBe(grown)
  })

  it('writes the form that the name of the file tells', async () => {
    const { code, stdout, stderr } = await cli('session', 'export', '10000000', '20000000', '-o', 'both.html')
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toContain('both.html')
    expect(read('both.html')).toMatch(/^<!doctype html>[^]*prompt of 10[^]*prompt of 20/)
    await cli('session', 'export', '10000000', '-o', 'own.jsonl')
    expect(read('own.jsonl')).toBe(logOf(first))
    await cli('session', 'export', '10000000', '-o', 'own.txt')
    expect(read('own.txt')).toMatch(/^# prompt of 10/)
  })

  it('gives each session a file of its own in a folder', async () => {
    const { code, stdout } = await cli('session', 'export', first, second, '--as', 'raw', '-o', 'out/', '--json')
    expect(code).toBe(0)
    const names = [`here~${first}.jsonl`, `here~${second}.jsonl`]
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'sessionExport',
      files: [
        { ids: [`here~${first}`], path: join(cwd, 'out', names[0] ?? ''), bytes: Buffer.byteLength(logOf(first)) },
        { ids: [`here~${second}`] },
      ],
    })
    expect(readdirSync(join(cwd, 'out')).toSorted()).toEqual(names)
  })

  it('leaves the file that is there when it fails, and nothing half', async () => {
    writeFileSync(join(cwd, 'a.jsonl'), 'old')
    rmSync(join(folder, `${first}.jsonl`))
    const { code, stderr } = await cli('session', 'export', first, '-o', 'a.jsonl')
    expect([code, stderr]).toEqual([4, expect.stringContaining('is not there any more')])
    expect(read('a.jsonl')).toBe('old')
    expect(readdirSync(cwd).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('refuses several logs in one, unknown ids, and files that cannot be', async () => {
    const both = await cli('session', 'export', first, second, '--as', 'raw')
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('-o FOLDER/')])
    expect((await cli('session', 'export', first, second, '--as', 'raw', '-o', 'x.jsonl')).code).toBe(2)
    expect((await cli('session', 'export', '99')).code).toBe(3)
    expect((await cli('session', 'export', first, '-o', 'no/such/folder.md')).code).toBe(2)
    expect((await cli('session', 'export', first, '--as', 'pdf')).code).toBe(2)
  })

  it('writes no log to a terminal that did not ask for it', async () => {
    const terminal = { cwd, env: { AGENTSVIEW_DB_URL: `file:${cwd}/archive.db` } }
    const isTTY = { stdin: false, stdout: true, stderr: false }
    const raw = ['session', 'export', first, '--as', 'raw']
    expect(await runCli(raw, { ...terminal, isTTY })).toMatchObject({ code: 2, stdout: '' })
    expect(await runCli([...raw, '-o', '-'], { ...terminal, isTTY })).toMatchObject({ code: 0, stdout: logOf(first) })
  })
})
