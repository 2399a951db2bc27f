import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { noArchive } from './ask.ts'
import type { Filters } from './filters.ts'
import { noFilters } from './filters.ts'
import { findSession } from './find-session.ts'
import { listMachines } from './machines.ts'
import { sessionUsage } from './session-usage.ts'
import type { TestArchive } from '../../test/filled-archive.ts'
import { makeTestArchive, noon } from '../../test/filled-archive.ts'
import type { UsageDimension, UsageUnit } from './usage-report.ts'
import { usageDimensions, usageReport } from './usage-report.ts'
import { usageBySession } from './usage-sessions.ts'

let test: TestArchive
beforeEach(async () => {
  test = await makeTestArchive()
})
afterEach(() => test.close())

interface Asked {
  readonly unit?: UsageUnit
  readonly filters?: Partial<Filters>
  readonly by?: readonly UsageDimension[]
  readonly timezone?: string
}
const report = async ({ unit = 'day', filters = {}, by = [], timezone = 'UTC' }: Asked = {}) =>
  await usageReport(test.archive.driver, { unit, filters: { ...noFilters, ...filters }, by, timezone })
const at = (time: string): number => Date.parse(time)

describe('usageReport', () => {
  it('sums what counts by day and model, with the keys scripts know', async () => {
    await test.add({
      nativeId: 's',
      usage: [
        { input: 1, output: 2, cache_read: 3, cache_write_5m: 4, cache_write_1h: 5, tokens_cost: 2_000_000_000 },
        { input: 10, model: 'haiku', tokens_cost: 500_000_000, at: noon + 1000 },
        { input: 99, counts: 0, tokens_cost: 9 },
        { input: 100, at: noon - 86_400_000, tokens_cost: 7, fee_cost: 3 },
      ],
    })
    expect(await report()).toEqual({
      periods: [
        {
          period: '2026-07-31',
          inputTokens: 100,
          outputTokens: 0,
          cacheCreationTokens: 0,
          cacheReadTokens: 0,
          totalTokens: 100,
          totalCost: 1e-8,
          totalCostNanoUSD: 10,
          unpricedModels: [],
          modelsUsed: ['opus'],
          modelBreakdowns: [expect.objectContaining({ modelName: 'opus', cost: 1e-8, costNanoUSD: 10 })],
        },
        {
          period: '2026-08-01',
          inputTokens: 11,
          outputTokens: 2,
          cacheCreationTokens: 9,
          cacheReadTokens: 3,
          totalTokens: 25,
          totalCost: 2.5,
          totalCostNanoUSD: 2_500_000_000,
          unpricedModels: [],
          modelsUsed: ['opus', 'haiku'],
          modelBreakdowns: [
            {
              modelName: 'opus',
              inputTokens: 1,
              outputTokens: 2,
              cacheCreationTokens: 9,
              cacheReadTokens: 3,
              cost: 2,
              costNanoUSD: 2_000_000_000,
            },
            expect.objectContaining({ modelName: 'haiku', inputTokens: 10, cost: 0.5 }),
          ],
        },
      ],
      totals: {
        inputTokens: 111,
        outputTokens: 2,
        cacheCreationTokens: 9,
        cacheReadTokens: 3,
        totalTokens: 125,
        totalCost: 2.50000001,
        totalCostNanoUSD: 2_500_000_010,
        unpricedModels: [],
      },
    })
  })

  it('cuts days at the midnights of the zone in any year', async () => {
    const times = ['2009-06-30T21:59:00Z', '2009-06-30T22:00:00Z', '2041-01-01T22:59:00Z', '2041-01-01T23:00:00Z']
    await test.add({ nativeId: 's', usage: times.map((time) => ({ at: at(time), input: 1 })) })
    const { periods } = await report({ timezone: 'Europe/Berlin' })
    expect(periods.map(({ period }) => period)).toEqual(['2009-06-30', '2009-07-01', '2041-01-01', '2041-01-02'])
  })

  it('cuts days at the midnights of the zone, also when the clocks change', async () => {
    const times = ['2026-10-24T21:59:00Z', '2026-10-24T22:00:00Z', '2026-10-25T22:59:00Z', '2026-10-25T23:00:00Z']
    await test.add({ nativeId: 's', usage: times.map((time) => ({ at: at(time), input: 1 })) })
    const days = async (timezone: string) =>
      (await report({ timezone })).periods.map(({ period, inputTokens }) => [period, inputTokens])
    expect(await days('Europe/Berlin')).toEqual([
      ['2026-10-24', 1],
      ['2026-10-25', 2],
      ['2026-10-26', 1],
    ])
    expect(await days('UTC')).toEqual([
      ['2026-10-24', 2],
      ['2026-10-25', 2],
    ])
    expect(await days('Asia/Kolkata')).toEqual([
      ['2026-10-25', 2],
      ['2026-10-26', 2],
    ])
  })

  it('names weeks by their Monday and months by their number', async () => {
    const times = ['2026-07-31T12:00:00Z', '2026-08-02T12:00:00Z', '2026-08-03T12:00:00Z']
    await test.add({ nativeId: 's', usage: times.map((time) => ({ at: at(time), output: 1 })) })
    const periods = async (unit: UsageUnit) =>
      (await report({ unit })).periods.map(({ period, outputTokens }) => [period, outputTokens])
    expect(await periods('week')).toEqual([
      ['2026-07-27', 2],
      ['2026-08-03', 1],
    ])
    expect(await periods('month')).toEqual([
      ['2026-07', 1],
      ['2026-08', 2],
    ])
  })

  it('books a row without a time on the start of its session, else on the last change of its object', async () => {
    await test.add({
      nativeId: 'a',
      usage: [{ at: null, input: 1 }],
      columns: { started_at: at('2026-01-05T00:00:00Z') },
    })
    await test.add({ nativeId: 'b', usage: [{ at: null, input: 2 }], columns: { started_at: null, ended_at: null } })
    expect((await report()).periods.map(({ period, inputTokens }) => [period, inputTokens])).toEqual([
      ['2026-01-05', 1],
      ['2026-08-01', 2],
    ])
  })

  it('adds nothing for models without a price but names them; fees stay', async () => {
    await test.add({
      nativeId: 's',
      usage: [
        { model: 'x', tokens_cost: null, input: 5, at: at('2026-08-01T00:00:00Z') },
        { model: 'y', tokens_cost: null, fee_cost: 20_000_000, at: at('2026-08-02T00:00:00Z') },
        { model: 'x', tokens_cost: null, at: at('2026-08-03T00:00:00Z') },
        { model: 'opus', tokens_cost: 1_000_000_000, at: at('2026-08-03T00:00:00Z') },
      ],
    })
    const { periods, totals } = await report()
    expect(periods.map(({ totalCost, unpricedModels }) => [totalCost, unpricedModels])).toEqual([
      [null, ['x']],
      [0.02, ['y']],
      [1, ['x']],
    ])
    expect(totals).toMatchObject({ totalCost: 1.02, totalCostNanoUSD: 1_020_000_000, unpricedModels: ['x', 'y'] })
  })

  it('splits by any dimensions, and the parts are the whole', async () => {
    for (const [place, machine] of ['a', 'b', 'a', 'c'].entries()) {
      await test.add({
        machine,
        nativeId: `s${place}`,
        remote: place % 2 === 0 ? 'r1' : 'r2',
        columns: { project: place === 3 ? null : `p${place % 2}` },
        usage: [
          { input: place + 1, output: 3, tokens_cost: 1_000_003 + place, model: place === 1 ? 'haiku' : 'opus' },
          { cache_read: 7, tokens_cost: null, fee_cost: place, model: 'new', at: noon + place * 86_400_000 },
        ],
      })
    }
    const add = (rows: readonly { totalTokens: number; totalCostNanoUSD: number | null }[]): readonly number[] =>
      rows.reduce<readonly number[]>(
        ([tokens = 0, cost = 0], row) => [tokens + row.totalTokens, cost + (row.totalCostNanoUSD ?? 0)],
        [0, 0],
      )
    const sets: readonly (readonly UsageDimension[])[] = [
      ...usageDimensions.map((one) => [one]),
      ['machine', 'model'],
      usageDimensions,
    ]
    for (const by of sets) {
      const { periods, totals } = await report({ by })
      expect(add(periods)).toEqual(add([totals]))
      expect(add(totals.groups ?? [])).toEqual(add([totals]))
      for (const period of periods) expect(add(period.groups ?? [])).toEqual(add([period]))
    }
    const { totals } = await report({ by: ['machine', 'project'] })
    expect(totals.groups?.map(({ machine, project }) => [machine, project])).toEqual([
      ['a', 'p0'],
      ['c', null],
      ['b', 'p1'],
    ])
  })

  it('counts each row by its own time and model, on the session it is booked on', async () => {
    const owner = await test.add({ nativeId: 'first', machine: 'a' })
    await test.add({
      nativeId: 'copy',
      machine: 'b',
      usage: [
        { owner_id: owner.sessionId, input: 4 },
        { input: 1, at: noon + 86_400_000, model: 'haiku' },
      ],
    })
    const tokens = async (filters: Partial<Filters>) => (await report({ filters })).totals.inputTokens
    expect(await tokens({ machines: ['a'] })).toBe(4)
    expect(await tokens({ machines: ['b'] })).toBe(1)
    expect(await tokens({ models: ['opus'] })).toBe(4)
    expect(await tokens({ window: { from: noon + 1, before: null } })).toBe(1)
    expect(await tokens({ window: { from: null, before: noon + 1 } })).toBe(4)
  })

  it('is a zero report without an archive', async () => {
    const { periods, totals } = await usageReport(noArchive, {
      unit: 'day',
      filters: noFilters,
      by: [],
      timezone: 'UTC',
    })
    expect(periods).toEqual([])
    expect(totals).toMatchObject({ totalTokens: 0, totalCost: 0, totalCostNanoUSD: 0, unpricedModels: [] })
  })
})

