import type { PriceList, PriceRow } from './price-list.ts'

/** Listed rates in whole pico-dollars per token; null where the list has none. */
export interface Rates {
  readonly input: number
  readonly output: number
  readonly cacheRead: number | null
  readonly cacheWrite5m: number | null
  readonly cacheWrite1h: number | null
}

/** What one model costs. */
export interface Price {
  /** Key of the list, or the model's own name when a person set its rates. */
  readonly name: string
  /** Anthropic's rules stand in for cache rates that are not listed. */
  readonly isAnthropic: boolean
  readonly rates: Rates
  /** Rates for requests of more than `above` tokens, ascending; output null means as below the band. */
  readonly bands: readonly {
    readonly above: number
    readonly rates: Omit<Rates, 'output'> & { readonly output: number | null }
  }[]
  /** Rates a person set: they hold whatever the context, no band touches them. */
  readonly byHand: readonly (keyof Rates)[]
  /** Multiplier of the fast tier in thousandths; null when none is known. */
  readonly fast: number | null
}

/** How a model's name was found in the list, or why it was not. */
export type PriceFinding =
  | {
      readonly kind: 'found'
      readonly by: 'own rate' | 'exact' | 'dots' | 'case' | 'canonical'
      readonly as: string
      readonly price: Price
    }
  | { readonly kind: 'ambiguous'; readonly keys: readonly string[] }
  | { readonly kind: 'unknown' }

const unknown: PriceFinding = { kind: 'unknown' }

/**
 * Looks models up in a price list, by equality only and never by part of a name: the name as it is, with `.` as `-`,
 * in any case, then reduced to its letters and digits; then the same without a trailing `[…]` or `(…)`, then
 * without a trailing `-YYYYMMDD` too. A key with another provider's prefix does not match; keys of equal
 * standing make the name ambiguous.
 */
export function priceFinder(list: PriceList): (model: string) => PriceFinding {
  // Most models are found by their exact name: the two indexes are made when the first one is not.
  const byLowerCase = lazyIndex(list, lower)
  const byCanonical = lazyIndex(list, canonical)
  const steps: readonly ((name: string) => { by: 'exact' | 'dots' | 'case' | 'canonical'; keys: readonly string[] })[] =
    [
      (name) => ({ by: 'exact', keys: Object.hasOwn(list.models, name) ? [name] : [] }),
      (name) => ({ by: 'dots', keys: Object.hasOwn(list.models, dashed(name)) ? [dashed(name)] : [] }),
      (name) => ({ by: 'case', keys: byLowerCase().get(lower(name)) ?? byLowerCase().get(lower(dashed(name))) ?? [] }),
      (name) => ({ by: 'canonical', keys: fitting(name, byCanonical().get(canonical(name)) ?? []) }),
    ]
  return (model) => {
    for (const name of namesOf(model)) {
      for (const step of steps) {
        const { by, keys: matches } = step(name)
        const [key] = matches
        if (matches.length > 1) return { kind: 'ambiguous', keys: matches }
        const row = key === undefined ? undefined : list.models[key]
        if (key !== undefined && row !== undefined) return { kind: 'found', by, as: name, price: toPrice(key, row) }
      }
    }
    return unknown
  }
}

/** Of the keys with the same letters and digits, those that stand nearest to the name's own provider. */
function fitting(name: string, keys: readonly string[]): readonly string[] {
  const own = prefixOf(name)
  const standing = (key: string): number => {
    const provider = prefixOf(key)
    if (provider === '') return 1
    if (own === '') return 2
    return provider === own ? 0 : Number.POSITIVE_INFINITY
  }
  const best = Math.min(...keys.map(standing))
  return Number.isFinite(best) ? keys.filter((key) => standing(key) === best) : []
}

/** The names to try, the fullest first. */
function namesOf(model: string): readonly string[] {
  const bare = model.replace(/(?:\[[^[\]]*\]|\([^()]*\))$/, '').trimEnd()
  const undated = bare.replace(/-20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/, '')
  return [...new Set([model, bare, undated])].filter((name) => name !== '')
}

function toPrice(name: string, row: PriceRow): Price {
  const bands = (row.bands ?? []).map(([above, ...rates]) => {
    const [input, output, cacheRead, cacheWrite5m, cacheWrite1h] = rates
    return {
      above: above ?? 0,
      rates: {
        input: input ?? 0,
        output: output ?? null,
        cacheRead: cacheRead ?? null,
        cacheWrite5m: cacheWrite5m ?? null,
        cacheWrite1h: cacheWrite1h ?? null,
      },
    }
  })
  const [input, output, cacheRead, cacheWrite5m, cacheWrite1h] = row.rates
  return {
    name,
    isAnthropic: isAnthropicName(name),
    rates: {
      input: input ?? 0,
      output: output ?? 0,
      cacheRead: cacheRead ?? null,
      cacheWrite5m: cacheWrite5m ?? null,
      cacheWrite1h: cacheWrite1h ?? null,
    },
    bands,
    byHand: [],
    fast: row.fast ?? null,
  }
}

/** True for Anthropic's models, whoever hosts them: all of them are called Claude. */
export function isAnthropicName(name: string): boolean {
  return name.toLowerCase().includes('claude')
}

function lazyIndex(list: PriceList, form: (name: string) => string): () => ReadonlyMap<string, readonly string[]> {
  let groups: Map<string, string[]> | null = null
  return () => {
    if (groups !== null) return groups
    groups = new Map()
    for (const name of Object.keys(list.models)) {
      const key = form(name)
      const group = groups.get(key)
      if (group !== undefined) group.push(name)
      else if (key !== '') groups.set(key, [name])
    }
    return groups
  }
}

function prefixOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/'))).toLowerCase()
}

function canonical(name: string): string {
  return name
    .slice(name.lastIndexOf('/') + 1)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
}

function lower(name: string): string {
  return name.toLowerCase()
}

function dashed(name: string): string {
  return name.replaceAll('.', '-')
}
