import type { ApiCount, ApiFailure, ApiProblem, ApiRole, ApiTokens } from '../api.ts'
import { count, just, list, named, object, oneOf, optional, orNull, text } from '../shape.ts'

export const tokenFields = {
  inputTokens: count,
  outputTokens: count,
  cacheCreationTokens: count,
  cacheReadTokens: count,
  totalTokens: count,
} satisfies { readonly [K in keyof ApiTokens]: typeof count }

export const pageFields = { total: count, nextCursor: orNull(text) }

/** The first two fields of every answer. */
export function kind<const K extends string>(name: K) {
  return { schemaVersion: just(1), kind: just(name) }
}

export const role = oneOf<ApiRole>('user', 'assistant', 'system')
export const texts = list(text)
export const failure = named(
  'Failure',
  object<ApiFailure>({ error: object<ApiFailure['error']>({ code: text, message: text, hint: optional(text) }) }),
)
export const problem = named('Problem', object<ApiProblem>({ code: text, message: text, hint: orNull(text) }))
export const valueCount = named('Count', object<ApiCount>({ value: orNull(text), count }))
