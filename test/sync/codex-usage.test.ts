import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { noFilters, findSession, sessionUsage, usageReport } from '../../src/query/index.ts'
import type { UsageReport } from '../../src/query/index.ts'
import { event, item, line, meta, said, tokenCount, turn, usageRecord } from '../agents/codex-log.ts'
import type { SyncedArchive, TestSource } from './synced-archive.ts'
import { makeArchive, makeSource } from './synced-archive.ts'

const parent = '019c0000-0000-7000-8000-00000000000a'
const child = '019c0000-1000-7000-8000-00000000000b'
const other = '019c0000-2000-7000-8000-00000000000c'
/** Version 7 UUIDs of moments: of the parent, after the child began, after the other child began. */
const [t1, t2] = ['019c0000-0001-7000-8000-0000000000f1', '019c0000-0002-7000-8000-0000000000f2']
const [t3, t4] = ['019c0000-1001-7000-8000-0000000000f3', '019c0000-2001-7000-8000-0000000000f4']
const model = 'gpt-5.5'

const log = (...lines: readonly string[]): string => lines.map((text) => `${text}\n`).join('')
const keyOf = (thread: string, machine = 'laptop', ending = '.jsonl'): string =>
  `${machine}/raw/codex/sessions/2026/03/04/rollout-2026-03-04T05-06-07-${thread}${ending}`
const later = (text: string): string => text.replaceAll('2026-03-04T05:', '2026-03-06T09:')

const history = [
  turn(t1, model),
  said('user', 'one'),
  said('assistant', 'first'),
  tokenCount([1e3, 0, 100], [1e3, 0, 100], 1),
  turn(t2, model),
  said('user', 'two'),
  said('assistant', 'second'),
  tokenCount([3e3, 500, 300], null, 2),
]
const fork = (id: string, ownTurn: string, lines: readonly string[] = history): string =>
  later(
    log(
      meta({ forked_from_id: parent }, id),
      meta({}, parent),
      ...lines,
      turn(ownTurn, model),
      said('user', `own ${id}`),
      tokenCount([7000, 2000, 300 + Number(ownTurn.at(-1))], null, 3),
    ),
  )
/** A log of one response (1,000 input, 100 output) as `zstd -19` 1.5 packed it. */
const zstd =
  'KLUv/QRo7QcAkg4sGWDXA4OaqkeMge3ZxEKC4Nfi0KUYkABQOCJA13WdO/E8RpVWi+Vb/fJl+3l8Xppy9nN3AjbO1630I4mvSMlsLVRpvX6yEa5iro/9' +
  'gghIkG/UsKl/bEVARNY+Vztjta4MdF3D/mldFvdrFxhGsB6LlLpXBls1ZEM2fVECnwzhDfuhzcF+pKU2efu1zF/FainGjxv23y33a8fdBcVh4hDx5vDA' +
  '8CApvGjYt5IZf0VzcwEgIKAkEDt6cgGgw+FwlyC7wslF1Eir/9GgI64bhmHnFQEcymd3jUhWgdYnt05oAqCckhHEAFsFBj5ZKdqBG2pmw3sZAyawPQoA' +
  'Z5h4Vvk='
const parentLog = log(meta({}, parent), ...history)

let archive: SyncedArchive
let source: TestSource
beforeEach(async () => {
  archive = await makeArchive()
  source = makeSource()
})
afterEach(() => archive.close())

const report = async (from: SyncedArchive = archive): Promise<UsageReport> =>
  await usageReport(from.archive.driver, { unit: 'day', filters: noFilters, by: ['machine'], timezone: 'UTC' })
