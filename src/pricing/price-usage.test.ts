import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PriceList, PriceRow } from './price-list.ts'
import { priceTable } from './price-table.ts'
import type { PriceTable } from './price-table.ts'
import { explainUsage, priceUsage } from './price-usage.ts'
import type { PriceableUsage } from './price-usage.ts'

const nothing: PriceableUsage = {
  model: 'm',
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  reasoning: 0,
  webSearches: 0,
  tier: null,
}

function tableOf(models: Record<string, PriceRow>): PriceTable {
  const list: PriceList = { source: 'test', date: '2026-01-01', hash: 'h', models }
  return priceTable([], list)
}

function cost(row: PriceRow, usage: Partial<PriceableUsage>): number | null {
  const model = usage.model ?? 'm'
  return priceUsage(tableOf({ [model]: row }), { ...nothing, ...usage }).tokensCost
}

describe('the cost of a row', () => {
  it('adds up every counter at its own rate', () => {
    const row = { rates: [1000, 2000, 3000, 4000, 5000] }
    expect(cost(row, { input: 1, output: 10, cacheRead: 100, cacheWrite5m: 1000, cacheWrite1h: 10_000 })).toBe(54_321)
  })

  it('rounds once for the whole row, half up', () => {
    const row = { rates: [1, 1, 1, 1, 1] }
    expect(cost(row, { input: 499 })).toBe(0)
    expect(cost(row, { input: 500 })).toBe(1)
    expect(cost(row, { input: 499, output: 499, cacheRead: 502 })).toBe(2)
    expect(cost(row, { input: 1499 })).toBe(1)
  })

  it('uses the base rates up to the limit of a band and the band for the whole request beyond it', () => {
    const row = { rates: [1000, 2000, 100, 1250], bands: [[272_000, 2000, 3000, 200, 2500]] }
    const request = { output: 10, cacheRead: 200_000, cacheWrite5m: 70_000 }
    expect(cost(row, { ...request, input: 2000 })).toBe(2000 + 20 + 20_000 + 87_500)
    expect(cost(row, { ...request, input: 2001 })).toBe(4002 + 30 + 40_000 + 175_000)
  })

  it('takes the largest band that the request passes, and base rates for what a band leaves out', () => {
    const bands = [
      [100, 2000],
      [200, 4000, null, 400],
    ]
    const row = { rates: [1000, 9000, 100], bands }
    expect(cost(row, { input: 150, output: 1 })).toBe(309)
    expect(cost(row, { input: 150, output: 1, cacheRead: 51 })).toBe(629)
  })

  it('does not let a band make long cache writes cheaper than short ones', () => {
    const row = { rates: [3000, 15_000, 300, 3750, 6000], bands: [[10, 6000, 22_500, 600, 7500]] }
    expect(cost(row, { model: 'claude-m', cacheWrite1h: 1000 })).toBe(12_000)
    expect(cost(row, { model: 'other-m', cacheWrite1h: 1000 })).toBe(7500)
  })

  it('fills in cache rates that are not listed by the rule of the provider', () => {
    const usage = { cacheRead: 1000, cacheWrite5m: 1000, cacheWrite1h: 1000 }
    expect(cost({ rates: [1000, 0] }, { ...usage, model: 'claude-x' })).toBe(100 + 1250 + 2000)
    expect(cost({ rates: [1000, 0] }, { ...usage, model: 'other' })).toBe(3000)
    const explained = explainUsage(tableOf({ 'claude-x': { rates: [1000, 0] } }), {
      ...nothing,
      ...usage,
      model: 'claude-x',
    })
    expect(explained.lines.map(({ rateFrom }) => rateFrom.split(' (')[0])).toEqual([
      '0.1 × input',
      '1.25 × input',
      '2 × input',
    ])
  })

  it('tells an unpriced model from a free one, and owes the web searches of both', () => {
    const table = tableOf({ free: { rates: [0, 0] } })
    const usage = { ...nothing, input: 5, webSearches: 2 }
    expect(priceUsage(table, { ...usage, model: 'free' })).toEqual({ tokensCost: 0, feeCost: 20_000_000 })
    expect(priceUsage(table, { ...usage, model: 'nobody' })).toEqual({ tokensCost: null, feeCost: 20_000_000 })
  })

  it('multiplies the fast tier once for the whole row', () => {
    const row = { rates: [1000, 1], fast: 2500 }
    expect(cost(row, { input: 1, output: 100, tier: 'fast' })).toBe(3)
    expect(cost(row, { input: 1, output: 100, tier: 'standard' })).toBe(1)
    expect(cost(row, { input: 2, tier: 'priority' })).toBe(5)
    expect(cost(row, { model: 'claude-x', input: 2, tier: 'priority' })).toBe(2)
    expect(cost({ rates: [1000, 1] }, { input: 2, tier: 'fast' })).toBe(2)
  })

  it('charges reasoning as output only where no output is told', () => {
    expect(cost({ rates: [0, 1000] }, { output: 10, reasoning: 7 })).toBe(10)
    expect(cost({ rates: [0, 1000] }, { output: 0, reasoning: 7 })).toBe(7)
  })

  it('stays exact at the largest counts and rates', () => {
    const most = { input: 2e6, output: 2e6, cacheRead: 2e6, cacheWrite5m: 2e6, cacheWrite1h: 2e6, tier: 'fast' }
    const row = { rates: [4e9, 4e9, 4e9, 4e9, 4e9 - 1], fast: 6000 }
    expect(cost(row, most)).toBe(239_999_999_988_000)
    // 192,000,000,000,000.498: a float of this size holds no such fraction and would round it up.
    expect(cost({ ...row, rates: [4e9, 4e9, 4e9, 4e9, 83] }, { ...most, cacheWrite1h: 1 })).toBe(192_000_000_000_000)
  })

  it('gives whole nano-dollars within half of one of the exact sum, and an account that adds up to it', () => {
    const count = fc.integer({ min: 0, max: 2_000_000 })
    const rate = fc.integer({ min: 0, max: 600_000_000 })
    const usages = fc.record({
      input: count,
      output: count,
      cacheRead: count,
      cacheWrite5m: count,
      cacheWrite1h: count,
    })
    fc.assert(
      fc.property(usages, fc.array(rate, { minLength: 5, maxLength: 5 }), (usage, rates) => {
        const row = { ...nothing, ...usage }
        const explained = explainUsage(tableOf({ m: { rates } }), row)
        const pico = explained.lines.reduce((sum, line) => sum + BigInt(line.costPicoUsd), 0n)
        expect(Number.isSafeInteger(explained.tokensCost)).toBe(true)
        const error = BigInt(explained.tokensCost ?? -1) * 1000n - pico
        expect(error > -500n && error <= 500n).toBe(true)
      }),
    )
  })

  it('gives totals that are whole and the same in any order of rows', () => {
    const table = priceTable()
    const row = fc.record({
      model: fc.constantFrom('claude-opus-4-8', 'gpt-5.5', 'claude-haiku-4-5-20251001'),
      input: fc.integer({ min: 0, max: 400_000 }),
      output: fc.integer({ min: 0, max: 64_000 }),
    })
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const costs = rows.map((usage) => priceUsage(table, { ...nothing, ...usage }).tokensCost ?? Number.NaN)
        const forwards = costs.reduce((sum, one) => sum + one, 0)
        expect(costs.toReversed().reduce((sum, one) => sum + one, 0)).toBe(forwards)
        expect(Number.isSafeInteger(forwards)).toBe(true)
      }),
    )
  })
})

