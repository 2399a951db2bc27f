import { setTimeout as wait } from 'node:timers/promises'

import { cancelledBy } from './s3-error.ts'

/** How long a bucket waits and how often it tries; all times in milliseconds. */
export interface RetryPolicy {
  /** Requests for one answer, the first included; also openings of one body since its last new byte. */
  readonly tries: number
  /** Mean of the first pause between tries; doubles with each further failure. */
  readonly baseDelayMs: number
  readonly maxDelayMs: number
  /** Longest wait for the next byte of a body. */
  readonly idleMs: number
  /** Longest wait for a connection. */
  readonly connectMs: number
  /** Longest wait for the headers of an answer. */
  readonly answerMs: number
  /** Longest wait for a page of a listing, with all the tries for its headers. */
  readonly pageMs: number
  /** Of each so long a wait for a body, at least `slowBytes` must have come. */
  readonly slowMs: number
  readonly slowBytes: number
}

export const defaultRetryPolicy: RetryPolicy = {
  tries: 4,
  baseDelayMs: 200,
  maxDelayMs: 5_000,
  idleMs: 30_000,
  connectMs: 3_000,
  answerMs: 30_000,
  pageMs: 150_000,
  slowMs: 60_000,
  slowBytes: 16 * 1024,
}

/**
 * The pause after the n-th failure in a row (n from 1), in milliseconds: half to one and a half times
 * the doubled base, never 0, so that many readers do not come back at one moment.
 */
export function backoffMs(policy: RetryPolicy, failures: number, random: () => number = Math.random): number {
  const mean = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (failures - 1))
  return Math.max(1, Math.round(mean * (0.5 + random())))
}

/**
 * Waits `ms`.
 * @throws AgentsviewError `cancelled`, or the signal's own reason, as soon as it is aborted
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal })
  } catch {
    throw cancelledBy(signal)
  }
}
