import { describe, expect, it } from 'vitest'
import {
  line,
  linesOf,
  meta,
  ownThread,
  parentThread,
  read,
  readLog,
  rolloutPath,
  tokenCount,
  turn,
  usageRecord,
} from '../../../test/agents/codex-log.ts'

const counts = (log: readonly string[]): readonly (readonly number[])[] =>
  read([meta(), turn('t1'), ...log]).usage.map((row) => [row.input, row.cacheRead, row.output])

describe('token counts', () => {
  it('are disjoint: cached input is inside the input, reasoning inside the output', () => {
    const [row] = read([meta(), turn('t1'), tokenCount([900, 600, 50, 20], [900, 600, 50, 20])]).usage
    expect(row).toMatchObject({
      input: 300,
      cacheRead: 600,
      output: 50,
      reasoning: 20,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
    })
  })

  it('take cache writes out of the input as well', () => {
    const usage = { input_tokens: 900, cached_input_tokens: 600, cache_write_input_tokens: 400, output_tokens: 5 }
    const log = line('event_msg', { type: 'token_count', info: { last_token_usage: usage } })
    expect(read([meta(), log]).usage).toMatchObject([{ input: 0, cacheRead: 600, cacheWrite5m: 300, output: 5 }])
  })

  it('hold no more of a part than of the whole', () => {
    expect(read([meta(), tokenCount([100, 150, 10, 30], null)]).usage).toMatchObject([
      { input: 0, cacheRead: 100, output: 10, reasoning: 10 },
    ])
  })

  it('are ignored without numbers', () => {
    const limits = line('event_msg', { type: 'token_count', info: null, rate_limits: {} })
    expect(counts([limits, tokenCount([0, 0, 0], [0, 0, 0])])).toEqual([])
  })

  it('count once when the same total is told again, at another time', () => {
    expect(counts([tokenCount([9, 0, 1], [9, 0, 1]), tokenCount([9, 0, 1], [9, 0, 1], 5)])).toEqual([[9, 0, 1]])
  })

  it('count twice when two responses in a row took the same', () => {
    expect(counts([tokenCount([9, 0, 1], [9, 0, 1]), tokenCount([18, 0, 2], [9, 0, 1])])).toEqual([
      [9, 0, 1],
      [9, 0, 1],
    ])
  })

  it('are what the total grew by, also where a count is missing', () => {
    expect(counts([tokenCount([100, 40, 10], null), tokenCount([400, 140, 30], [50, 0, 5])])).toEqual([
      [60, 40, 10],
      [200, 100, 20],
    ])
  })

  it('are those of the last response where the log starts with a total of earlier ones', () => {
    expect(counts([tokenCount([5000, 4000, 900], [100, 0, 10])])).toEqual([[100, 0, 10]])
  })

  it('go on after the total began anew', () => {
    const log = [
      tokenCount([500, 0, 50], null),
      tokenCount([80, 0, 8], [80, 0, 8]),
      tokenCount([100, 0, 10], [20, 0, 2]),
    ]
    expect(counts(log)).toEqual([
      [500, 0, 50],
      [80, 0, 8],
      [20, 0, 2],
    ])
    expect(counts([tokenCount([5, 0, 5], null), tokenCount([80, 0, 8], [80, 0, 8])])).toEqual([
      [5, 0, 5],
      [80, 0, 8],
    ])
  })

  it('without totals are told apart by their time', () => {
    const log = [tokenCount(null, [9, 0, 1]), tokenCount(null, [9, 0, 1]), tokenCount(null, [9, 0, 1], 1)]
    expect(counts(log)).toEqual([
      [9, 0, 1],
      [9, 0, 1],
    ])
  })

  it('belong to the model of their turn, whether or not there is a message', () => {
    const log = [meta(), tokenCount([1, 0, 1], null), turn('t1'), tokenCount([2, 0, 2], null)]
    const more = [turn('t2', 'gpt-b'), tokenCount([3, 0, 3], null), turn('t3', null), tokenCount([4, 0, 4], null)]
    expect(read([...log, ...more]).usage.map((row) => row.model)).toEqual(['unknown', 'gpt-a', 'gpt-b', 'gpt-b'])
  })

  it('are of their own time, whenever the message was', () => {
    expect(read([meta(), turn('t1'), tokenCount([9, 0, 1], null, 40)]).usage[0]?.at).toBe(
      Date.UTC(2026, 2, 4, 5, 6, 47),
    )
  })

  it('are of the model they name themselves, before that of their turn', () => {
    const of = (more: object, inside: object): string =>
      line('event_msg', { type: 'token_count', ...more, info: { last_token_usage: { input_tokens: 5 }, ...inside } })
    const modelOf = (log: string): unknown => read([meta(), turn('t1'), log]).usage.map((row) => row.model)
    expect(modelOf(of({ model: 'gpt-c' }, { model: 'gpt-b' }))).toEqual(['gpt-b'])
    expect(modelOf(of({ model: 'gpt-c' }, {}))).toEqual(['gpt-c'])
    expect(modelOf(usageRecord('r1', [5, 0, 1], { model: 'gpt-d' }))).toEqual(['gpt-d'])
  })

  it('have the same identity in every copy of the rollout, and another in another thread', () => {
    const log = [tokenCount([9, 0, 1], [9, 0, 1]), tokenCount([8, 0, 1], null), tokenCount([9, 0, 1], [1, 0, 0])]
    const keys = read([meta(), ...log]).usage.map((row) => row.dedupeKey)
    expect(keys).toEqual([`${ownThread}:9.0.0.1.0`, `${ownThread}:1#8.0.0.1.0`, `${ownThread}:1#9.0.0.1.0`])
    expect(
      read([meta(), ...log], 'archived_sessions/rollout-nameless.jsonl').usage.map((row) => row.dedupeKey),
    ).toEqual(keys)
  })

  // Version 7 UUIDs of moments before and after the own thread's.
  const [olderTurn, ownTurn] = ['019b0000-0000-7000-8000-0000000000f1', '019c0000-0001-7000-8000-0000000000f2']
  const isOwn = (row: { readonly isRelayed: boolean }): boolean => !row.isRelayed

  it('have the identity of their turn where its id is unique: copies in other threads are the same response', () => {
    const log = [
      turn(olderTurn),
      tokenCount([9, 0, 1], null),
      turn(ownTurn.toUpperCase()),
      tokenCount([20, 0, 2], null),
    ]
    const copies = [meta(), meta({ forked_from_id: parentThread })].map((head) => read([head, ...log]).usage)
    const parent = read([meta({}, parentThread), ...log], rolloutPath(parentThread)).usage
    for (const usage of [...copies, parent]) {
      expect(usage.map((row) => row.dedupeKey)).toEqual([`${olderTurn}:9.0.0.1.0`, `${ownTurn}:20.0.0.2.0`])
    }
    expect(copies[0]?.map(isOwn)).toEqual([false, true])
  })

  it('tell a new beginning of the total by its place in the turn, so that a copy of the turn alone agrees', () => {
    const log = [turn(ownTurn), tokenCount([9, 0, 1], null), tokenCount([5, 0, 1], null), tokenCount([9, 0, 2], null)]
    const keys = read([meta(), ...log]).usage.map((row) => row.dedupeKey)
    const before = [turn(olderTurn), tokenCount([90, 0, 9], null), tokenCount([1, 0, 0], null)]
    expect(keys).toEqual([`${ownTurn}:9.0.0.1.0`, `${ownTurn}:1#5.0.0.1.0`, `${ownTurn}:1#9.0.0.2.0`])
    expect(
      read([meta(), ...before, ...log])
        .usage.slice(2)
        .map((row) => row.dedupeKey),
    ).toEqual(keys)
  })

  it('of a fork without such ids have the identity of the thread it goes back to', () => {
    const older = '019c0000-0000-7000-8000-00000000000c'
    const log = [turn('1'), tokenCount([9, 0, 1], null)]
    const fork = read([meta({ forked_from_id: parentThread }), ...log]).usage
    expect(fork).toMatchObject([{ dedupeKey: `${parentThread}:9.0.0.1.0`, isRelayed: true }])
    const forkOfFork = [meta({ forked_from_id: parentThread }), meta({ forked_from_id: older }, parentThread), ...log]
    expect(read(forkOfFork).usage.map((row) => row.dedupeKey)).toEqual([`${older}:9.0.0.1.0`])
    const subagent = { source: { subagent: { thread_spawn: { parent_thread_id: parentThread } } } }
    expect(read([meta(subagent), meta({}, parentThread), ...log]).usage).toMatchObject([
      { dedupeKey: `${ownThread}:9.0.0.1.0`, isRelayed: false },
    ])
  })

  it('have no identity when nothing names the thread', () => {
    expect(read([tokenCount([9, 0, 1], null)], 'rollout-nameless.jsonl').usage).toMatchObject([{ dedupeKey: null }])
  })
})

