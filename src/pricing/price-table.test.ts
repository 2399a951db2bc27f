import { describe, expect, it } from 'vitest'
import { readPriceList } from './price-list.ts'
import { priceTable } from './price-table.ts'
import { priceUsage } from './price-usage.ts'
import { shippedPriceHead, shippedPriceList } from './shipped-price-list.ts'

const own = { model: 'gpt-5.5', input: 7_000, output: 9_000 }
const usage = {
  input: 1,
  output: 1,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  reasoning: 0,
  webSearches: 0,
  tier: null,
}

describe('the prices in force', () => {
  it('tells which list is shipped without reading it', () => {
    const { models: _, ...head } = shippedPriceList()
    expect(shippedPriceHead()).toEqual(head)
    expect(priceTable().version).toBe(priceTable([], shippedPriceList()).version)
  })

  it("lets a person's own rates win, for the exact name only", () => {
    const table = priceTable([own, { ...own, model: 'in-house' }])
    expect(priceUsage(table, { ...usage, model: 'gpt-5.5' }).tokensCost).toBe(16)
    expect(priceUsage(table, { ...usage, model: 'in-house' }).tokensCost).toBe(16)
    expect(priceUsage(table, { ...usage, model: 'gpt-5-5' }).tokensCost).toBe(35_000)
    expect(priceUsage(table, { ...usage, model: 'in-house[1m]' }).tokensCost).toBeNull()
  })

  it('keeps the listed rates that are not set by hand, and lets no band touch those that are', () => {
    const table = priceTable([{ model: 'gpt-5.5', input: null, cacheRead: 1000 }])
    const cost = (input: number, cacheRead: number): number | null =>
      priceUsage(table, { ...usage, model: 'gpt-5.5', output: 0, input, cacheRead }).tokensCost
    expect(cost(10, 10)).toBe(50_000 + 10)
    expect(cost(10, 272_000)).toBe(100_000 + 272_000)
    const cached = { ...usage, model: 'gpt-5.5', input: 0, output: 0, cacheRead: 10 }
    expect(priceUsage(priceTable([own]), cached).tokensCost).toBe(5000)
  })

  it('needs an input and an output rate for a model that is not listed', () => {
    expect(() => priceTable([{ model: 'in-house', input: 1 }])).toThrow('no output rate')
    expect(() => priceTable([{ model: 'in-house', output: 1 }])).toThrow('no input rate')
  })

  it('changes its version with the list and with every rate set by hand, not with their order', () => {
    const other = { ...own, model: 'b' }
    const plain = priceTable().version
    expect(plain).toContain(shippedPriceList().date)
    expect(priceTable().version).toBe(plain)
    expect(priceTable([own]).version).not.toBe(plain)
    expect(priceTable([{ ...own, cacheRead: 1 }]).version).not.toBe(priceTable([own]).version)
    expect(priceTable([own, other]).version).toBe(priceTable([other, own]).version)
    expect(priceTable([], { ...shippedPriceList(), hash: 'x' }).version).not.toBe(plain)
  })

  it('refuses rates that are negative, not whole, absurd or given twice', () => {
    for (const input of [-1, 0.5, Number.NaN, 4e9 + 1]) {
      expect(() => priceTable([{ ...own, input }])).toThrow(expect.objectContaining({ code: 'config.prices' }))
    }
    expect(() => priceTable([own, own])).toThrow('twice')
  })

  it('reads back a saved list and refuses anything else', () => {
    const saved: unknown = JSON.parse(JSON.stringify(shippedPriceList()))
    expect(readPriceList(saved)).toEqual(shippedPriceList())
    const head = { source: 's', date: 'd', hash: 'h' }
    const bad = [
      null,
      [],
      {},
      { ...head, models: { m: { rates: [-1] } } },
      { ...head, models: { m: { rates: [] } } },
      { models: {} },
    ]
    for (const value of bad)
      expect(() => readPriceList(value)).toThrow(expect.objectContaining({ code: 'config.prices' }))
  })
})
