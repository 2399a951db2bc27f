/** Every good answer: `kind` tells its shape, `schemaVersion` rises when a shape changes. */
export interface Answer<Kind extends string> {
  readonly schemaVersion: 1
  readonly kind: Kind
}

/** Every other answer (4xx, 5xx). */
export interface ApiFailure {
  readonly error: {
    /** `<family>.<what>`: `not-found.session`, `usage.date`, … */
    readonly code: string
    readonly message: string
    /** What to do next. */
    readonly hint?: string | undefined
  }
}

/** A page of a list: `total` counts all matches, `nextCursor` goes to `cursor` and is null on the last page. */
export interface Page {
  readonly total: number
  readonly nextCursor: string | null
}

/** A failure as states and summaries show it. */
export interface ApiProblem {
  readonly code: string
  readonly message: string
  readonly hint: string | null
}

/** Tokens of charged responses; `totalTokens` is the sum of the four. */
export interface ApiTokens {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationTokens: number
  readonly cacheReadTokens: number
  readonly totalTokens: number
}

/** A value of a facet and how many there are of it; null is "none told". */
export interface ApiCount {
  readonly value: string | null
  readonly count: number
}

export type ApiRole = 'user' | 'assistant' | 'system'
