import type { ErrorCode } from '../base/index.ts'
import type { RemoteName } from './object.ts'

/** A failure as summaries, JSON and events show it. */
export interface FailureInfo {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | null
}

/** Something odd that lost nothing: told once per run, does not change the exit code. */
export interface Notice {
  readonly code:
    | 'key-refused'
    | 'archived-class'
    | 'no-machine-rule'
    | 'two-hosts'
    | 'too-large'
    | 'object-refused'
    | 'object-changed'
    | 'object-claimed'
  readonly message: string
  /** How many objects it is about, when it is about objects. */
  readonly count: number
}

export interface SyncCounts {
  readonly objects: {
    readonly listed: number
    readonly unchanged: number
    readonly appended: number
    readonly reread: number
    readonly gone: number
    readonly failed: number
    readonly refused: number
  }
  readonly bytes: { readonly fetched: number }
  readonly requests: { readonly list: number; readonly get: number; readonly head: number }
  readonly sessions: { readonly added: number; readonly updated: number }
  readonly messages: { readonly added: number }
  readonly badLines: number
  /** Wall time in milliseconds. */
  readonly ms: number
}

export interface RemoteSummary extends SyncCounts {
  readonly name: RemoteName
  readonly ok: boolean
  readonly error: FailureInfo | null
  /** `quick`: only the folders in which something changed of late were listed. */
  readonly pass: 'full' | 'quick'
  /** Start of the last full pass, RFC 3339; null when none is remembered, as where every pass is full. */
  readonly lastFullPassAt: string | null
  /** What the listing asked for: objects to read, and about how many bytes of them. */
  readonly planned: { readonly objects: number; readonly bytes: number }
  /** Distinct machines among the remote's objects. */
  readonly machines: number
  readonly notices: readonly Notice[]
  readonly failures: readonly { readonly key: string; readonly error: FailureInfo }[]
}

export interface SyncSummary {
  readonly ok: boolean
  readonly remotes: readonly RemoteSummary[]
  readonly totals: SyncCounts
  readonly cancelled: boolean
}

/** What a sync does, as it does it; the CLI draws it, the server relays it, tests assert on it. */
export type SyncEvent =
  | { readonly kind: 'remote-started'; readonly remote: RemoteName }
  | {
      readonly kind: 'remote-listed'
      readonly remote: RemoteName
      readonly objects: number
      readonly isComplete: boolean
    }
  | { readonly kind: 'work-planned'; readonly remote: RemoteName; readonly objects: number; readonly bytes: number }
  | {
      readonly kind: 'object-started'
      readonly remote: RemoteName
      readonly key: string
      readonly bytes: number
      readonly why: string
    }
  | { readonly kind: 'bytes-read'; readonly remote: RemoteName; readonly key: string; readonly bytes: number }
  | { readonly kind: 'batch-committed'; readonly bytes: number; readonly records: number }
  | { readonly kind: 'object-finished'; readonly remote: RemoteName; readonly key: string }
  | { readonly kind: 'object-failed'; readonly remote: RemoteName; readonly key: string; readonly error: FailureInfo }
  | {
      readonly kind: 'line-skipped'
      readonly remote: RemoteName
      readonly key: string
      readonly offset: number
      readonly reason: string
    }
  | { readonly kind: 'remote-finished'; readonly remote: RemoteName; readonly summary: RemoteSummary }
  | { readonly kind: 'sync-finished'; readonly totals: SyncCounts }
