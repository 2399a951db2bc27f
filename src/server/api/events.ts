import type { ApiProblem } from './common.ts'
import type { ApiRemoteSummary, ApiSyncCounts } from './fleet.ts'

/*
 * `GET /events` is a stream of server-sent events. Each has a name (`event:`), JSON data and, but for
 * `hello`, an id; the browser sends the last id when it comes back, and gets what it missed. When that is
 * more than the server kept, it gets `reset`: everything shown may be old.
 */

/** `hello`: the first event of every connection. */
export interface HelloEvent {
  readonly kind: 'hello'
  /** The archive's version now; another one than last time means: ask again. */
  readonly version: string
  readonly isSyncing: boolean
}

/** `reset`: more was missed than can be sent again. */
export interface ResetEvent {
  readonly kind: 'reset'
}

/** `archive`: something in the archive changed; nothing did when it is the version known already. */
export interface ArchiveEvent {
  readonly kind: 'archive-changed'
  readonly version: string
}

/** `session`: a session is new or has grown. */
export interface SessionEvent {
  readonly kind: 'session-changed'
  readonly id: string
  readonly isNew: boolean
  readonly messageCount: number
  /** How many of them were not there before; the first new one has the ordinal `messageCount - addedMessages`. */
  readonly addedMessages: number
  readonly endedAt: string | null
}

/** How far the sync of one remote is; at most four a second. */
export interface SyncProgressEvent {
  readonly kind: 'sync-progressed'
  readonly remote: string
  readonly listed: number
  readonly isListed: boolean
  readonly plannedObjects: number
  readonly plannedBytes: number
  readonly doneObjects: number
  readonly failedObjects: number
  readonly readBytes: number
}

/** `sync`: what a sync of this server does. */
export type SyncStreamEvent =
  | SyncProgressEvent
  | { readonly kind: 'sync-started'; readonly remotes: readonly string[] }
  | { readonly kind: 'remote-started'; readonly remote: string }
  | { readonly kind: 'object-failed'; readonly remote: string; readonly key: string; readonly error: ApiProblem }
  | { readonly kind: 'remote-finished'; readonly remote: string; readonly summary: ApiRemoteSummary }
  | { readonly kind: 'sync-finished'; readonly totals: ApiSyncCounts }
  /** The sync stopped before its end. */
  | { readonly kind: 'sync-failed'; readonly error: ApiProblem }

/** Data by event name. */
export interface ApiEvents {
  readonly hello: HelloEvent
  readonly reset: ResetEvent
  readonly archive: ArchiveEvent
  readonly session: SessionEvent
  readonly sync: SyncStreamEvent
}