const put = async (objects: Readonly<Record<string, string | Uint8Array>>): Promise<void> => {
  for (const [key, bytes] of Object.entries(objects)) source.bucket.put(key, bytes)
  const { remotes } = await archive.sync([source])
  expect(remotes.map(({ error }) => error)).toEqual([null])
}
const ownOf = async (id: string): Promise<number> => {
  const { driver } = archive.archive
  return (await sessionUsage(driver, await findSession(driver, id), true)).totalTokens
}
const titles = async (): Promise<readonly (readonly [string, string])[]> =>
  (await archive.archive.driver.all({ sql: 'SELECT native_id, title FROM sessions WHERE live = 1', args: [] })).map(
    ([id, title]) => [String(id).slice(-12), String(title)],
  )

/** What an archive tells after these objects came one by one in this order. */
async function inOrder(objects: Readonly<Record<string, string>>, order: readonly string[]): Promise<unknown> {
  const fresh = await makeArchive()
  try {
    const bucket = makeSource()
    for (const key of order) {
      bucket.bucket.put(key, objects[key] ?? '')
      await fresh.sync([bucket])
    }
    const { sessions, messages, usage } = await fresh.dump()
    return { sessions, messages, usage, report: await report(fresh) }
  } finally {
    fresh.close()
  }
}

async function sameInAnyOrder(objects: Readonly<Record<string, string>>): Promise<void> {
  const keys = Object.keys(objects)
  const expected = await inOrder(objects, keys)
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(keys, { minLength: keys.length }), async (order) => {
      expect(await inOrder(objects, order)).toEqual(expected)
    }),
    { numRuns: 8 },
  )
}

