/** A JSON value; what parsers keep as resume state and what the archive stores as text. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
/** An object read from untrusted JSON: every access must be checked. */
export type JsonObject = { readonly [key: string]: unknown }

/** True for a JSON object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as a non-empty string, else null. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** The value as an object, else null. */
export function asObject(value: unknown): JsonObject | null {
  return isObject(value) ? value : null
}

/** The value as an array, else an empty one. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : []
}
