import type { NanoUsd } from '../model/index.ts'
import { int } from './ask.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'

/** Tokens as every JSON output names them; `totalTokens` is the sum of the four. */
export interface TokenSums {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationTokens: number
  readonly cacheReadTokens: number
  readonly totalTokens: number
}

/** What charged rows add up to. */
export interface Tally {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationTokens: number
  readonly cacheReadTokens: number
  /** How many rows, and how many of them have a price. */
  readonly rows: number
  readonly pricedRows: number
  readonly tokensNanoUsd: NanoUsd
  readonly feesNanoUsd: NanoUsd
}

export const emptyTally: Tally = {
  inputTokens: 0,
  outputTokens: 0,
  cacheCreationTokens: 0,
  cacheReadTokens: 0,
  rows: 0,
  pricedRows: 0,
  tokensNanoUsd: 0,
  feesNanoUsd: 0,
}

/** The sums over charged rows `u` of one group. */
export const tallyColumns = {
  inputTokens: [sql`sum(u.input)`, int],
  outputTokens: [sql`sum(u.output)`, int],
  cacheCreationTokens: [sql`sum(u.cache_write_5m + u.cache_write_1h)`, int],
  cacheReadTokens: [sql`sum(u.cache_read)`, int],
  rows: [sql`count(*)`, int],
  pricedRows: [sql`count(u.tokens_cost)`, int],
  tokensNanoUsd: [sql`sum(u.tokens_cost)`, int],
  feesNanoUsd: [sql`sum(u.fee_cost)`, int],
} as const satisfies Readonly<Record<keyof Tally, readonly [SQL, (value: never) => number]>>

/** Adds two tallies. */
export function addTally(one: Tally, other: Tally): Tally {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cacheCreationTokens: one.cacheCreationTokens + other.cacheCreationTokens,
    cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
    rows: one.rows + other.rows,
    pricedRows: one.pricedRows + other.pricedRows,
    tokensNanoUsd: one.tokensNanoUsd + other.tokensNanoUsd,
    feesNanoUsd: one.feesNanoUsd + other.feesNanoUsd,
  }
}

/** The token keys of a tally. */
export function tokensOf(tally: Tally): TokenSums {
  const { inputTokens, outputTokens, cacheCreationTokens, cacheReadTokens } = tally
  const totalTokens = inputTokens + outputTokens + cacheCreationTokens + cacheReadTokens
  return { inputTokens, outputTokens, cacheCreationTokens, cacheReadTokens, totalTokens }
}

/** Money of a span or group: null only when nothing in it has a price or a fee. */
export function costOf(tally: Tally): NanoUsd | null {
  const cost = tally.tokensNanoUsd + tally.feesNanoUsd
  return tally.rows > 0 && tally.pricedRows === 0 && tally.feesNanoUsd === 0 ? null : cost
}

/** Money of a session: null when it has rows but none with a price, whatever fees came with them. */
export function sessionCostOf(tally: Tally): NanoUsd | null {
  return tally.rows > 0 && tally.pricedRows === 0 ? null : tally.tokensNanoUsd + tally.feesNanoUsd
}

/** Dollars as a number, for keys that are shown beside the exact integer. */
export function dollars(nano: NanoUsd | null): number | null {
  return nano === null ? null : nano / 1e9
}

/** Charged rows of one thing, kept apart by model. */
export interface Sum {
  readonly total: Tally
  readonly models: ReadonlyMap<string, Tally>
}

export const emptySum: Sum = { total: emptyTally, models: new Map() }

/** Adds the rows of one model to a sum. */
export function addToSum(sum: Sum, model: string, tally: Tally): Sum {
  const models = new Map(sum.models)
  models.set(model, addTally(models.get(model) ?? emptyTally, tally))
  return { total: addTally(sum.total, tally), models }
}

/** Models that have rows without a price, by name. */
export function unpricedModelsOf(sum: Sum): readonly string[] {
  return [...sum.models].flatMap(([model, tally]) => (tally.pricedRows < tally.rows ? [model] : [])).toSorted()
}

/** Models of a sum with what each adds, dearest first. */
export function modelsByCost(sum: Sum): readonly (readonly [string, Tally])[] {
  const cost = (tally: Tally): number => tally.tokensNanoUsd + tally.feesNanoUsd
  return [...sum.models].toSorted(
    ([name, one], [otherName, other]) => cost(other) - cost(one) || compare(name, otherName),
  )
}

/** Order of plain text by code unit, the same on every machine. */
export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
