import type { EpochMs, Json } from '../base/index.ts'

/** The name of a declared remote, `[a-z0-9-]+`; the local folders are the remote `local`. */
export type RemoteName = string
/** 0-based position of a byte in an object; a safe integer. */
export type ByteOffset = number
/** `claude`, `codex`, …: the program that wrote an object. */
export type AgentId = string

export interface ObjectId {
  readonly remote: RemoteName
  readonly bucket: string
  readonly key: string
}

/** One object as a listing shows it. `etag` is opaque: it is only ever compared for equality. */
export interface ObjectInfo extends ObjectId {
  readonly size: number
  readonly etag: string
  readonly modifiedAt: EpochMs
  /** Storage class that cannot be read without a restore (Glacier and the like), when listed as such. */
  readonly archivedClass?: string | undefined
}

/** Bytes just before an offset, remembered so that a grown object can be told from a rewritten one. */
export interface Proof {
  /** How many bytes before the offset are covered. */
  readonly length: number
  /** SHA-256 of them, hex. */
  readonly hash: string
}

/**
 * What an object is within its agent's folder, told by its path alone.
 * `titles` and `sidecar` objects speak about sessions of other objects.
 */
export const objectRoles = ['session', 'subagent', 'sidecar', 'titles'] as const
export type ObjectRole = (typeof objectRoles)[number]

/** Where a key belongs: the machine that wrote it, the agent, and the path inside that agent's folder. */
export interface Place {
  readonly machine: string
  readonly agent: AgentId
  readonly path: string
}

/** What is known of an object without asking for more: enough to tell whether a listed one has news. */
export interface KnownObject extends ObjectId {
  readonly objectId: number
  readonly etag: string
  /** Size of the object when `etag` was read. */
  readonly size: number
  /** When the object was last written, as the listing told it. */
  readonly modifiedAt: EpochMs
  /** The object was read to its end as of `etag`; false when reading stopped half-way. */
  readonly complete: boolean
  readonly machine: string
  readonly agent: AgentId
  readonly path: string
  readonly agentVersion: number
  /** A re-read is under way whose rows are not yet visible. */
  readonly isStaged: boolean
  /** The last try to read it failed. */
  readonly failed: boolean
  /** A listing did not show the object any more. */
  readonly gone: boolean
}

/** How far an object has been read; lives in the archive and changes only together with its rows. */
export interface Cursor extends KnownObject {
  /** Reading goes on here; everything before it is in the archive. */
  readonly offset: ByteOffset
  readonly proof: Proof | null
  readonly resume: Json
  /** Counts re-reads; rows of an older generation vanish when a newer one is whole. */
  readonly generation: number
  /** A re-read that is under way: its own offset and state, not yet visible. */
  readonly staged: StagedCursor | null
  /** Raised by every commit to this object; a commit that expects another one is refused. */
  readonly revision: number
}

/** The progress of an unfinished re-read, valid only for the ETag it was begun with. */
export interface StagedCursor {
  readonly etag: string
  readonly offset: ByteOffset
  readonly proof: Proof | null
  readonly agentVersion: number
  readonly resume: Json
  readonly generation: number
}

/** One line of an object, without its newline. `bytes` is valid until the next line is pulled. */
export interface Line {
  readonly offset: ByteOffset
  readonly bytes: Uint8Array
}
