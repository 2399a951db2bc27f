import type { Answer, ApiProblem, Page } from './common.ts'
import type { ApiCheck } from './sessions.ts'

/** A machine whose sessions are in the archive. */
export interface ApiMachine {
  readonly name: string
  readonly remotes: readonly string[]
  readonly agents: readonly string[]
  /** As many as the list of sessions shows for it. */
  readonly sessions: number
  readonly lastPushAt: string | null
  readonly firstSessionAt: string | null
  readonly lastSessionAt: string | null
  /** Nothing was pushed for a week. */
  readonly stale: boolean
  readonly cost7dUSD: number | null
  readonly cost7dNanoUSD: number | null
  readonly cost30dUSD: number | null
  readonly cost30dNanoUSD: number | null
  readonly objects: number
  readonly bytes: number
  /** Versions of the agents its sessions were written by, the latest used first. */
  readonly agentVersions: readonly {
    readonly agent: string
    readonly version: string
    readonly lastAt: string | null
  }[]
  /** Sessions of it that stand on another machine as well. */
  readonly sharedSessions: number
}

/** `GET /machines` */
export interface MachinesAnswer extends Answer<'machineList'> {
  readonly machines: readonly ApiMachine[]
}

/** `POST /machines/:name/rename` with `{"to": "name"}`, or `{"to": "name of another", "merge": true}` */
export interface MachineRenamedAnswer extends Answer<'machineRenamed'> {
  readonly from: string
  readonly to: string
  readonly objects: number
  readonly sessions: number
}

/** What one run did for one remote. */
export interface ApiRemoteRun {
  readonly startedAt: string | null
  readonly ok: boolean
  readonly ms: number
  readonly listed: number
  /** Objects read, from where it was left off or anew. */
  readonly changed: number
  readonly failed: number
  readonly bytesFetched: number
  readonly requests: number
}

/** A place that sessions are read from, as the config declares it and as the archive knows it. */
export interface ApiRemote {
  readonly name: string
  /**
   * `disabled` and `undeclared` are not read; `new` was never read; `failing` could not be read in its last
   * run; `lagging` has objects that were not read to their end.
   */
  readonly state: 'ok' | 'lagging' | 'failing' | 'new' | 'disabled' | 'undeclared'
  /** What the config says; null when it does not declare the remote (any more). */
  readonly config: {
    readonly provider: string
    readonly bucket: string
    readonly prefixes: readonly string[]
    readonly endpoint: string | null
    readonly region: string
    readonly enabled: boolean
    /** Where its keys come from; never a key. */
    readonly credentials: string
    readonly machineRule: string
  } | null
  /** Why it could not be read, or cannot be asked at all. */
  readonly error: ApiProblem | null
  readonly notices: readonly string[]
  readonly machines: number
  readonly objects: number
  readonly bytes: number
  readonly goneObjects: number
  readonly failedObjects: number
  /** Objects not read to their end, and the bytes still to read in them. */
  readonly pendingObjects: number
  readonly pendingBytes: number
  readonly badLines: number
  /** Newest change of one of its objects. */
  readonly lastPushAt: string | null
  readonly lastRunAt: string | null
  readonly lastOkAt: string | null
  /** Milliseconds since it was last read without a failure; null when it never was. */
  readonly lagMs: number | null
  /** Its last runs, oldest first, at most 30. */
  readonly runs: readonly ApiRemoteRun[]
}

/** `GET /remotes` */
export interface RemotesAnswer extends Answer<'remoteList'> {
  readonly remotes: readonly ApiRemote[]
}

/** One object of a remote, and how far it is read. */
export interface ApiObject {
  readonly bucket: string
  readonly key: string
  readonly size: number
  /** Bytes of it that are in the archive. */
  readonly offset: number
  readonly etag: string
  readonly state: 'complete' | 'partial' | 'failing' | 'gone'
  readonly machine: string
  readonly agent: string
  readonly role: string
  readonly modifiedAt: string | null
  readonly readAt: string | null
  readonly badLines: number
  readonly error: (ApiProblem & { readonly at: string | null }) | null
  /** Sessions that are shown from it, at most 20. */
  readonly sessionIds: readonly string[]
}

/** `GET /remotes/:name/objects` (`state=`, `q=` a part of the key) */
export interface ObjectsAnswer extends Answer<'objectList'>, Page {
  readonly remote: string
  readonly objects: readonly ApiObject[]
}

/** A line that could not be used. */
export interface ApiBadLine {
  readonly bucket: string
  readonly key: string
  readonly offset: number
  readonly length: number
  readonly reason: string
  /** A session of that object, to read the raw line through; null when it has none. */
  readonly sessionId: string | null
}

/** `GET /remotes/:name/bad-lines` */
export interface BadLinesAnswer extends Answer<'badLineList'>, Page {
  readonly remote: string
  readonly badLines: readonly ApiBadLine[]
}

/** What a sync counted, for one remote or for all. */
export interface ApiSyncCounts {
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
  readonly ms: number
}

export interface ApiRemoteSummary extends ApiSyncCounts {
  readonly name: string
  readonly ok: boolean
  readonly error: ApiProblem | null
  readonly machines: number
  readonly notices: readonly { readonly code: string; readonly message: string; readonly count: number }[]
  readonly failures: readonly { readonly key: string; readonly error: ApiProblem }[]
}

export interface ApiSyncSummary {
  readonly ok: boolean
  readonly remotes: readonly ApiRemoteSummary[]
  readonly totals: ApiSyncCounts
  readonly cancelled: boolean
}

/** `GET /sync/runs`: newest first. */
export interface SyncRunsAnswer extends Answer<'syncRunList'> {
  readonly runs: readonly {
    readonly startedAt: string | null
    readonly endedAt: string | null
    readonly ms: number
    readonly summary: ApiSyncSummary
  }[]
}

/** `GET /about`: what this server is and can do. */
export interface AboutAnswer extends Answer<'about'> {
  readonly version: string
  /** The zone days begin and end in where a request names no other. */
  readonly timezone: string
  readonly now: string
  /** POST routes are answered. */
  readonly hasActions: boolean
  /** Machines can be renamed. */
  readonly canRename: boolean
  /** What is wrong with the config's file, while the one from before is in force. */
  readonly configProblem: ApiProblem | null
  /** `raw` is answered. */
  readonly hasRaw: boolean
  /** Milliseconds between the syncs of `--watch`; null without it. */
  readonly watchIntervalMs: number | null
  /** A sync of this server is under way. */
  readonly isSyncing: boolean
  readonly agents: readonly { readonly id: string; readonly name: string }[]
  /** Version of the prices that costs were made with; null while the archive is empty. */
  readonly priceVersion: string | null
  /** Nothing is in the archive yet. */
  readonly isEmpty: boolean
}

/** `POST /sync` with `{"remotes": ["a"]}`; without names every enabled one. */
export interface SyncStartedAnswer extends Answer<'syncStarted'> {
  /** False when a sync was under way already; it then goes on alone. */
  readonly started: boolean
}

/** `POST /remotes/:name/test` */
export interface RemoteTestAnswer extends Answer<'remoteTest'> {
  readonly name: string
  readonly ok: boolean
  readonly checks: readonly ApiCheck[]
}
