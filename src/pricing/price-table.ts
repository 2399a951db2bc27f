import { createHash } from 'node:crypto'
import { AgentsviewError } from '../base/index.ts'
import { isAnthropicName, priceFinder } from './find-price.ts'
import type { PriceFinding, Rates } from './find-price.ts'
import { isRate } from './price-list.ts'
import type { PriceList } from './price-list.ts'
import { shippedPriceHead, shippedPriceList } from './shipped-price-list.ts'

/**
 * Rates a person set for one model, by its exact name; whole pico-dollars per token (1,000,000 = $1 per million).
 * What is left out or null stays as listed; a model that is not listed needs at least an input and an output rate.
 */
export interface PriceOverride {
  readonly model: string
  readonly input?: number | null | undefined
  readonly output?: number | null | undefined
  readonly cacheRead?: number | null | undefined
  readonly cacheWrite5m?: number | null | undefined
  readonly cacheWrite1h?: number | null | undefined
  /** Where the person wrote it, `file:line`. */
  readonly place?: string | undefined
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
  /** What a person set: with these and the shipped list the same table is made anew, on another thread for instance. */
  readonly overrides: readonly PriceOverride[]
  find(model: string): PriceFinding
}

const columns = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const
/** Raised when the rules of this room give another cost for the same list and row. */
const rules = 1
/** Logs name few models; a hostile one could name millions. */
const maxRemembered = 10_000

/**
 * The prices in force: the person's own rates first, then the list.
 * @param list the list to use instead of the shipped one, which is loaded when first asked for
 * @throws AgentsviewError `config.prices` when an override has a rate that is not a whole number from 0 to 4·10⁹,
 *   names a model twice, or leaves out the input or output rate of a model that is not listed
 */
export function priceTable(overrides: readonly PriceOverride[] = [], list?: PriceList): PriceTable {
  const listInUse = (): PriceList => list ?? shippedPriceList()
  const headInUse = (): Head => list ?? shippedPriceHead()
  let finder: ((model: string) => PriceFinding) | null = null
  const findListed = (model: string): PriceFinding => {
    finder ??= priceFinder(listInUse())
    return finder(model)
  }
  const own = new Map(overrides.map((override) => [override.model, ownPrice(override, findListed)]))
  if (own.size < overrides.length) throw badOverride('a model is named twice', undefined)
  const remembered = new Map<string, PriceFinding>()
  return {
    get version() {
      return versionOf(headInUse(), overrides)
    },
    get source() {
      return headInUse().source
    },
    get date() {
      return headInUse().date
    },
    overrides,
    find(model) {
      let finding = own.get(model) ?? remembered.get(model)
      if (finding === undefined) {
        finding = findListed(model)
        if (remembered.size >= maxRemembered) remembered.clear()
        remembered.set(model, finding)
      }
      return finding
    },
  }
}

type Head = Omit<PriceList, 'models'>

function versionOf(list: Head, overrides: readonly PriceOverride[]): string {
  const version = `${list.date}.${list.hash}.r${rules}`
  if (overrides.length === 0) return version
  const rows = overrides
    .map((override) => JSON.stringify([override.model, ...columns.map((column) => override[column] ?? null)]))
    .toSorted()
  return `${version}.o${createHash('sha256').update(rows.join('\n')).digest('hex').slice(0, 12)}`
}

function ownPrice(override: PriceOverride, findListed: (model: string) => PriceFinding): PriceFinding {
  const { model } = override
  const byHand = columns.filter((column) => (override[column] ?? null) !== null)
  if (!byHand.every((column) => isRate(override[column]))) {
    throw badOverride(
      `the rates of "${model}" are not whole pico-dollars per token from 0 to 4000000000`,
      override.place,
    )
  }
  const isWhole = byHand.length === columns.length
  const finding: PriceFinding = isWhole ? { kind: 'unknown' } : findListed(model)
  const listed = finding.kind === 'found' ? finding.price : null
  const input = override.input ?? listed?.rates.input
  const output = override.output ?? listed?.rates.output
  if (input === undefined || output === undefined) {
    const lacking = input === undefined ? 'input' : 'output'
    throw badOverride(`"${model}" is not in the price list and has no ${lacking} rate`, override.place)
  }
  const rates: Rates = {
    input,
    output,
    cacheRead: override.cacheRead ?? listed?.rates.cacheRead ?? null,
    cacheWrite5m: override.cacheWrite5m ?? listed?.rates.cacheWrite5m ?? null,
    cacheWrite1h: override.cacheWrite1h ?? listed?.rates.cacheWrite1h ?? null,
  }
  const rest = { isAnthropic: isAnthropicName(model), bands: listed?.bands ?? [], fast: listed?.fast ?? null }
  return { kind: 'found', by: 'own rate', as: model, price: { name: model, rates, byHand, ...rest } }
}

function badOverride(why: string, place: string | undefined): AgentsviewError {
  return new AgentsviewError({
    code: 'config.prices',
    message: `${place === undefined ? '' : `${place}: `}a price set by hand cannot be used: ${why}`,
    hint: 'Give each model once, with rates that are not negative, at most $4000 per million tokens.',
  })
}
