import type { ContentfulStatusCode } from 'hono/utils/http-status'

import { AgentsviewError, exitCodeOf } from '../base/index.ts'
import type { ApiFailure } from './api.ts'

/** HTTP status by exit code; everything else is a failure of ours. */
const statusOfExit: Readonly<Record<number, ContentfulStatusCode>> = {
  2: 400,
  3: 404,
  4: 502,
  5: 504,
  8: 413,
  10: 503,
}

/** Codes that say more than their family. */
const statusOfCode: Readonly<Record<string, ContentfulStatusCode>> = {
  'usage.actions-off': 403,
  'usage.login': 401,
  'usage.method': 405,
  'usage.running': 409,
  'usage.machine-taken': 409,
  'limit.logins': 429,
  'remote.unreachable.changed': 409,
  'remote.refused.gone': 410,
}

/** The HTTP status of an error. */
export function statusOf(error: AgentsviewError): ContentfulStatusCode {
  return statusOfCode[error.code] ?? statusOfExit[exitCodeOf(error)] ?? 500
}

/** The error as it may be told; what was not raised on purpose is not told at all. */
export function knownError(error: unknown): AgentsviewError {
  return error instanceof AgentsviewError
    ? error
    : new AgentsviewError({ code: 'internal', message: 'this is a bug of agentsview', cause: error })
}

/** An error as the JSON of the API. */
export function failureJson(error: AgentsviewError): ApiFailure {
  const { code, message, hint } = error
  return { error: hint === undefined ? { code, message } : { code, message, hint } }
}
