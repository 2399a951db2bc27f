import { AgentsviewError, messageOf } from '../base/index.ts'
import type { FailureInfo } from '../model/index.ts'

/** A failure as summaries show it. */
export function failureOf(error: unknown): FailureInfo {
  if (error instanceof AgentsviewError) {
    return { code: error.code, message: error.message, hint: error.hint ?? null }
  }
  return { code: 'internal', message: messageOf(error), hint: null }
}
