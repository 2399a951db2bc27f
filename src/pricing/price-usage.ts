import type { NanoUsd, Usage } from '../model/index.ts'
import type { Price, PriceFinding, Rates } from './find-price.ts'
import type { PriceTable } from './price-table.ts'

/** The part of a usage row that its cost depends on. */
export type PriceableUsage = Pick<
  Usage,
  'model' | 'input' | 'output' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h' | 'reasoning' | 'webSearches' | 'tier'
>

/** The cost of one row, in two parts: a model without a price still owes its web searches. */
export interface UsageCost {
  /** Null when the model has no price; 0 is a price. */
  readonly tokensCost: NanoUsd | null
  readonly feeCost: NanoUsd
}

/** One counter of a row: how many, at which rate, from where. */
export interface CostLine {
  readonly what: keyof Rates | 'webSearches'
  readonly count: number
  /** Whole pico-dollars for one token or search, before the tier's multiplier. */
  readonly ratePicoUsd: number
  /** `listed`, `set by hand`, `listed above 272000 tokens`, `1.25 × input`, … */
  readonly rateFrom: string
  /** count × rate, in pico-dollars; exact for counts up to two million. */
  readonly costPicoUsd: number
}

/** Why a row costs what it costs. */
export interface PriceExplanation extends UsageCost {
  readonly priceVersion: string
  /** `LiteLLM 1.2.3 …` */
  readonly priceSource: string
  readonly finding: PriceFinding
  /** Input, cache writes and cache reads of the request: what decides the band. */
  readonly contextTokens: number
  /** The limit whose band applies; null below all of them. */
  readonly bandAbove: number | null
  /** What the sum of the token lines is multiplied by, in thousandths. */
  readonly multiplier: number
  readonly lines: readonly CostLine[]
  /** The same in words, one sentence each. */
  readonly notes: readonly string[]
}

interface Charge {
  readonly rate: number
  readonly from: string
}
type Charges = { readonly [counter in keyof Rates]: Charge }

const counters = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const
/** $0.01 for each web search, whatever the model. */
export const searchFeeNanoUsd = 10_000_000
const standard = 1000

/**
 * The cost of one row: tokens × rates summed as whole pico-dollars and rounded once, half up.
 * @param usage counters that are whole and not negative
 */
export function priceUsage(table: PriceTable, usage: PriceableUsage): UsageCost {
  const finding = table.find(usage.model)
  const feeCost = usage.webSearches * searchFeeNanoUsd
  return { tokensCost: finding.kind === 'found' ? tokensCost(finding.price, usage) : null, feeCost }
}

/** The account behind `priceUsage`, for `usage explain`; its costs are the same. */
export function explainUsage(table: PriceTable, usage: PriceableUsage): PriceExplanation {
  const finding = table.find(usage.model)
  const price = finding.kind === 'found' ? finding.price : null
  const context = contextOf(usage)
  const band = price === null ? null : bandOf(price, context)
  return {
    ...priceUsage(table, usage),
    priceVersion: table.version,
    priceSource: table.source,
    finding,
    contextTokens: context,
    bandAbove: band?.above ?? null,
    multiplier: price === null ? standard : multiplierOf(price, usage),
    lines: [...(price === null ? [] : tokenLines(price, usage)), ...searchLines(usage)],
    notes: notesOf(finding, usage),
  }
}

function tokensCost(price: Price, usage: PriceableUsage): NanoUsd {
  const charges = chargesOf(price, contextOf(usage))
  // Counters of two million at the highest rates pass 2^53 pico-dollars when a tier multiplies them.
  let sum = 0n
  for (const counter of counters) sum += BigInt(countOf(usage, counter)) * BigInt(charges[counter].rate)
  return Number((sum * BigInt(multiplierOf(price, usage)) + 500_000n) / 1_000_000n)
}

function tokenLines(price: Price, usage: PriceableUsage): CostLine[] {
  const charges = chargesOf(price, contextOf(usage))
  const used = counters.filter((counter) => countOf(usage, counter) > 0)
  return used.map((what) => {
    const count = countOf(usage, what)
    const { rate, from } = charges[what]
    return { what, count, ratePicoUsd: rate, rateFrom: from, costPicoUsd: count * rate }
  })
}

