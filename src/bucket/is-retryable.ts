import { isFamily } from '../base/index.ts'

/** Failures of the family `remote.unreachable` that the same request would meet again. */
const lasting: readonly string[] = [
  'remote.unreachable.changed',
  'remote.unreachable.length',
  'remote.unreachable.listing-cut',
  'remote.unreachable.protocol',
  'remote.unreachable.tls',
]

/**
 * Whether sending the same request again may help: time-outs, dropped connections, 429 and 5xx do;
 * whatever the remote refused, an object that changed, or a bad certificate do not.
 * @param error  as `remoteError` gives it
 */
export function isRetryable(error: unknown): boolean {
  return isFamily(error, 'remote.unreachable') && !lasting.includes(error.code)
}