describe('usageBySession', () => {
  it('lists sessions by cost in pages, with totals over all of them', async () => {
    for (const [place, cost] of [5, 50, 20, 20].entries())
      await test.add({ nativeId: `s${place}`, usage: [{ input: 1, tokens_cost: cost }] })
    const first = await usageBySession(test.archive.driver, noFilters, { limit: 2, cursor: null })
    expect(first.sessions.map(({ sessionId }) => sessionId)).toEqual(['gpu~s1', 'gpu~s2'])
    expect(first).toMatchObject({ total: 4, totals: { totalCostNanoUSD: 95, inputTokens: 4 } })
    const second = await usageBySession(test.archive.driver, noFilters, { limit: 2, cursor: first.nextCursor })
    expect(second.sessions.map(({ sessionId, totalCostNanoUSD }) => [sessionId, totalCostNanoUSD])).toEqual([
      ['gpu~s3', 20],
      ['gpu~s0', 5],
    ])
    expect(second.nextCursor).toBeNull()
  })
})

describe('sessionUsage', () => {
  const usage = (cost: number) => [{ output: 1, tokens_cost: cost }]
  beforeEach(async () => {
    await test.add({ nativeId: 'root', columns: { parent_id: 'leaf' }, usage: usage(1) })
    await test.add({ nativeId: 'sub', columns: { parent_id: 'root', relationship: 'subagent' }, usage: usage(10) })
    await test.add({ nativeId: 'subfork', columns: { parent_id: 'sub', relationship: 'fork' }, usage: usage(100) })
    await test.add({ nativeId: 'fork', columns: { parent_id: 'root', relationship: 'fork' }, usage: usage(1000) })
    await test.add({ nativeId: 'leaf', columns: { parent_id: 'fork', relationship: 'subagent' }, usage: usage(10_000) })
    await test.add({
      nativeId: 'alien',
      machine: 'other',
      columns: { parent_id: 'root', relationship: 'subagent' },
      usage: usage(7),
    })
  })
  const roll = async (isOwnOnly: boolean) =>
    await sessionUsage(test.archive.driver, await findSession(test.archive.driver, 'root'), isOwnOnly)

  it('adds subagents at any depth and their forks, walking through forks of the root and around rings', async () => {
    const found = await roll(false)
    expect(found.costNanoUSD).toBe(10_111)
    expect(found.parts.map(({ sessionId, costNanoUSD }) => [sessionId, costNanoUSD])).toEqual([
      ['gpu~root', 1],
      ['gpu~sub', 10],
      ['gpu~leaf', 10_000],
      ['gpu~subfork', 100],
    ])
    expect(found.outputTokens).toBe(4)
  })

  it('gives the session alone when asked', async () => {
    expect(await roll(true)).toMatchObject({ costNanoUSD: 1, parts: [{ sessionId: 'gpu~root' }] })
  })

  it('has no cost when nothing has a price, whatever the fees', async () => {
    await test.add({ nativeId: 'free', usage: [{ model: 'new', tokens_cost: null, fee_cost: 5 }] })
    const found = await sessionUsage(test.archive.driver, await findSession(test.archive.driver, 'free'), false)
    expect(found).toMatchObject({ costUSD: null, costNanoUSD: null, unpricedModels: ['new'] })
  })
})

