import { createHash } from 'node:crypto'
import { AgentsviewError } from '../base/index.ts'
import { isAnthropicName, priceFinder } from './find-price.ts'
import type { PriceFinding } from './find-price.ts'
import { isRate } from './price-list.ts'
import type { PriceList } from './price-list.ts'
import { shippedPriceList } from './shipped-price-list.ts'

/** Rates a person set for one model, by its exact name; whole pico-dollars per token (1,000,000 = $1 per million). */
export interface PriceOverride {
  readonly model: string
  readonly input: number
  readonly output: number
  readonly cacheRead?: number | undefined
  readonly cacheWrite5m?: number | undefined
  readonly cacheWrite1h?: number | undefined
}

/** The prices in force. */
export interface PriceTable {
  /**
   * Changes whenever a cost could: with the list, the person's own rates, or the rules. Stored with each cost, and
   * costs of another version are worked out anew.
   */
  readonly version: string
  /** Where the list comes from and when it was taken, for people. */
  readonly source: string
  readonly date: string
  find(model: string): PriceFinding
}

/** Raised when the rules of this room give another cost for the same list and row. */
const rules = 1
/** Logs name few models; a hostile one could name millions. */
const maxRemembered = 10_000

/**
 * The prices in force: the person's own rates first, then the list.
 * @param list the list to use instead of the shipped one, which is loaded when first asked for
 * @throws AgentsviewError `config.prices` when an override is not a whole number from 0 to 4·10⁹, or names a model twice
 */
export function priceTable(overrides: readonly PriceOverride[] = [], list?: PriceList): PriceTable {
  const own = new Map(overrides.map((override) => [override.model, ownPrice(override)]))
  if (own.size < overrides.length) throw badOverride('a model is named twice')
  const remembered = new Map<string, PriceFinding>()
  let find: ((model: string) => PriceFinding) | null = null
  const listInUse = (): PriceList => list ?? shippedPriceList()
  return {
    get version() {
      return versionOf(listInUse(), overrides)
    },
    get source() {
      return listInUse().source
    },
    get date() {
      return listInUse().date
    },
    find(model) {
      let finding = own.get(model) ?? remembered.get(model)
      if (finding === undefined) {
        find ??= priceFinder(listInUse())
        finding = find(model)
        if (remembered.size >= maxRemembered) remembered.clear()
        remembered.set(model, finding)
      }
      return finding
    },
  }
}

function versionOf(list: PriceList, overrides: readonly PriceOverride[]): string {
  const version = `${list.date}.${list.hash}.r${rules}`
  if (overrides.length === 0) return version
  const rows = overrides
    .map((o) => JSON.stringify([o.model, o.input, o.output, o.cacheRead, o.cacheWrite5m, o.cacheWrite1h]))
    .toSorted()
  return `${version}.o${createHash('sha256').update(rows.join('\n')).digest('hex').slice(0, 12)}`
}

function ownPrice(override: PriceOverride): PriceFinding {
  const { model, input, output, cacheRead = null, cacheWrite5m = null, cacheWrite1h = null } = override
  const rates = [input, output, cacheRead, cacheWrite5m, cacheWrite1h]
  if (!rates.every((rate) => rate === null || isRate(rate))) {
    throw badOverride(`the rates of "${model}" are not whole pico-dollars per token from 0 to 4000000000`)
  }
  return {
    kind: 'found',
    by: 'own rate',
    as: model,
    price: {
      name: model,
      isAnthropic: isAnthropicName(model),
      rates: { input, output, cacheRead, cacheWrite5m, cacheWrite1h },
      bands: [],
      fast: null,
    },
  }
}

function badOverride(why: string): AgentsviewError {
  return new AgentsviewError({
    code: 'config.prices',
    message: `A price set by hand cannot be used: ${why}.`,
    hint: 'Give each model once, with rates that are not negative, at most $4000 per million tokens.',
  })
}
