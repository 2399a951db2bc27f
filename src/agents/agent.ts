import type { Json } from '../base/index.ts'
import type { AgentId, ByteOffset, Line, ObjectRole, SessionRecord, SettleInput, SettleResult } from '../model/index.ts'

export type { ByteRange, Peer, SettleInput, SettleResult, Split } from '../model/index.ts'

/** What a path inside an agent's folder stands for. */
export interface ObjectPlace {
  readonly role: ObjectRole
  /**
   * The agent's own id of the session the object holds, as far as the path tells it. For a `titles`
   * object, a name for the object itself.
   */
  readonly sessionId: string
  /** The session this one belongs under, when the path tells it. */
  readonly parentId: string | null
  /** Of two objects of one session on one machine the higher rank leads, before size and key are asked. */
  readonly rank: number
}

/** What a parser may know of the object it reads. */
export interface ObjectContext extends ObjectPlace {
  readonly path: string
}

/**
 * Reads one object, forwards only. No I/O, no clock, no randomness. An object of role `sidecar` is no
 * lines: its bytes are pushed in pieces as they arrive.
 *
 * Laws: however the bytes are cut, and wherever reading stops and goes on from `resume()`, the rows
 * that remain (records with the same kind, session, offset, part, index or key replace each other)
 * are the same. Any bytes at all give records, never an exception.
 */
export interface LineParser {
  /** Takes the next line; gives the records that are settled by it. Blank lines give nothing. */
  push(line: Line): readonly SessionRecord[]
  /**
   * Gives what is still open as it stands now (a message that may yet grow) and the session's facts
   * so far; called before each commit. Does not change what later lines give: a later record replaces it.
   * @param tail `unfinished` when the object ends, for now, in the middle of a line
   */
  flush(tail: 'whole' | 'unfinished'): readonly SessionRecord[]
  /**
   * Where and how to go on later. `offset` is where reading must start again: the start of the oldest
   * line that is still open (those lines are then pushed once more and give the same rows), or null
   * for "right after the last pushed line". `state` is small: a few KiB.
   */
  resume(): { readonly offset: ByteOffset | null; readonly state: Json }
  /** True when nothing that may follow in the object matters: the rest need not be fetched. */
  readonly isDone?: boolean | undefined
}

/** A picture as a line of a log holds it. */
export interface LoggedImage {
  /** The tool call it came of; null when it stands in a message. */
  readonly callId: string | null
  /** Its bytes in base64, unchecked; null where the log only names where they are. */
  readonly base64: string | null
}

/**
 * One log format. Some mark names have a meaning outside the format:
 * - `spawn`: key = the tool call's id, value = the id of the session it started; of several for one call
 *   the one with the largest offset holds, and only calls of category `Task` have one;
 * - `relative`: value = a session whose marks `settle` needs: this session is settled again when that one
 *   changes;
 * - `peer`: sessions of one machine with the same value may be copies of each other; they are settled
 *   together, and with the key `copy` on one of them they are told each other's message ids;
 * - `linear`: the marks `entry` that this object made say nothing any more and are dropped.
 */
export interface AgentFormat {
  readonly id: AgentId
  /** Name for people. */
  readonly name: string
  /** Raised when the parser's rows change: objects read by an older one are read again. */
  readonly version: number
  /** Folders, from the home folder, in which the agent keeps its logs on the machine that runs it. */
  readonly localFolders: readonly string[]
  /** What the path (inside `raw/<agent>/`) stands for; null when it is not ours to read. */
  locate(path: string): ObjectPlace | null
  /** @param state what `resume()` gave when this object was read last, or null at its start */
  open(context: ObjectContext, state: Json): LineParser
  /** Concludes what one pass over one object cannot; pure, and the same for any order of arrival. */
  settle?(input: SettleInput): SettleResult
  /**
   * The command line that goes on with a session, run in its folder; fit to be pasted into a shell.
   * @returns null for a session that cannot be gone on with, such as a subagent's
   */
  resumeCommand?(sessionId: string): string | null
  /** The pictures of one line, in the order in which the parser writes `[image]` for them. */
  imagesIn?(line: Line): readonly LoggedImage[]
}
