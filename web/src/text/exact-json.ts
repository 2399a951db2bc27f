/** A number that JavaScript cannot hold, as it was written. */
export class ExactNumber {
  readonly digits: string

  constructor(digits: string) {
    this.digits = digits
  }
}

const mostCharacters = 300_000

/**
 * Reads JSON without changing long numbers.
 * @returns undefined for what is no JSON, too large, or nested too deep to walk
 */
export function readJson(text: string): unknown {
  if (text.length > mostCharacters || !/^\s*[[{"\dtfn-]/.test(text)) return undefined
  try {
    return JSON.parse(text, exact) as unknown
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

/** Newer browsers tell the text a value was read from; older ones show such numbers rounded. */
function exact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(context.source) ? value : new ExactNumber(context.source)
}

/** The value as an object with string keys, else null. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  const isRecord =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  return isRecord ? (value as Record<string, unknown>) : null
}

/** A string of an object under one of these names; null where none has one. */
export function textOf(record: Readonly<Record<string, unknown>> | null, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = record?.[name]
    if (typeof value === 'string') return value
  }
  return null
}
