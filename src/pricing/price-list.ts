import { AgentsviewError, isObject } from '../base/index.ts'

/**
 * Rates of one model, in whole pico-dollars (10⁻¹² $) per token. The columns are input, output,
 * cache read, cache write for 5 minutes, cache write for 1 hour; a null or missing column is not listed.
 */
export interface PriceRow {
  readonly rates: readonly (number | null)[]
  /** Long contexts: `[above, …the five columns]`, for requests of more than `above` tokens. */
  readonly bands?: readonly (readonly (number | null)[])[]
  /** What the fast (or priority) tier multiplies the rates by, in thousandths. */
  readonly fast?: number
}

/** A price list reduced to what is used here; the shape of `price-data.ts`. */
export interface PriceList {
  /** The publication it comes from, for people. */
  readonly source: string
  /** Day it was taken, `YYYY-MM-DD`. */
  readonly date: string
  /** First 12 hex digits of the SHA-256 of `models`. */
  readonly hash: string
  readonly models: Readonly<Record<string, PriceRow>>
}

/** Rates above this ($4,000 per million tokens) are refused, so that no row can leave the safe integers. */
export const maxRate = 4e9

/**
 * Checks a price list that was saved by `prices update`.
 * @param value parsed JSON
 * @throws AgentsviewError `config.prices` when it is not such a list, or a rate is not a whole number from 0 to 4·10⁹
 */
export function readPriceList(value: unknown): PriceList {
  if (!isObject(value) || !isObject(value['models'])) throw notAList('it has no models')
  const { source, date, hash, models } = value
  if (typeof source !== 'string' || typeof date !== 'string' || typeof hash !== 'string') {
    throw notAList('source, date or hash is missing')
  }
  for (const [name, row] of Object.entries(models)) checkRow(name, row)
  return { source, date, hash, models: models as Record<string, PriceRow> }
}

/** True for a rate that can be charged: a whole number of pico-dollars, not negative, not absurd. */
export function isRate(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= maxRate
}

function checkRow(name: string, row: unknown): void {
  const bands = isObject(row) ? (row['bands'] ?? []) : null
  const fast = isObject(row) ? (row['fast'] ?? 1000) : null
  const isGood =
    isObject(row) &&
    isColumns(row['rates']) &&
    Array.isArray(bands) &&
    bands.every((band) => Array.isArray(band) && Number.isSafeInteger(band[0]) && isColumns(band.slice(1))) &&
    isRate(fast) &&
    fast <= 1e6
  if (!isGood) throw notAList(`the rates of "${name.slice(0, 128)}" are not whole numbers of pico-dollars`)
}

function isColumns(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    isRate(value[0]) &&
    value.length <= 5 &&
    value.every((rate) => rate === null || isRate(rate))
  )
}

function notAList(why: string): AgentsviewError {
  return new AgentsviewError({
    code: 'config.prices',
    message: `This is not a price list: ${why}.`,
    hint: 'Delete the saved list, or take it again with: agentsview prices update',
  })
}
