import type { EpochMs } from '../base/index.ts'
import type { ByteOffset } from './object.ts'
import type { Mark, SessionFields } from './record.ts'

/** Bytes `from <= offset < to` of the session's object. */
export interface ByteRange {
  readonly from: ByteOffset
  /** Null: to the end, however far it grows. */
  readonly to: ByteOffset | null
}

/** All that is known of one session when it is settled: compact rows, never message text. */
export interface SettleInput {
  readonly sessionId: string
  readonly path: string
  readonly parentFromPath: string | null
  /** Facts as the parser patched them together. */
  readonly fields: SessionFields
  /** Marks of the session's own object, by offset. */
  readonly marks: readonly Mark[]
  /** Marks that other objects of the same machine and agent make about this session (titles). */
  readonly notes: readonly Mark[]
  /** Sessions of the same machine with a mark `spawn` whose value is this session, earliest first. */
  readonly callers: readonly { readonly sessionId: string; readonly startedAt: number | null }[]
  /** Marks of the sessions that a mark `relative` of this session names, when they are in the archive. */
  readonly relatives: ReadonlyMap<string, readonly Mark[]>
  /**
   * This session and those that share a mark `peer` with it, by id, when one of their marks has the key
   * `copy`; empty otherwise.
   */
  readonly peers?: readonly Peer[] | undefined
}

/** A session that may hold a copy of another one's beginning. */
export interface Peer {
  readonly sessionId: string
  /** It has a mark `peer` with the key `copy`. */
  readonly isCopy: boolean
  /** Its messages that have an id, in file order. */
  readonly messages: readonly { readonly offset: ByteOffset; readonly uuid: string; readonly at: EpochMs | null }[]
}

/** A part of a session's object that is a session of its own. */
export interface Split {
  readonly sessionId: string
  /** Whose rows are its own; no two splits of an object share a byte. */
  readonly ranges: readonly ByteRange[]
  /** Parts of them that are hidden, but charged. */
  readonly charged: readonly ByteRange[]
  /** All there is to know of it: nothing of the session it was split from holds by itself. */
  readonly fields: SessionFields
}

export interface SettleResult {
  /** Fields that differ from what the parser said; laid over them. */
  readonly fields: SessionFields
  /** Parts of the object that are a copy of another session's history: hidden and not charged. */
  readonly hidden: readonly ByteRange[]
  /** Parts that are hidden, but charged like any other. */
  readonly charged?: readonly ByteRange[] | undefined
  readonly splits?: readonly Split[] | undefined
}
