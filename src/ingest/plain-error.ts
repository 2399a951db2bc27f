import type { ErrorCode } from '../base/index.ts'
import { AgentsviewError } from '../base/index.ts'

/** An error on its way between two threads: its class would not survive that. */
export interface PlainError {
  readonly code: ErrorCode | null
  readonly message: string
  readonly hint: string | null
  readonly stack: string | null
}

/** An error as data. */
export function toPlain(error: unknown): PlainError {
  if (error instanceof AgentsviewError) {
    return { code: error.code, message: error.message, hint: error.hint ?? null, stack: null }
  }
  const isError = error instanceof Error
  return {
    code: null,
    message: isError ? error.message : String(error),
    hint: null,
    stack: (isError && error.stack) || null,
  }
}

/** The error again. */
export function fromPlain(plain: PlainError): Error {
  if (plain.code !== null) {
    return new AgentsviewError({ code: plain.code, message: plain.message, hint: plain.hint ?? undefined })
  }
  const error = new Error(plain.message)
  if (plain.stack !== null) error.stack = plain.stack
  return error
}
