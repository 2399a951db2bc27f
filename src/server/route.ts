import type { Context } from 'hono'

import type { Answer } from './api.ts'
import type { ServerContext } from './context.ts'
import type { ParamName } from './params.ts'
import type { JsonSchema, Shape } from './shape.ts'

/**
 * How long an answer stays right: until the archive changes or a day begins; until the minute ends; or it
 * must be made anew each time.
 */
export type Freshness = 'archive' | 'minute' | 'never'

/** One address of the API: registration and the published description are both made from it. */
export interface Route {
  readonly method: 'get' | 'post'
  /** Below `/api/v1`; `:name` is a part that varies. */
  readonly path: string
  readonly summary: string
  readonly params: readonly ParamName[]
  readonly shape: Shape<unknown>
  readonly freshness: Freshness
  /** Schema of the body, for POST. */
  readonly body: JsonSchema | null
  answer(request: Context, context: ServerContext): Promise<object>
}

/** One address that gives a file rather than JSON. */
export interface FileRoute {
  readonly path: string
  readonly summary: string
  readonly params: readonly ParamName[]
  /** Content types it may give. */
  readonly types: readonly string[]
  answer(request: Context, context: ServerContext): Promise<Response>
}

type Body<T> = Omit<T, 'schemaVersion'>

/** Makes a route; the compiler holds its answer to its shape. */
export function defineRoute<T extends Answer<string>>(spec: {
  readonly method?: 'post' | undefined
  readonly path: string
  readonly summary: string
  readonly params?: readonly ParamName[] | undefined
  readonly shape: Shape<T>
  readonly freshness?: Freshness | undefined
  readonly body?: JsonSchema | undefined
  answer(request: Context, context: ServerContext): Promise<Body<T>>
}): Route {
  return {
    method: spec.method ?? 'get',
    path: spec.path,
    summary: spec.summary,
    params: spec.params ?? [],
    // What it holds is of no concern any more: the compiler has compared it above.
    shape: { json: spec.shape.json, parts: spec.shape.parts },
    freshness: spec.freshness ?? 'archive',
    body: spec.body ?? null,
    answer: async (request, context) => ({ schemaVersion: 1, ...(await spec.answer(request, context)) }),
  }
}
