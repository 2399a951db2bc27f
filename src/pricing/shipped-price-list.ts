import { priceData } from './price-data.ts'
import type { PriceList } from './price-list.ts'

let parsed: PriceList | null = null

/** The list that comes with the program; parsed on the first call only, a few milliseconds. */
export function shippedPriceList(): PriceList {
  parsed ??= JSON.parse(priceData) as PriceList
  return parsed
}