describe('explaining a cost', () => {
  it('names the match, the band and the multiplier', () => {
    const table = tableOf({ 'claude-z-1': { rates: [1000, 2000], bands: [[10, 2000]], fast: 2000 } })
    const explained = explainUsage(table, {
      ...nothing,
      model: 'claude-z.1[1m]',
      input: 11,
      webSearches: 1,
      tier: 'fast',
    })
    expect(explained).toMatchObject({
      tokensCost: 44,
      feeCost: 10_000_000,
      bandAbove: 10,
      multiplier: 2000,
      contextTokens: 11,
    })
    expect(explained.lines).toEqual([
      { what: 'input', count: 11, ratePicoUsd: 2000, rateFrom: 'listed above 10 tokens', costPicoUsd: 22_000 },
      { what: 'webSearches', count: 1, ratePicoUsd: 1e10, rateFrom: 'fee per search', costPicoUsd: 1e10 },
    ])
    expect(explained.notes).toHaveLength(3)
  })

  it('says why a model has no price', () => {
    const table = tableOf({ 'a/m-1': { rates: [1, 1] }, 'b/m-1': { rates: [1, 1] } })
    expect(explainUsage(table, { ...nothing, model: 'm-1' }).notes[0]).toContain('a/m-1, b/m-1')
    expect(explainUsage(table, { ...nothing, model: 'x' })).toMatchObject({ tokensCost: null, lines: [] })
  })
})
