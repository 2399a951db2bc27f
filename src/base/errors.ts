/**
 * The one error class of the program, and the exit code each family of codes ends with.
 *
 * A code is `<family>.<what>`; the family alone decides the exit code, so a new failure needs
 * no change outside the room that raises it.
 */
export const exitCodes = {
  internal: 1,
  usage: 2,
  'not-found': 3,
  'remote.refused': 4,
  'remote.unreachable': 5,
  'sync.partial': 6,
  config: 7,
  limit: 8,
  store: 10,
  cancelled: 130,
} as const

export type ErrorFamily = keyof typeof exitCodes
/** A family (`usage`) or a family with a detail (`remote.refused.no-such-bucket`). */
export type ErrorCode = ErrorFamily | `${ErrorFamily}.${string}`

export interface ErrorDetails {
  readonly code: ErrorCode
  /** What went wrong, in one line; never holds a secret. */
  readonly message: string
  /** What the reader can do next, in one line. */
  readonly hint?: string | undefined
  readonly context?: Readonly<Record<string, unknown>> | undefined
  readonly cause?: unknown
}

/** Every failure the program raises on purpose; anything else that is thrown is a bug of ours. */
export class AgentsviewError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly context: Readonly<Record<string, unknown>>

  constructor(details: ErrorDetails) {
    super(details.message, { cause: details.cause })
    this.name = 'AgentsviewError'
    this.code = details.code
    this.hint = details.hint
    this.context = details.context ?? {}
  }
}

/** True when `error` carries a code of this family (`remote.refused` also matches `remote.refused.x`). */
export function isFamily(error: unknown, family: ErrorFamily): error is AgentsviewError {
  return error instanceof AgentsviewError && (error.code === family || error.code.startsWith(`${family}.`))
}

/** The exit code of an error: its family's, or 1 for anything not raised on purpose. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof AgentsviewError)) return exitCodes.internal
  const { code } = error
  const families = Object.keys(exitCodes) as ErrorFamily[]
  const family = families.find((name) => code === name || code.startsWith(`${name}.`))
  return family === undefined ? exitCodes.internal : exitCodes[family]
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
