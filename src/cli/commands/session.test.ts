import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { TestArchive } from '../../../test/filled-archive.ts'
import { makeTestArchive, noon } from '../../../test/filled-archive.ts'
import type { CliResult } from '../../../test/run-cli.ts'
import { runCli } from '../../../test/run-cli.ts'

let test: TestArchive
let cwd: string
beforeEach(async () => {
  test = await makeTestArchive()
  cwd = mkdtempSync(join(tmpdir(), 'agentsview-cli-'))
})
afterEach(() => {
  test.close()
  rmSync(cwd, { recursive: true, force: true })
})

const cli = async (...argv: string[]): Promise<CliResult> =>
  await runCli([...argv, '--timezone', 'UTC'], { cwd, env: { AGENTSVIEW_DB_URL: test.url } })
const json = async (...argv: string[]) => {
  const { code, stdout } = await cli(...argv, '--json')
  expect(code).toBe(0)
  return JSON.parse(stdout) as Record<string, unknown>
}

describe('session list', () => {
  it('prints one JSON object with total and cursor', async () => {
    for (const nativeId of ['a', 'b', 'c']) await test.add({ nativeId })
    const first = await json('session', 'list', '--limit', '2')
    expect(first).toMatchObject({
      schemaVersion: 1,
      kind: 'sessionList',
      total: 3,
      sessions: [{ id: 'gpu~a' }, { id: 'gpu~b' }],
    })
    const second = await json('session', 'list', '--limit', '2', '--cursor', String(first['nextCursor']))
    expect(second).toMatchObject({ sessions: [{ id: 'gpu~c' }], nextCursor: null })
  })

  it('prints a table of ids that can be typed again', async () => {
    await test.add({ nativeId: '11111111-aaaa', usage: [{ input: 12_345, tokens_cost: 1_234_000_000 }] })
    await test.add({ nativeId: '11111111-aaaa-fork', columns: { relationship: 'fork', parent_id: '11111111-aaaa' } })
    const { stdout, code } = await cli('session', 'list')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^LAST +ID +MACHINE/)
    expect(stdout).toContain('12.3k')
    expect(stdout).toContain('$1.23')
    for (const id of stdout.match(/11111111[-\w]*/g) ?? []) expect((await cli('session', 'show', id)).code).toBe(0)
  })

  it('takes a range of cost, in dollars', async () => {
    await test.add({ nativeId: 'a', usage: [{ tokens_cost: 500_000_000 }] })
    await test.add({ nativeId: 'b', usage: [{ tokens_cost: 1_500_000_000 }] })
    expect(await json('session', 'list', '--cost-min', '1')).toMatchObject({ total: 1, sessions: [{ id: 'gpu~b' }] })
    expect(await json('session', 'list', '--cost-max', '0.5')).toMatchObject({ sessions: [{ id: 'gpu~a' }] })
    for (const wrong of ['-1', 'much']) expect((await cli('session', 'list', `--cost-min=${wrong}`)).code).toBe(2)
  })

  it('takes filters that repeat and hold commas, and dates of the zone', async () => {
    await test.add({ nativeId: 'a', machine: 'm1' })
    await test.add({ nativeId: 'b', machine: 'm2' })
    await test.add({ nativeId: 'c', machine: 'm3', columns: { started_at: noon - 9e8, ended_at: noon - 9e8 } })
    expect(await json('session', 'list', '--machine', 'm1,m2', '--machine', 'm3')).toMatchObject({ total: 3 })
    expect(await json('session', 'list', '--since', 'today')).toMatchObject({ total: 2 })
    expect(await json('session', 'list', '--until', '2026-07-31')).toMatchObject({ total: 1 })
  })

  it('ends with 3 for an unknown machine and names those that are known', async () => {
    await test.add({ nativeId: 'a', machine: 'gpu-1' })
    const { code, stdout, stderr } = await cli('session', 'list', '--machine', 'gpu-9', '--json')
    expect([code, stdout]).toEqual([3, ''])
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not-found.machine', hint: 'Known: gpu-1.' } })
  })

  it('says what to do while nothing is in the archive, and makes none', async () => {
    const nowhere = `file:${join(cwd, 'none.db')}`
    const run = async (...argv: string[]) => await runCli([...argv, '--db', nowhere], { cwd })
    for (const command of [
      ['session', 'list'],
      ['search', 'x'],
      ['usage', 'daily'],
      ['usage', 'session'],
      ['machines', 'list'],
    ]) {
      const plain = await run(...command)
      expect([plain.code, plain.stdout]).toEqual([0, ''])
      expect(plain.stderr).toContain('agentsview sync')
      const asJson = await run(...command, '--json')
      expect(asJson.code).toBe(0)
      expect(JSON.parse(asJson.stdout)).toHaveProperty('schemaVersion', 1)
    }
    expect((await run('session', 'show', 'x')).code).toBe(3)
    expect(existsSync(join(cwd, 'none.db'))).toBe(false)
  })
})