describe('a rollout in several places', () => {
  it('costs once on two machines, and is a session on each', async () => {
    await put({ [keyOf(parent)]: parentLog, [keyOf(parent, 'spare')]: parentLog })
    const { totals } = await report()
    expect(totals).toMatchObject({ inputTokens: 2500, cacheReadTokens: 500, outputTokens: 300 })
    expect(totals.groups?.map((group) => group.machine)).toEqual(['laptop'])
    expect([await ownOf(`laptop~codex:${parent}`), await ownOf(`spare~codex:${parent}`)]).toEqual([3300, 0])
  })

  it('is one session when it is dated, archived and packed (case 45), led by the dated plain one', async () => {
    const archived = keyOf(parent).replace(/sessions\/.*\//, 'archived_sessions/')
    const shorter = log(meta({}, parent), ...history.slice(0, 4))
    await put({ [archived]: parentLog, [`${keyOf(parent)}.gz`]: gzipSync(parentLog), [keyOf(parent)]: shorter })
    const rows = await archive.archive.driver.all({
      sql: 'SELECT o.key, s.lead, s.places FROM sessions s JOIN objects o ON o.id = s.object_id ORDER BY s.lead DESC',
      args: [],
    })
    expect(rows[0]).toEqual([keyOf(parent), 1, 3])
    expect(rows.slice(1).map((row) => row[1])).toEqual([0, 0])
    expect((await report()).totals.totalTokens).toBe(3300)
  })

  it('costs each count where nothing names its thread: what has no key is never the same', async () => {
    const nameless = log(tokenCount([10, 0, 1], null), tokenCount([30, 0, 3], null))
    await put({ 'laptop/raw/codex/sessions/rollout-mine.jsonl': nameless })
    expect((await report()).totals.totalTokens).toBe(33)
  })

  it('is read packed alone, and again when it is packed anew with more lines', async () => {
    await put({ [keyOf(parent, 'laptop', '.jsonl.gz')]: gzipSync(log(meta({}, parent), ...history.slice(0, 4))) })
    expect((await report()).totals.totalTokens).toBe(1100)
    await put({
      [keyOf(parent, 'laptop', '.jsonl.gz')]: Buffer.concat([
        gzipSync(parentLog),
        gzipSync(log(said('user', 'three'))),
      ]),
    })
    expect((await report()).totals.totalTokens).toBe(3300)
    expect((await archive.dump()).messages.length).toBe(5)
  })

  it('is read from what the program zstd made of it', async () => {
    await put({ [keyOf(parent, 'laptop', '.jsonl.zst')]: Buffer.from(zstd, 'base64') })
    expect((await report()).totals).toMatchObject({ inputTokens: 1000, outputTokens: 100 })
  })

  it('stays as it was when a damaged upload takes its place, which is said and tried again', async () => {
    const key = keyOf(parent, 'laptop', '.jsonl.zst')
    const whole = Buffer.from(zstd, 'base64')
    await put({ [key]: whole })
    const before = (await archive.dump()).usage
    source.bucket.put(key, whole.subarray(0, 200))
    source.bucket.put(keyOf(child), fork(child, t3))
    const { ok, remotes } = await archive.sync([source])
    expect({ ok, failed: remotes[0]?.failures.map(({ key: failed, error }) => [failed, error.code]) }).toEqual({
      ok: false,
      failed: [[key, 'remote.refused.damaged']],
    })
    expect((await archive.dump()).usage).toEqual(expect.arrayContaining([...before]))
    expect(await ownOf(child)).toBeGreaterThan(4000)
    await put({ [key]: Buffer.concat([whole, whole]) })
    expect((await archive.dump()).objects.filter((row) => row.includes('damaged'))).toEqual([])
  })
})

describe('a fork (case 39)', () => {
  const objects = { [keyOf(parent)]: parentLog, [keyOf(child)]: fork(child, t3), [keyOf(other)]: fork(other, t4) }

  it('is charged for what follows the copy alone, beside its parent', async () => {
    await put(objects)
    expect(await ownOf(parent)).toBe(3300)
    expect(await ownOf(child)).toBe(4003)
    const { periods } = await report()
    expect(periods.map(({ period, totalTokens }) => [period, totalTokens])).toEqual([
      ['2026-03-04', 3300],
      ['2026-03-06', (await ownOf(child)) + (await ownOf(other))],
    ])
  })

  it('is charged for the copy while the parent is missing, but two forks not twice', async () => {
    await put({ [keyOf(child)]: fork(child, t3) })
    const alone = (await report()).totals.totalTokens
    await put({ [keyOf(other)]: fork(other, t4) })
    const both = (await report()).totals.totalTokens
    await put({ [keyOf(parent)]: parentLog })
    expect((await report()).totals.totalTokens).toBe(both)
    expect(alone).toBe(3300 + (await ownOf(child)))
    expect(both).toBe(alone + (await ownOf(other)))
  })

  it('ends the same in any order of arrival', async () => {
    await sameInAnyOrder(objects)
    await sameInAnyOrder({
      [keyOf(parent, 'desk')]: parentLog,
      [keyOf(child)]: fork(child, t3),
      [keyOf(other)]: fork(other, t4),
    })
  })

  it('leaves day and machine of a copied response to the parent, also from another machine', async () => {
    await put({ [keyOf(child)]: fork(child, t3) })
    await put({ [keyOf(parent, 'desk')]: parentLog })
    const { periods, totals } = await report()
    expect(periods.map(({ period }) => period)).toEqual(['2026-03-04', '2026-03-06'])
    expect(periods[0]?.totalTokens).toBe(3300)
    expect(totals.groups?.find((group) => group.machine === 'desk')?.totalTokens).toBe(3300)
  })

  it.each(['', '1'])('without turn ids of its own (%j) is shown whole and charged once', async (id) => {
    const nameless = (lines: readonly string[]): readonly string[] =>
      lines.map((text) => text.replaceAll(/019c0000-\w{4}-7000-8000-0000000000f\d/g, id))
    const forked = nameless(fork(child, t3).trimEnd().split('\n'))
    const named = { [keyOf(parent)]: log(...nameless(parentLog.trimEnd().split('\n'))), [keyOf(child)]: log(...forked) }
    await put(named)
    const { periods } = await report()
    expect(periods.map(({ period, totalTokens }) => [period, totalTokens > 3300])).toEqual([
      ['2026-03-04', false],
      ['2026-03-06', true],
    ])
    const shown = await archive.archive.driver.all({
      sql: `SELECT text FROM messages WHERE hidden = 0 AND text = 'one'`,
      args: [],
    })
    expect(shown.length).toBe(2)
    await sameInAnyOrder(named)
  })
})

describe('subagents (case 40)', () => {
  const spawned = { subagent: { thread_spawn: { parent_thread_id: parent, agent_path: '/root/finder' } } }
  const own = [turn(t3, model), said('user', 'find'), tokenCount([400, 0, 40], null, 4)]

  it('are charged for all they did, where nothing is copied', async () => {
    await put({ [keyOf(parent)]: parentLog, [keyOf(child)]: log(meta({ source: spawned }, child), ...own) })
    expect((await report()).totals.totalTokens).toBe(3300 + 440)
    const { driver } = archive.archive
    expect((await sessionUsage(driver, await findSession(driver, parent), false)).totalTokens).toBe(3740)
  })

  it('are not charged for copied lines, with or without the parent’s meta line', async () => {
    // A thread of its own begins its total anew.
    const copied = history.slice(0, 4)
    await put({
      [keyOf(parent)]: parentLog,
      [keyOf(child)]: log(meta({ source: spawned }, child), meta({}, parent), ...copied, ...own),
      [keyOf(other)]: log(
        meta({ source: spawned }, other),
        ...copied,
        turn(t4, model),
        tokenCount([500, 0, 50], null, 9),
      ),
    })
    expect((await report()).totals.totalTokens).toBe(3300 + 440 + 550)
  })

  it('are not charged for copied lines either where their turns have names that are no ids', async () => {
    const named = (...lines: readonly string[]): string =>
      [t1, t2, t3].reduce((text, id, at) => text.replaceAll(id, `turn-${'abc'.charAt(at)}`), log(...lines))
    await put({
      [keyOf(child)]: named(meta({ source: spawned }, child), meta({}, parent), ...history.slice(0, 4), ...own),
    })
    expect((await report()).totals.totalTokens).toBe(1100 + 440)
    await put({ [keyOf(parent)]: named(meta({}, parent), ...history) })
    expect((await report()).totals.totalTokens).toBe(3300 + 440)
  })

  it('are called by the end of their path when nothing else names them', async () => {
    await put({ [keyOf(child)]: log(meta({ source: spawned }, child), turn(t3, model)) })
    expect(await titles()).toEqual([['00000000000b', 'finder']])
  })
})

describe('usage records (case 46)', () => {
  it('count compactions, and each response once', async () => {
    const turnOf = { thread_id: parent, turn_id: t1 }
    await put({
      [keyOf(parent)]: log(
        meta({}, parent),
        turn(t1, model),
        said('user', 'go'),
        tokenCount([1000, 0, 100], null, 1),
        usageRecord('r1', [1000, 0, 100], turnOf),
        usageRecord('compaction', [900, 0, 50], turnOf),
        line('compacted', { message: 'so far', latest_token_usage_record: { usage: { input_tokens: 900 } } }),
      ),
    })
    expect((await report()).totals.totalTokens).toBe(1100 + 950)
  })
})

describe('money', () => {
  const withTier = (tier: string): string => line('turn_context', { turn_id: t1, model, service_tier: tier })
  const costOf = async (...lines: readonly string[]): Promise<number | null> => {
    await put({ [keyOf(parent)]: log(meta({}, parent), ...lines) })
    return (await report()).totals.totalCostNanoUSD
  }

  it.each([
    ['standard', 1],
    ['fast', 2.5],
    ['priority', 2.5],
    ['flex', 1],
  ])('of the tier %s is %d times the listed', async (tier, times) => {
    // $5 and $30 a million.
    expect(await costOf(withTier(tier), tokenCount([1000, 0, 100], null))).toBe((5_000_000 + 3_000_000) * times)
  })

  it('of a request is by its own context: 272,000 tokens are below the band, one more is in it (case 47)', async () => {
    const [below, above] = [272_000, 272_001]
    const total = below + above
    const cost = await costOf(turn(t1, model), tokenCount([below, 0, 10], null), tokenCount([total, 0, 20], null))
    expect(cost).toBe(below * 5000 + 10 * 30_000 + (above * 10_000 + 10 * 45_000))
  })

  it('is none for a model that is not listed, and for no model (cases 38 and 48)', async () => {
    expect(
      await costOf(tokenCount([10, 0, 1], null), turn(t1, 'gpt-5.5-codex'), tokenCount([20, 0, 2], null)),
    ).toBeNull()
    expect((await report()).totals).toMatchObject({ totalTokens: 22, unpricedModels: ['gpt-5.5-codex', 'unknown'] })
  })

  it('of web searches is charged without a price for the model: by day, not for the session (case 49)', async () => {
    const usage = { input_tokens: 5, output_tokens: 2, server_tool_use: { web_search_requests: 2 } }
    const message = {
      id: 'm1',
      role: 'assistant',
      model: 'claude-made-up',
      content: [{ type: 'text', text: 'x' }],
      usage,
    }
    const answer = { type: 'assistant', uuid: 'a1', requestId: 'r1', timestamp: '2026-03-04T05:06:07Z', message }
    await put({ 'laptop/raw/claude/projects/-w-app/s1.jsonl': log(JSON.stringify(answer)) })
    expect((await report()).periods).toMatchObject([{ totalCost: 0.02, unpricedModels: ['claude-made-up'] }])
    const { driver } = archive.archive
    expect(await sessionUsage(driver, await findSession(driver, 's1'), false)).toMatchObject({
      costUSD: null,
      unpricedModels: ['claude-made-up'],
    })
  })
})

describe('titles (case 44)', () => {
  const index = 'laptop/raw/codex/session_index.jsonl'
  const named = (...names: readonly (string | null)[]): string =>
    log(...names.map((thread_name) => JSON.stringify({ id: parent, thread_name, updated_at: '2026-03-04T05:06:07Z' })))

  it('come and change with the index alone: the rollout is not read again', async () => {
    await put({ [keyOf(parent)]: parentLog, [index]: named('A') })
    expect(await titles()).toEqual([['00000000000a', 'A']])
    await put({ [index]: named('A', 'B') })
    expect(await titles()).toEqual([['00000000000a', 'B']])
    expect(source.bucket.tally.get).toBe(1)
    await put({ [index]: named('A', 'B', ' ') })
    expect(await titles()).toEqual([['00000000000a', 'null']])
  })

  it('are the same whether the index or the rollout comes first, and are each machine’s own', async () => {
    await put({ [index]: named('A'), [keyOf(other, 'spare')]: log(meta({}, other)) })
    await put({ [keyOf(parent)]: parentLog, [keyOf(parent, 'spare')]: parentLog })
    expect((await titles()).map((pair) => pair.join(' ')).toSorted()).toEqual([
      '00000000000a A',
      '00000000000a null',
      '00000000000c null',
    ])
  })

  it('are left alone by an index that does not name the session', async () => {
    await put({ [keyOf(parent)]: log(meta({}, parent), event('thread_name_updated', { thread_name: 'own' })) })
    await put({ [index]: log(JSON.stringify({ id: other, thread_name: 'B' })) })
    expect(await titles()).toEqual([['00000000000a', 'own']])
  })
})

describe('an object that grows', () => {
  it('keeps every response, wherever it was cut', async () => {
    const whole =
      fork(child, t3) +
      log(item({ type: 'function_call', name: 'shell', call_id: 'c', arguments: '{}' }), event('task_complete'))
    await put({ [keyOf(parent)]: parentLog })
    for (let at = 100; at < whole.length; at += 397) await put({ [keyOf(child)]: whole.slice(0, at) })
    await put({ [keyOf(child)]: whole })
    const { sessions, messages, usage } = await archive.dump()
    const fresh = await makeArchive()
    await fresh.sync([source])
    expect({ sessions, messages, usage }).toEqual(
      (({ sessions: s, messages: m, usage: u }) => ({ sessions: s, messages: m, usage: u }))(await fresh.dump()),
    )
    fresh.close()
  })
})
