import type { PriceTable } from '../pricing/index.ts'
import { priceUsage } from '../pricing/index.ts'
import type { Pricer } from './object-reader.ts'

/** Gives each usage row its cost by the prices in force. */
export function pricerOf(prices: PriceTable): Pricer {
  return (usage) => {
    const { tokensCost, feeCost } = priceUsage(prices, usage)
    // Field by field: a row for each response of a log, and copying them all by name is slow.
    return {
      kind: usage.kind,
      sessionId: usage.sessionId,
      offset: usage.offset,
      part: usage.part,
      model: usage.model,
      at: usage.at,
      dedupeKey: usage.dedupeKey,
      webSearches: usage.webSearches,
      isRelayed: usage.isRelayed,
      tier: usage.tier,
      reportedCost: usage.reportedCost,
      input: usage.input,
      output: usage.output,
      cacheRead: usage.cacheRead,
      cacheWrite5m: usage.cacheWrite5m,
      cacheWrite1h: usage.cacheWrite1h,
      reasoning: usage.reasoning,
      tokensCost,
      feeCost,
    }
  }
}