describe('listMachines', () => {
  it('tells freshness, sessions as the list shows them, and the cost of 30 days', async () => {
    const day = 86_400_000
    await test.add({
      machine: 'a',
      nativeId: 'x',
      usage: [{ tokens_cost: 5 }, { tokens_cost: 9, at: noon - 31 * day }],
    })
    await test.add({
      machine: 'a',
      nativeId: 'y',
      remote: 'r2',
      columns: { relationship: 'subagent' },
      usage: [{ tokens_cost: 2 }],
    })
    await test.add({ machine: 'b', nativeId: 'z', object: { modified_at: noon - 8 * day } })
    await test.add({ machine: 'c', nativeId: 'q', usage: [{ model: 'new', tokens_cost: null }] })
    expect(await listMachines(test.archive.driver, noon + 1000)).toEqual([
      {
        name: 'a',
        remotes: ['lab', 'r2'],
        agents: ['claude'],
        sessions: 1,
        lastPushAt: '2026-08-01T12:00:00.000Z',
        lastSessionAt: '2026-08-01T12:01:00.000Z',
        stale: false,
        cost30dUSD: 7e-9,
        cost30dNanoUSD: 7,
      },
      expect.objectContaining({ name: 'b', stale: true, cost30dUSD: 0 }),
      expect.objectContaining({ name: 'c', stale: false, cost30dUSD: null }),
    ])
  })
})