function searchLines({ webSearches }: PriceableUsage): CostLine[] {
  if (webSearches === 0) return []
  const ratePicoUsd = searchFeeNanoUsd * 1000
  const costPicoUsd = webSearches * ratePicoUsd
  return [{ what: 'webSearches', count: webSearches, ratePicoUsd, rateFrom: 'fee per search', costPicoUsd }]
}

/** The rates of one request: the band's, else the list's, else what the provider's rule makes of the input rate. */
function chargesOf(price: Price, context: number): Charges {
  const band = bandOf(price, context)
  const pick = (counter: keyof Rates): Charge | null => {
    if (price.byHand.includes(counter)) return { rate: price.rates[counter] ?? 0, from: 'set by hand' }
    const above = band?.rates[counter] ?? null
    if (above !== null) return { rate: above, from: `listed above ${band?.above ?? 0} tokens` }
    const base = price.rates[counter]
    return base === null ? null : { rate: base, from: 'listed' }
  }
  const input = pick('input') ?? { rate: 0, from: 'listed' }
  const byRule = (percent: number, times: string): Charge =>
    price.isAnthropic
      ? { rate: Math.round((input.rate * percent) / 100), from: `${times} × input (Anthropic's rule: no rate listed)` }
      : { rate: input.rate, from: 'as input (no rate listed)' }
  const cacheWrite5m = pick('cacheWrite5m') ?? byRule(125, '1.25')
  // A band that leaves out its 1-hour rate would otherwise make long writes cheaper than short ones.
  const isLeftOut = band?.rates.cacheWrite1h === null && !price.byHand.includes('cacheWrite1h')
  const otherwise1h = price.isAnthropic ? byRule(200, '2') : cacheWrite5m
  return {
    input,
    output: pick('output') ?? { rate: 0, from: 'listed' },
    cacheRead: pick('cacheRead') ?? byRule(10, '0.1'),
    cacheWrite5m,
    cacheWrite1h: (isLeftOut ? null : pick('cacheWrite1h')) ?? otherwise1h,
  }
}

function bandOf(price: Price, context: number): Price['bands'][number] | null {
  return price.bands.findLast(({ above }) => context > above) ?? null
}

function contextOf(usage: PriceableUsage): number {
  return usage.input + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheRead
}

/** Reasoning is a part of the output; a log that tells only the part is charged for it. */
function countOf(usage: PriceableUsage, counter: keyof Rates): number {
  return counter === 'output' && usage.output === 0 ? usage.reasoning : usage[counter]
}

/** Anthropic's `priority` is capacity bought in advance, not another rate; OpenAI's is its fast tier. */
function isFast(price: Price, { tier }: PriceableUsage): boolean {
  return tier === 'fast' || (tier === 'priority' && !price.isAnthropic)
}

function multiplierOf(price: Price, usage: PriceableUsage): number {
  return isFast(price, usage) ? (price.fast ?? standard) : standard
}

function notesOf(finding: PriceFinding, usage: PriceableUsage): string[] {
  if (finding.kind === 'unknown') return [`No price is listed for "${usage.model}".`]
  if (finding.kind === 'ambiguous') {
    return [`"${usage.model}" fits several keys of the list equally well: ${finding.keys.join(', ')}.`]
  }
  const { by, price, as } = finding
  const band = bandOf(price, contextOf(usage))
  const notes = [`The price of "${price.name}", ${wordsFor[by]}${as === usage.model ? '' : ` for "${as}"`}.`]
  if (band !== null) {
    notes.push(
      `The request reads ${contextOf(usage)} tokens, more than ${band.above}: that band's rates cover all of it.`,
    )
  }
  if (isFast(price, usage)) {
    const times = multiplierOf(price, usage) / 1000
    notes.push(price.fast === null ? 'No rate is known for the fast tier: standard rates.' : `Fast tier: × ${times}.`)
  }
  if (usage.output === 0 && usage.reasoning > 0) notes.push('Only reasoning is logged: charged as output.')
  return notes
}

const wordsFor = {
  'own rate': 'set by hand in part or whole',
  exact: 'found by its exact name',
  dots: 'found with dots as dashes',
  case: 'found in another case',
  canonical: 'found by the same letters and digits',
} as const
