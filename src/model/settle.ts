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
}

export interface SettleResult {
  /** Fields that differ from what the parser said; laid over them. */
  readonly fields: SessionFields
  /** Parts of the object that are a copy of another session's history: hidden and not charged. */
  readonly hidden: readonly ByteRange[]
}