describe('session show, messages and usage', () => {
  it('lists the candidates of an ambiguous id and ends with 2', async () => {
    await test.add({ nativeId: 'abc1' })
    await test.add({ nativeId: 'abc2' })
    const { code, stderr } = await cli('session', 'messages', 'abc')
    expect(code).toBe(2)
    expect(stderr).toContain('gpu~abc1')
    expect(stderr).toContain('gpu~abc2')
  })

  it('lets no escape sequence of a transcript reach the terminal', async () => {
    const evil = '\u001B]0;owned\u0007\u009B31m\u202Egpj.exe'
    await test.add({
      nativeId: 's',
      columns: { title: `t ${evil}`, project: evil },
      messages: [{ role: 'user', text: `needle ${evil}\nsecond`, thinking: evil }],
    })
    const commands = [
      ['session', 'list'],
      ['session', 'show', 's'],
      ['session', 'messages', 's', '--full'],
      ['search', 'needle'],
      ['session', 'list', '--all', '--fields', 'id,title'],
    ]
    for (const command of commands) {
      for (const format of ['table', 'json', 'ndjson', 'csv', 'tsv', 'md']) {
        const { stdout, code } = await cli(...command, '--format', format)
        expect(code).toBe(0)
        // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
        expect(stdout, `${command.join(' ')} ${format}`).not.toMatch(/[\u001B\u0007\u009B\u202E]/)
      }
    }
  })

  it('reads like a conversation, with results folded until asked for', async () => {
    const { sessionId } = await test.add({
      nativeId: 's',
      messages: [{ role: 'user', text: 'run it' }, { text: 'done' }],
    })
    await test.insert('tool_calls', {
      session_id: sessionId,
      offset: 100,
      name: 'Bash',
      call_id: 't',
      input: '{"command":"make test"}',
    })
    const result = Array.from({ length: 10 }, (_, at) => `line ${at}`).join('\n')
    await test.insert('tool_results', { session_id: sessionId, offset: 200, call_id: 't', text: result })
    const folded = await cli('session', 'messages', 's')
    expect(folded.stdout).toContain('#0 user  2026-08-01 12:00')
    expect(folded.stdout).toContain('> Bash make test')
    expect(folded.stdout).toContain('… 7 more lines')
    expect((await cli('session', 'messages', 's', '--full')).stdout).toContain('line 9')
    expect(await json('session', 'messages', 's')).toMatchObject({
      kind: 'sessionMessages',
      total: 2,
      messages: [
        { ordinal: 0 },
        { ordinal: 1, toolCalls: [{ id: 't', name: 'Bash', input: '{"command":"make test"}', isError: false }] },
      ],
    })
  })

  it('rolls subagents up, or not', async () => {
    await test.add({ nativeId: 's', usage: [{ input: 1, tokens_cost: 1_000_000_000 }] })
    await test.add({
      nativeId: 'kid',
      columns: { parent_id: 's', relationship: 'subagent' },
      usage: [{ tokens_cost: 500_000_000 }],
    })
    expect(await json('session', 'usage', 's')).toMatchObject({
      kind: 'sessionUsage',
      costUSD: 1.5,
      costNanoUSD: 1_500_000_000,
    })
    expect(await json('session', 'usage', 's', '--own-only')).toMatchObject({ costUSD: 1 })
    expect((await cli('session', 'usage', 's')).stdout).toMatch(/Total.*\$1\.50/)
    expect(await json('session', 'show', 's')).toMatchObject({
      kind: 'session',
      session: { id: 'gpu~s', children: [{ id: 'gpu~kid' }] },
    })
  })
})

