import type { EpochMs } from '../base/index.ts'
import type { ByteOffset } from './object.ts'

/** Integer 10⁻⁹ US dollars. */
export type NanoUsd = number

/**
 * Tokens of one model response, in disjoint counters: their sum is the total.
 * `reasoning` is a part of `output`, kept for show.
 */
export interface TokenCounts {
  /** Input that no cache served. */
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  /** Cache writes kept for 5 minutes, and writes whose life is not told. */
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly reasoning: number
}

/**
 * One charged model response as one object tells it. The same response may stand in many objects
 * (resume copies, other machines): rows with the same `dedupeKey` are charged once.
 */
export interface Usage extends TokenCounts {
  readonly kind: 'usage'
  readonly sessionId: string
  readonly offset: ByteOffset
  /** Tells apart several rows of one line; 0 for the first. */
  readonly part: number
  /** Model as the log names it; `unknown` when it names none. */
  readonly model: string
  readonly at: EpochMs | null
  /** Global identity of the response; null when the log gives none. */
  readonly dedupeKey: string | null
  readonly webSearches: number
  /** Told by another session's log than the one that had the response: never the owner where that one is there. */
  readonly isRelayed: boolean
  /** `standard`, `fast`, `priority`, … as logged; null when not told. */
  readonly tier: string | null
  /** Cost as logged (`costUSD`), kept for `usage explain`, never summed. */
  readonly reportedCost: NanoUsd | null
}
