import { isObject } from '../base/index.ts'
import { checkTable } from './check.ts'
import type { PriceOverride } from './config.ts'
import type { Mistakes } from './mistakes.ts'
import { priceKeys } from './schema.ts'

/** Reads `[prices."model"]` tables. */
export function readPrices(raw: unknown, mistakes: Mistakes): readonly PriceOverride[] {
  if (raw === undefined) return []
  if (!isObject(raw)) {
    mistakes.add(['prices'], 'must be tables, one [prices."model"] each')
    return []
  }
  return Object.entries(raw).map(([model, value]) => {
    if (model.trim() === '') mistakes.add(['prices', model], 'names no model')
    const table = checkTable(value, priceKeys, ['prices', model], mistakes)
    return {
      model,
      input: table.number('input'),
      output: table.number('output'),
      cacheRead: table.number('cache_read'),
      cacheWrite5m: table.number('cache_write_5m'),
      cacheWrite1h: table.number('cache_write_1h'),
      place: mistakes.placeOf(['prices', model]),
    }
  })
}