describe('usage records', () => {
  const key = (response: string, thread = ownThread): string => `${thread}:${response}`

  it('stand instead of the token counts of their turn', () => {
    const log = [usageRecord('r1', [100, 0, 10], { turn_id: 't1' }), tokenCount([100, 0, 10], [100, 0, 10])]
    const { usage } = read([meta(), turn('t1'), ...log, usageRecord('compaction', [70, 0, 7]), turn('t1')])
    expect(usage.map((row) => [row.dedupeKey, row.input])).toEqual([
      [key('r1'), 100],
      [key('compaction'), 70],
    ])
  })

  it('take the place of the token count before them, wherever reading stops', () => {
    const log = [meta(), turn('t1'), tokenCount([100, 0, 10], null), usageRecord('r1', [100, 0, 10], { turn_id: 't1' })]
    const lines = linesOf(log.map((text) => `${text}\n`).join(''))
    for (const stops of [[], [3]]) {
      const { usage } = readLog(lines, undefined, new Set(stops))
      expect(usage.map((row) => row.dedupeKey)).toEqual([key('r1')])
    }
  })

  it('leave the counts of other turns alone', () => {
    const old = [turn('t1'), tokenCount([100, 0, 10], null)]
    const recorded = [turn('t2'), usageRecord('r2', [50, 0, 5], { turn_id: 't2' }), tokenCount([150, 0, 15], null)]
    const older = [turn('t3'), tokenCount([170, 0, 17], null)]
    expect(read([meta(), ...old, ...recorded, ...older]).usage.map((row) => row.input)).toEqual([100, 50, 20])
    const early = [usageRecord('r2', [50, 0, 5], { turn_id: 't2' }), turn('t2'), tokenCount([150, 0, 15], null)]
    expect(read([meta(), ...old, ...early]).usage.map((row) => row.input)).toEqual([100, 50])
  })

  it('belong to the thread they name', () => {
    const log = [meta(), usageRecord('r1', [1, 0, 1], { thread_id: parentThread })]
    expect(read(log).usage).toMatchObject([{ dedupeKey: key('r1', parentThread), isRelayed: true }])
    const fork = [meta({ forked_from_id: parentThread }), usageRecord('r1', [1, 0, 1])]
    expect(read(fork).usage[0]?.dedupeKey).toBe(key('r1', parentThread))
  })

  it('without a response are known by the running total', () => {
    const totals = { response_id: null, thread_token_usage: { input_tokens: 5, output_tokens: 1 } }
    expect(read([meta(), usageRecord('', [1, 0, 1], totals)]).usage[0]?.dedupeKey).toBe(key('5.0.0.1.0'))
  })

  it('without a response and a total are known by their time', () => {
    const at = Date.UTC(2026, 2, 4, 5, 6, 7)
    expect(read([meta(), usageRecord('', [1, 0, 1])]).usage[0]?.dedupeKey).toBe(key(`${at}:1.0.0.1.0`))
  })

  it('of a turn that is older than the thread are another thread’s', () => {
    const turns = ['019b0000-0000-7000-8000-0000000000f1', '019c0000-0001-7000-8000-0000000000f2']
    const log = turns.map((turn_id, at) => usageRecord(`r${at}`, [1, 0, 1], { turn_id }))
    expect(read([meta(), ...log]).usage.map((row) => row.isRelayed)).toEqual([true, false])
  })

  it('of nothing take back the count before them, and are no row alone', () => {
    const nothing = usageRecord('r1', [0, 0, 0], { turn_id: 't1' })
    const { usage } = read([meta(), turn('t1'), tokenCount([100, 0, 10], null), nothing])
    expect(usage.map((row) => [row.input, row.output])).toEqual([[0, 0]])
    expect(read([meta(), turn('t1'), nothing]).usage).toEqual([])
  })

  it('take the place of one count each', () => {
    const records = [
      usageRecord('r1', [100, 0, 10], { turn_id: 't1' }),
      usageRecord('r2', [7, 0, 1], { turn_id: 't1' }),
    ]
    const { usage } = read([meta(), turn('t1'), tokenCount([100, 0, 10], null), ...records])
    expect(usage.map((row) => row.dedupeKey)).toEqual([key('r1'), key('r2')])
  })

  it('without numbers change nothing', () => {
    const log = [meta(), line('token_usage_record', { response_id: 'r', usage: null }), tokenCount([9, 0, 1], null)]
    expect(read(log).usage).toMatchObject([{ input: 9 }])
  })
})
