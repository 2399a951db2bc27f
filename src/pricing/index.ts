/**
 * pricing: usage × price list → integer nano-dollars, and the account of how a row got its cost.
 * In: usage rows, the shipped price list, rates a person set. Out: costs, price versions, explanations.
 * Must not: fetch a list, know an agent's log format, or use fractions for money.
 */
export type { PriceList, PriceRow } from './price-list.ts'
export { priceTable } from './price-table.ts'
export type { PriceOverride, PriceTable } from './price-table.ts'
export type { Price, PriceFinding, Rates } from './find-price.ts'
export { explainUsage, priceUsage, searchFeeNanoUsd } from './price-usage.ts'
export type { CostLine, PriceableUsage, PriceExplanation, UsageCost } from './price-usage.ts'
export { reducePriceList } from './reduce-price-list.ts'
