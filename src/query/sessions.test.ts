import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { noArchive } from './ask.ts'
import type { Filters } from './filters.ts'
import { checkNames, noFilters } from './filters.ts'
import { findSession } from './find-session.ts'
import { sessionDetail } from './session-detail.ts'
import type { SessionListOptions } from './sessions.ts'
import { listSessions } from './sessions.ts'
import type { TestArchive } from '../../test/filled-archive.ts'
import { makeTestArchive, noon } from '../../test/filled-archive.ts'
import { usageReport } from './usage-report.ts'

let test: TestArchive
beforeEach(async () => {
  test = await makeTestArchive()
})
afterEach(() => test.close())

const plain: SessionListOptions = {
  filters: noFilters,
  hasChildren: false,
  hasCopies: false,
  hasEmpty: false,
  limit: 50,
  cursor: null,
}
const list = async (options: Partial<SessionListOptions> = {}) =>
  await listSessions(test.archive.driver, { ...plain, ...options })
const ids = async (options: Partial<SessionListOptions> = {}) => (await list(options)).sessions.map(({ id }) => id)
const where = (filters: Partial<Filters>): Partial<SessionListOptions> => ({ filters: { ...noFilters, ...filters } })

describe('listSessions', () => {
  it('finds a session by any remote it stands in', async () => {
    await test.add({ nativeId: 's', remote: 'one', columns: { places: 2 } })
    await test.add({ nativeId: 's', remote: 'two', columns: { places: 2, lead: 0 }, object: { key: 'copy' } })
    await test.add({ nativeId: 's', machine: 'other', remote: 'three' })
    await test.add({ nativeId: 't', remote: 'one' })
    expect(await ids(where({ remotes: ['two'] }))).toEqual(['gpu~s'])
    expect(await ids(where({ remotes: ['tw*', 'four'] }))).toEqual(['gpu~s'])
    expect((await ids(where({ remotes: ['one'] }))).toSorted()).toEqual(['gpu~s', 'gpu~t'])
    expect(await ids(where({ remotes: ['three'] }))).toEqual(['other~s'])
  })

  it('shows a session with tokens, cost, source and the first prompt as its title', async () => {
    await test.add({
      nativeId: 's1',
      messages: [{ role: 'user', text: 'fix the bug' }, { columns: { model: 'opus' } }],
      usage: [
        { input: 10, output: 5, cache_read: 3, cache_write_5m: 1, cache_write_1h: 2, tokens_cost: 1_500_000_000 },
        { model: 'mystery', input: 1, tokens_cost: null, fee_cost: 10_000_000 },
        { input: 1000, counts: 0 },
      ],
      columns: { parent_id: 's0', relationship: 'continuation', bad_lines: 2 },
    })
    expect((await list()).sessions).toEqual([
      {
        id: 'gpu~s1',
        agent: 'claude',
        machine: 'gpu',
        remote: 'lab',
        project: 'app',
        title: 'fix the bug',
        startedAt: '2026-08-01T12:00:00.000Z',
        endedAt: '2026-08-01T12:01:00.000Z',
        messageCount: 2,
        userMessageCount: 1,
        models: ['mystery', 'opus'],
        inputTokens: 11,
        outputTokens: 5,
        cacheCreationTokens: 3,
        cacheReadTokens: 3,
        totalTokens: 22,
        costUSD: 1.51,
        costNanoUSD: 1_510_000_000,
        unpricedModels: ['mystery'],
        parentId: 'gpu~s0',
        relationship: 'continuation',
        branch: null,
        agentLabel: null,
        endState: null,
        source: 's3://team/gpu/raw/claude/p/s1.jsonl',
        sourceState: 'present',
        copies: 1,
        badLines: 2,
      },
    ])
  })

  it('says null for the cost of a session none of whose models has a price, and 0 without usage', async () => {
    await test.add({ nativeId: 'a', usage: [{ input: 5, tokens_cost: null, model: 'mystery' }] })
    await test.add({ nativeId: 'b' })
    expect((await list()).sessions.map(({ costUSD, costNanoUSD }) => [costUSD, costNanoUSD])).toEqual([
      [null, null],
      [0, 0],
    ])
  })

  it('leaves out subagents and silent sessions until asked', async () => {
    await test.add({ nativeId: 'talk' })
    await test.add({ nativeId: 'fork', columns: { relationship: 'fork', parent_id: 'talk' } })
    await test.add({ nativeId: 'sub', columns: { relationship: 'subagent', parent_id: 'talk' } })
    await test.add({ nativeId: 'empty', messages: [] })
    await test.add({ nativeId: 'probe', messages: [{ role: 'user', text: ' /usage\n' }, { text: 'none left' }] })
    await test.add({
      nativeId: 'command',
      messages: [
        { role: 'user', text: '/usage' },
        { role: 'user', text: '/clear' },
      ],
    })
    expect((await ids()).toSorted()).toEqual(['gpu~command', 'gpu~fork', 'gpu~talk'])
    expect(await ids({ hasChildren: true })).toContain('gpu~sub')
    expect(await ids({ hasEmpty: true })).toEqual(expect.arrayContaining(['gpu~empty', 'gpu~probe']))
    expect((await list({ hasEmpty: true, hasChildren: true })).total).toBe(6)
  })

  it('never shows rows that are being written or stand in a second place', async () => {
    await test.add({ nativeId: 'half', columns: { live: 0 } })
    await test.add({ nativeId: 'twice', columns: { places: 2 } })
    await test.add({ nativeId: 'twice', remote: 'other', columns: { lead: 0, places: 2 } })
    const { sessions } = await list()
    expect(sessions.map(({ id, copies }) => [id, copies])).toEqual([['gpu~twice', 2]])
  })

  it('shows copies on several machines as one entry, led by the longest that passes the filters', async () => {
    await test.add({ machine: 'a', nativeId: 's', size: 10, usage: [{ input: 1, tokens_cost: 100 }] })
    await test.add({
      machine: 'b',
      nativeId: 's',
      size: 30,
      columns: { places: 2 },
      usage: [{ input: 2, tokens_cost: 20 }],
    })
    await test.add({ machine: 'c', nativeId: 's', size: 30, usage: [] })
    const [entry, ...others] = (await list()).sessions
    expect(others).toEqual([])
    expect(entry).toMatchObject({ id: 'b~s', copies: 4, inputTokens: 3, costNanoUSD: 120 })
    expect(await ids({ hasCopies: true })).toEqual(['a~s', 'b~s', 'c~s'])
    const one = await list(where({ machines: ['a', 'c'] }))
    expect(one.sessions).toMatchObject([{ id: 'c~s', copies: 4, costNanoUSD: 100 }])
    expect(one.total).toBe(1)
  })

  it('adds up, with children, to what usage says', async () => {
    await test.add({ machine: 'a', nativeId: 's', size: 9, usage: [{ output: 7, tokens_cost: 11 }] })
    await test.add({ machine: 'b', nativeId: 's', size: 3, usage: [{ output: 1, tokens_cost: 2 }] })
    await test.add({
      machine: 'a',
      nativeId: 'k',
      columns: { relationship: 'subagent' },
      usage: [{ output: 5, tokens_cost: 3 }],
    })
    await test.add({ machine: 'a', nativeId: 'e', messages: [], usage: [{ output: 1, tokens_cost: 1 }] })
    const { sessions } = await list({ hasChildren: true, hasEmpty: true })
    const { totals } = await usageReport(test.archive.driver, {
      unit: 'day',
      filters: noFilters,
      by: [],
      timezone: 'UTC',
    })
    expect(sessions.reduce((sum, row) => sum + (row.costNanoUSD ?? 0), 0)).toBe(totals.totalCostNanoUSD)
    expect(sessions.reduce((sum, row) => sum + row.totalTokens, 0)).toBe(totals.totalTokens)
    expect(totals.totalCostNanoUSD).toBe(17)
  })

  it('goes on from a cursor without gaps or repeats, also among equal and missing times', async () => {
    for (const [at, nativeId] of ['d', 'a', 'c', 'b', 'e'].entries())
      await test.add({ nativeId, columns: { ended_at: at === 4 ? null : noon + (at % 2) } })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof list>> = await list({ limit: 2, cursor })
      expect(page.total).toBe(5)
      seen.push(...page.sessions.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(['gpu~a', 'gpu~b', 'gpu~c', 'gpu~d', 'gpu~e'])
    expect((await list({ limit: 0 })).sessions).toHaveLength(5)
    await expect(list({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'usage.cursor' })
  })

  it('filters by every attribute, and by being active in the window', async () => {
    await test.add({
      nativeId: 'a',
      machine: 'm1',
      remote: 'r1',
      columns: { project: 'web', branch: 'main' },
      usage: [{ model: 'opus-5' }],
    })
    await test.add({
      nativeId: 'b',
      machine: 'm2',
      remote: 'r2',
      agent: 'codex',
      messages: [{ role: 'user', text: 'x' }, { columns: { model: 'gpt' } }],
    })
    expect(await ids(where({ machines: ['m1'] }))).toEqual(['m1~a'])
    expect(await ids(where({ machines: ['m*'] }))).toHaveLength(2)
    expect(await ids(where({ remotes: ['r2', 'r9'] }))).toEqual(['m2~b'])
    expect(await ids(where({ projects: ['web'] }))).toEqual(['m1~a'])
    expect(await ids(where({ agents: ['codex'] }))).toEqual(['m2~b'])
    expect(await ids(where({ branches: ['main'] }))).toEqual(['m1~a'])
    expect(await ids(where({ models: ['opus-*'] }))).toEqual(['m1~a'])
    expect(await ids(where({ models: ['gpt'] }))).toEqual(['m2~b'])
    expect(await ids(where({ window: { from: noon + 60_000, before: null } }))).toHaveLength(2)
    expect(await ids(where({ window: { from: noon + 60_001, before: null } }))).toEqual([])
    expect(await ids(where({ window: { from: null, before: noon } }))).toEqual([])
    expect(await ids(where({ window: { from: null, before: noon + 1 } }))).toHaveLength(2)
  })

  it('takes every sign of a filter literally but the star', async () => {
    await test.add({ nativeId: 'a', columns: { project: "it's [x]?*" } })
    await test.add({ nativeId: 'b', columns: { project: 'its x' } })
    expect(await ids(where({ projects: ["it's [x]?*"] }))).toEqual(['gpu~a'])
    expect(await ids(where({ projects: ["' OR 1=1 --"] }))).toEqual([])
  })
})

describe('checkNames', () => {
  it('refuses a machine and a remote that nothing knows, and names those that are known', async () => {
    await test.add({ nativeId: 'a', machine: 'gpu-1', remote: 'lab' })
    const check = async (filters: Partial<Filters>, declared: readonly string[] = []) =>
      await checkNames(test.archive.driver, { ...noFilters, ...filters }, declared)
    await expect(check({ machines: ['gpu-2'] })).rejects.toMatchObject({
      code: 'not-found.machine',
      hint: 'Known: gpu-1.',
    })
    await expect(check({ remotes: ['labs'] }, ['new'])).rejects.toMatchObject({
      code: 'not-found.remote',
      hint: 'Known: lab, new.',
    })
    await check({ machines: ['gpu-1', 'gpu-*'], remotes: ['new'] }, ['new'])
    await checkNames(noArchive, { ...noFilters, machines: ['any'] }, [])
  })
})

describe('findSession', () => {
  beforeEach(async () => {
    await test.add({ nativeId: 'abc-1', machine: 'm1' })
    await test.add({ nativeId: 'abc-2', machine: 'm1' })
    await test.add({ nativeId: 'abc-1-fork', machine: 'm1' })
    await test.add({ nativeId: 'codex:99ff', machine: 'm2', agent: 'codex', size: 5 })
    await test.add({ nativeId: 'codex:99ff', machine: 'm3', agent: 'codex', size: 8 })
  })
  const find = async (id: string) => (await findSession(test.archive.driver, id)).id

  it.each([
    ['abc-1', 'm1~abc-1'],
    ['m1~abc-2', 'm1~abc-2'],
    ['abc-1-', 'm1~abc-1-fork'],
    ['codex:99', 'm3~codex:99ff'],
    ['99', 'm3~codex:99ff'],
    ['m2~99ff', 'm2~codex:99ff'],
    ['m2~codex:9', 'm2~codex:99ff'],
    ['m3', 'm3~codex:99ff'],
  ])('takes %s for %s', async (given, id) => {
    expect(await find(given)).toBe(id)
  })

  it('knows all copies when no machine is named, and only one when it is', async () => {
    expect((await findSession(test.archive.driver, '99ff')).rowIds).toHaveLength(2)
    expect((await findSession(test.archive.driver, 'm2~99ff')).rowIds).toHaveLength(1)
  })

  it('lists the candidates of an ambiguous prefix', async () => {
    await expect(find('abc')).rejects.toMatchObject({
      code: 'usage.ambiguous',
      message: expect.stringContaining('m1~abc-2'),
    })
  })

  it.each(['zzz', 'm1~99', '%', 'abc_1', 'codex:codex:'])('finds nothing for "%s"', async (given) => {
    await expect(find(given)).rejects.toMatchObject({ code: 'not-found.session' })
  })

  it('refuses an empty id', async () => {
    await expect(find(' ')).rejects.toMatchObject({ code: 'usage.id' })
  })
})

describe('the order by cost', () => {
  it('is that of what the entries cost', async () => {
    for (const [nativeId, cost] of [
      ['a', 5],
      ['b', 7],
      ['c', 6],
      ['d', 1],
    ] as const)
      await test.add({ nativeId, usage: [{ tokens_cost: cost }, { tokens_cost: 0 }] })
    expect(await ids({ sort: 'cost' })).toEqual(['gpu~b', 'gpu~c', 'gpu~a', 'gpu~d'])
  })
})

describe('a range of cost', () => {
  const dollar = 1_000_000_000
  beforeEach(async () => {
    await test.add({ nativeId: 'free', usage: [] })
    await test.add({ nativeId: 'cheap', usage: [{ tokens_cost: dollar / 2 }, { tokens_cost: null, model: 'new' }] })
    await test.add({ nativeId: 'one', usage: [{ tokens_cost: dollar - 10, fee_cost: 10 }] })
    await test.add({ nativeId: 'dear', usage: [{ tokens_cost: 3 * dollar, dedupe_key: 'd1' }] })
    await test.add({ nativeId: 'dear', machine: 'other', usage: [{ tokens_cost: 2 * dollar, dedupe_key: 'd2' }] })
    await test.add({ nativeId: 'unpriced', usage: [{ tokens_cost: null, model: 'new' }] })
  })
  const between = async (least: number | null, most: number | null, more: Partial<SessionListOptions> = {}) =>
    (await ids({ cost: { least, most }, ...more })).toSorted()

  it('holds its ends, and never what has no price', async () => {
    expect(await between(dollar, null)).toEqual(['gpu~dear', 'gpu~one'])
    expect(await between(null, dollar)).toEqual(['gpu~cheap', 'gpu~free', 'gpu~one'])
    expect(await between(dollar / 2, dollar - 1)).toEqual(['gpu~cheap'])
    expect(await between(0, 0)).toEqual(['gpu~free'])
    expect(await between(null, null)).toHaveLength(5)
  })

  it('is of what an entry shows: all copies together, or each by itself', async () => {
    expect(await between(4 * dollar, null)).toEqual(['gpu~dear'])
    expect(await between(4 * dollar, null, { hasCopies: true })).toEqual([])
    expect(await between(2 * dollar, null, { hasCopies: true })).toEqual(['gpu~dear', 'other~dear'])
    const { sessions, total } = await list({ cost: { least: 4 * dollar, most: null }, sort: 'cost' })
    expect([total, sessions[0]?.costUSD]).toEqual([1, 5])
  })

  it('goes on from page to page', async () => {
    const first = await list({ cost: { least: 0, most: null }, sort: 'cost', limit: 3 })
    const rest = await list({ cost: { least: 0, most: null }, sort: 'cost', limit: 3, cursor: first.nextCursor })
    expect([...first.sessions, ...rest.sessions].map(({ id }) => id)).toEqual([
      'gpu~dear',
      'gpu~one',
      'gpu~cheap',
      'gpu~free',
    ])
    expect(rest.total).toBe(4)
  })
})

describe('sessionDetail', () => {
  it('names every place and every child', async () => {
    await test.add({ nativeId: 's', columns: { places: 2, cwd: '/w/app', end_state: 'clean' } })
    await test.add({ nativeId: 's', remote: 'old', columns: { lead: 0, places: 2 }, object: { gone_at: noon } })
    await test.add({
      nativeId: 'kid',
      columns: { parent_id: 's', relationship: 'subagent', agent_label: 'Explore', first_prompt: null },
    })
    const detail = await sessionDetail(test.archive.driver, await findSession(test.archive.driver, 's'))
    expect(detail).toMatchObject({ cwd: '/w/app', endState: 'clean', isTruncated: false, copies: 2 })
    expect(detail?.places.map(({ remote, state, isLead }) => [remote, state, isLead])).toEqual([
      ['lab', 'present', true],
      ['old', 'gone', false],
    ])
    expect(detail?.children).toEqual([{ id: 'gpu~kid', relationship: 'subagent', title: 'Explore' }])
  })
})
