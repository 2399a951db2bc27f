import type { AgentsviewError } from '../base/index.ts'

/** Failures in a row of a remote that does not answer, after which it is asked for nothing more in this run. */
const unansweredInRow = 8
/** Failures of any kind in a row, with nothing read at all, after which a remote is given up. */
const hopelessInRow = 16

/** Failures that speak of the remote and not of the object that was asked for. */
const ofTheRemote: readonly string[] = [
  'remote.unreachable.dns',
  'remote.unreachable.refused-connection',
  'remote.unreachable.timeout',
  'remote.unreachable.tls',
  'remote.unreachable.network',
  'remote.unreachable.server',
  'remote.unreachable.body',
]

/**
 * Tells a remote where nothing can be read from one where single objects fail: every object of a dead one would
 * cost all its retries.
 */
export interface CircuitBreaker {
  /** Nothing more is asked of this remote in this run. */
  readonly isOpen: boolean
  succeeded(): void
  /** @returns true when this failure opened it */
  failed(error: AgentsviewError): boolean
  /** Opens it, whatever came before. */
  trip(): void
}

/** Makes a closed one, for one remote in one run. */
export function circuitBreaker(): CircuitBreaker {
  let unanswered = 0
  let failures = 0
  let hasRead = false
  let isOpen = false
  return {
    get isOpen() {
      return isOpen
    },
    succeeded: () => {
      unanswered = 0
      failures = 0
      hasRead = true
    },
    failed: (error) => {
      if (isOpen) return false
      failures += 1
      unanswered = ofTheRemote.includes(error.code) ? unanswered + 1 : 0
      isOpen = unanswered >= unansweredInRow || (!hasRead && failures >= hopelessInRow)
      return isOpen
    },
    trip: () => {
      isOpen = true
    },
  }
}
