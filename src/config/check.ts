import { isObject, parseByteSize, parseTimeSpan } from '../base/index.ts'
import type { Mistakes } from './mistakes.ts'
import { nearest } from './nearest.ts'
import { parsePrice } from './parse-price.ts'
import { secretKeyAdvice } from './schema.ts'
import type { KeyType, TableSpec } from './schema.ts'
import type { TomlPath } from './toml-scan.ts'

/** A table whose keys are all known and whose values have the right type; what was wrong is left out. */
export interface CheckedTable {
  readonly path: TomlPath
  has(key: string): boolean
  text(key: string): string | null
  flag(key: string): boolean | null
  /** Of counts, sizes (bytes), spans (milliseconds) and prices (pico-dollars per token). */
  number(key: string): number | null
  texts(key: string): readonly string[] | null
  textMap(key: string): Readonly<Record<string, string>> | null
}

/** Checks one table against its keys; every fault becomes a mistake. */
export function checkTable(
  raw: unknown,
  spec: TableSpec,
  path: TomlPath,
  mistakes: Mistakes,
  planned: readonly string[] = [],
): CheckedTable {
  const values = new Map<string, unknown>()
  if (isObject(raw)) {
    for (const [key, value] of Object.entries(raw)) {
      const known = Object.hasOwn(spec, key) ? spec[key] : undefined
      if (known === undefined) {
        mistakes.add([...path, key], unknownKey(key, Object.keys(spec), planned))
        continue
      }
      const read = readValue(value, known.type)
      if ('problem' in read) mistakes.add([...path, key], read.problem)
      else values.set(key, read.value)
      if ('problems' in read) for (const [inner, what] of read.problems) mistakes.add([...path, key, inner], what)
    }
  } else if (raw !== undefined) {
    mistakes.add(path, `must be a table, not ${kindOf(raw)}`)
  }
  return tableOf(path, values, isObject(raw) ? new Set(Object.keys(raw)) : new Set())
}

/** What to say about a key that is not in the schema. */
export function unknownKey(key: string, known: readonly string[], planned: readonly string[]): string {
  if (planned.includes(key)) return `\`${key}\` is not supported yet; remove it`
  const better = secretKeyAdvice(key)
  if (better !== null)
    return `a secret must not stand in this file; put it in an environment variable and name that in ${better}${known.includes('profile') ? ', or name a profile' : ''}`
  const guess = nearest(key, known)
  return `unknown key${guess === null ? '' : `; did you mean "${guess}"?`}`
}

type Read =
  | { readonly value: unknown }
  | { readonly problem: string }
  /** The good entries of a table, and what is wrong with the others, by their keys. */
  | { readonly value: unknown; readonly problems: readonly (readonly [string, string])[] }

function readValue(value: unknown, type: KeyType): Read {
  switch (type.is) {
    case 'text':
      return typeof value === 'string' ? oneOf(value, type.choices) : wrong('text in quotes', value)
    case 'flag':
      return typeof value === 'boolean' ? { value } : wrong('true or false', value)
    case 'count':
      return readCount(value, type.min, type.max)
    case 'size':
      return readSize(value, type.min)
    case 'span':
      return readSpan(value, type.min, type.max)
    case 'texts':
      return readTexts(value, type.choices)
    case 'text-map':
      return readTextMap(value)
    case 'price':
      return parsePrice(value)
  }
}

function readCount(value: unknown, min: number, max: number): Read {
  if (typeof value !== 'number' || !Number.isInteger(value)) return wrong('a whole number', value)
  return value >= min && value <= max ? { value } : { problem: `must be from ${min} to ${max}` }
}

function readSize(value: unknown, min: number): Read {
  const bytes = typeof value === 'string' ? parseByteSize(value) : value
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes))
    return wrong('a size such as "64MiB" or whole bytes', value)
  return bytes >= min ? { value: bytes } : { problem: `must be at least ${min} bytes` }
}

function readSpan(value: unknown, min: number, max: number): Read {
  const ms = typeof value === 'string' ? parseTimeSpan(value) : null
  if (ms === null) return wrong('a span of time such as "30m", "1h" or "7d"', value)
  if (ms < min) return { problem: `must be at least ${min / 1000}s` }
  return ms <= max ? { value: ms } : { problem: `must be at most ${Math.floor(max / 86_400_000)}d` }
}

function readTexts(value: unknown, choices: readonly string[] | undefined): Read {
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return wrong('a list of texts', value)
  for (const one of value) {
    const read = oneOf(one, choices)
    if ('problem' in read) return read
  }
  return { value }
}

function readTextMap(value: unknown): Read {
  if (!isObject(value)) return wrong('a table { "from" = "to" }', value)
  const entries = Object.entries(value)
  const good = entries.filter(([, to]) => typeof to === 'string')
  const bad = entries.filter(([, to]) => typeof to !== 'string')
  return {
    value: Object.fromEntries(good),
    problems: bad.map(([from, to]) => [from, wrong('text in quotes', to).problem] as const),
  }
}

function oneOf(value: string, choices: readonly string[] | undefined): Read {
  if (choices === undefined || choices.includes(value)) return { value }
  const guess = nearest(value, choices)
  const offer =
    guess === null ? `choose from ${choices.join(', ')}` : `did you mean "${guess}"? (of ${choices.join(', ')})`
  return { problem: `"${value}" is not one of its values; ${offer}` }
}

function wrong(wanted: string, value: unknown): { readonly problem: string } {
  return { problem: `must be ${wanted}, not ${kindOf(value)}` }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Date) return 'a date'
  if (typeof value === 'string') return 'that text'
  if (typeof value === 'boolean') return 'true or false'
  return isObject(value) ? 'a table' : String(value)
}

/** The type of each value was checked by its key's spec, so a getter of that type cannot be wrong. */
function tableOf(path: TomlPath, values: ReadonlyMap<string, unknown>, present: ReadonlySet<string>): CheckedTable {
  const get = (key: string): unknown => values.get(key) ?? null
  return {
    path,
    has: (key) => present.has(key),
    text: (key) => get(key) as string | null,
    flag: (key) => get(key) as boolean | null,
    number: (key) => get(key) as number | null,
    texts: (key) => get(key) as readonly string[] | null,
    textMap: (key) => get(key) as Readonly<Record<string, string>> | null,
  }
}
