import { priceData } from './price-data.ts'
import type { PriceList } from './price-list.ts'

let parsed: PriceList | null = null

/** The list that comes with the program; parsed on the first call only, a few milliseconds. */
export function shippedPriceList(): PriceList {
  parsed ??= JSON.parse(priceData) as PriceList
  return parsed
}

/** Which list that is, without reading it: every question asks this, few ask for a price. */
export function shippedPriceHead(): Omit<PriceList, 'models'> {
  const [head = ''] = priceData.split('\n', 1)
  return JSON.parse(head.replace(/,$/, '}')) as Omit<PriceList, 'models'>
}
