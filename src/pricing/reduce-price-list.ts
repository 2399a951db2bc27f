import { createHash } from 'node:crypto'
import { AgentsviewError, isObject } from '../base/index.ts'
import type { JsonObject } from '../base/index.ts'
import { maxRate } from './price-list.ts'
import type { PriceList, PriceRow } from './price-list.ts'

/** Kinds of models that write session logs; embeddings, images and speech do not. */
const modes = new Set<unknown>(['chat', 'responses', 'completion'])

/** LiteLLM's names for the five columns, without the suffix of a band. */
const columns = [
  'input_cost_per_token',
  'output_cost_per_token',
  'cache_read_input_token_cost',
  'cache_creation_input_token_cost',
  'cache_creation_input_token_cost_above_1hr',
] as const

/** Fast-mode multipliers that Anthropic publishes and the list leaves out, in thousandths. */
const fastMultipliers: Readonly<Record<string, number>> = {
  'claude-opus-4-6': 6000,
  'claude-opus-4-6-20260205': 6000,
  'claude-opus-4-7': 6000,
  'claude-opus-4-7-20260416': 6000,
}

/**
 * Reduces LiteLLM's published list (`model_prices_and_context_window.json`) to the rates used here.
 * Fractions of a pico-dollar are rounded half up; a model with a rate nobody can mean (a rate per thousand
 * tokens taken for one per token) is left out, so that it is unpriced rather than wrong.
 * @param published the parsed JSON
 * @param retired older editions, newest first: Anthropic and OpenAI models that later ones dropped keep
 *   the price they had last, because logs of that time remain
 * @throws AgentsviewError `config.prices` when a rate is negative or not a number: then nothing of the list is trusted
 * @see https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json
 */
export function reducePriceList(
  published: unknown,
  about: { readonly source: string; readonly date: string },
  retired: readonly unknown[] = [],
): PriceList {
  const rows = reduceAll(published, () => true)
  for (const edition of retired) {
    for (const [name, row] of reduceAll(edition, isFirstParty)) if (!rows.has(name)) rows.set(name, row)
  }
  const models = Object.fromEntries([...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  const hash = createHash('sha256').update(JSON.stringify(models)).digest('hex').slice(0, 12)
  return { ...about, hash, models }
}

function reduceAll(published: unknown, isWanted: (name: string, entry: JsonObject) => boolean): Map<string, PriceRow> {
  if (!isObject(published)) throw unusable('it is not a JSON object')
  const rows = new Map<string, PriceRow>()
  for (const [name, entry] of Object.entries(published)) {
    if (!isObject(entry) || !modes.has(entry['mode']) || !isWanted(name, entry)) continue
    const row = reduceEntry(name, entry)
    if (row !== null) rows.set(name, row)
  }
  return rows
}

function isFirstParty(name: string, entry: JsonObject): boolean {
  return !name.includes('/') && ['anthropic', 'openai'].includes(String(entry['litellm_provider']))
}

function reduceEntry(name: string, entry: JsonObject): PriceRow | null {
  const listed = readColumns(name, entry, '')
  if (listed.some((rate) => rate !== null && rate > maxRate)) return null
  if (listed[0] === null && listed[1] === null) return null
  const rates = trim([listed[0] ?? 0, listed[1] ?? 0, ...listed.slice(2)])
  const bands = readBands(name, entry)
  const fast = readFast(name, entry)
  return { rates, ...(bands.length > 0 && { bands }), ...(fast !== null && { fast }) }
}

function readBands(name: string, entry: JsonObject): (number | null)[][] {
  const bands: (number | null)[][] = []
  for (const key of Object.keys(entry)) {
    const match = /^input_cost_per_token(_above_(\d+)(k?)_tokens)$/.exec(key)
    if (match === null) continue
    const above = Number(match[2]) * (match[3] === 'k' ? 1000 : 1)
    const rates = readColumns(name, entry, match[1] ?? '')
    if (rates[0] !== null) bands.push([above, ...trim(rates)])
  }
  return bands.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
}

/** The multiplier the list names, or the one its priority rates share for input and output. */
function readFast(name: string, entry: JsonObject): number | null {
  const own = isObject(entry['provider_specific_entry']) ? entry['provider_specific_entry']['fast'] : undefined
  if (typeof own === 'number' && own > 0) return Math.round(own * 1000)
  const known = fastMultipliers[name]
  if (known !== undefined) return known
  if (!isFirstParty(name, entry)) return null
  const [input, output] = [ratio(entry, 'input_cost_per_token'), ratio(entry, 'output_cost_per_token')]
  return input !== null && input === output ? input : null
}

function ratio(entry: JsonObject, key: string): number | null {
  const [base, priority] = [Number(entry[key]), Number(entry[`${key}_priority`])]
  const thousandths = Math.round((priority / base) * 1000)
  return Number.isSafeInteger(thousandths) && thousandths > 0 ? thousandths : null
}

function readColumns(name: string, entry: JsonObject, suffix: string): (number | null)[] {
  return columns.map((column) => {
    const dollars = entry[column + suffix]
    if (dollars === undefined || dollars === null) return null
    const rate = typeof dollars === 'number' ? Math.round(dollars * 1e12) : Number.NaN
    if (Number.isSafeInteger(rate) && rate >= 0) return rate
    throw unusable(`the rate "${column + suffix}" of "${name.slice(0, 128)}" is negative or not a number`)
  })
}

function trim(rates: readonly (number | null)[]): (number | null)[] {
  const last = rates.findLastIndex((rate) => rate !== null)
  return rates.slice(0, last + 1)
}

function unusable(why: string): AgentsviewError {
  return new AgentsviewError({
    code: 'config.prices',
    message: `The published price list cannot be used: ${why}.`,
    hint: 'The prices in use are unchanged. Try again later, or set rates of your own in agentsview.toml.',
  })
}