describe('usage', () => {
  beforeEach(async () => {
    await test.add({ machine: 'a', nativeId: 's', usage: [{ input: 1000, tokens_cost: 2_500_000_000 }] })
    await test.add({
      machine: 'b',
      nativeId: 't',
      usage: [{ input: 1, at: noon - 86_400_000, tokens_cost: null, model: 'new' }],
    })
  })

  it('keeps the keys that scripts read', async () => {
    expect(await json('usage', 'daily', '--by', 'machine')).toMatchObject({
      kind: 'usageDaily',
      daily: [
        { period: '2026-07-31', totalCost: null, unpricedModels: ['new'] },
        {
          period: '2026-08-01',
          inputTokens: 1000,
          totalCost: 2.5,
          modelsUsed: ['opus'],
          modelBreakdowns: [{ modelName: 'opus', cost: 2.5 }],
          groups: [{ machine: 'a', totalCost: 2.5 }],
        },
      ],
      totals: { totalTokens: 1001, totalCost: 2.5, totalCostNanoUSD: 2_500_000_000, unpricedModels: ['new'] },
    })
    expect(await json('usage', 'weekly')).toMatchObject({ weekly: [{ period: '2026-07-27', inputTokens: 1001 }] })
    expect(await json('usage', 'monthly')).toMatchObject({ monthly: [{ period: '2026-07' }, { period: '2026-08' }] })
    expect(await json('usage', 'session')).toMatchObject({
      sessions: [{ sessionId: 'a~s', totalCost: 2.5 }, { sessionId: 'b~t' }],
    })
  })

  it('shows all spans and sessions unless --limit says how many, and totals of all', async () => {
    expect(await json('usage', 'daily', '--limit', '1')).toMatchObject({
      daily: [{ period: '2026-08-01' }],
      total: 2,
      totals: { totalTokens: 1001 },
    })
    const { stdout, stderr } = await cli('usage', 'daily', '--limit', '1')
    expect(stdout).not.toContain('2026-07-31')
    expect(stdout).toMatch(/^Total +1,001/m)
    expect(stderr).toContain('The latest 1 of 2; the totals are of all.')
    for (let at = 0; at < 60; at += 1) await test.add({ nativeId: `n${at}`, usage: [{ input: 1, tokens_cost: 1 }] })
    const all = (await json('usage', 'session')) as { sessions: unknown[]; nextCursor: string | null }
    expect([all.sessions.length, all.nextCursor]).toEqual([62, null])
    const some = (await json('usage', 'session', '--limit', '3')) as { sessions: unknown[]; total: number }
    expect([some.sessions.length, some.total]).toEqual([3, 62])
  })

  it('ends its table with the totals, the zone and the models without a price', async () => {
    const { stdout, stderr } = await cli('usage', 'daily')
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^Total +1,001 +0 +0 +0 +1,001 +\$2\.50$/)
    expect(stderr).toContain('Days of UTC.')
    expect(stderr).toContain('No price is known for new')
  })

  it('refuses to split by what is no dimension', async () => {
    expect((await cli('usage', 'daily', '--by', 'colour')).code).toBe(2)
  })
})

describe('search and machines', () => {
  it('print the shapes of the contract', async () => {
    await test.add({ nativeId: 's', messages: [{ role: 'user', text: 'where is the needle' }] })
    expect(await json('search', 'the', 'needle')).toMatchObject({
      kind: 'searchHits',
      hits: [
        {
          sessionId: 'gpu~s',
          ordinal: 0,
          machine: 'gpu',
          project: 'app',
          field: 'text',
          snippet: 'where is the needle',
          matches: [
            [9, 12],
            [13, 19],
          ],
        },
      ],
      total: 1,
      nextCursor: null,
    })
    expect(await json('machines', 'list')).toMatchObject({
      kind: 'machineList',
      machines: [{ name: 'gpu', remotes: ['lab'], sessions: 1, stale: false, cost30dUSD: 0 }],
    })
    expect((await cli('machines', 'list')).stdout).toMatch(/^MACHINE.*\ngpu /)
  })
})
