import type { EpochMs } from '../base/index.ts'
import type { ByteOffset } from './object.ts'
import type { Usage } from './usage.ts'

/** How a session came from its parent. */
export const relationships = ['subagent', 'fork', 'continuation'] as const
export type Relationship = (typeof relationships)[number]

export const endStates = ['truncated', 'tool_call_pending', 'awaiting_user', 'clean'] as const
export type EndState = (typeof endStates)[number]

/**
 * What an object tells of a session as a whole. Each value is absolute and replaces the stored one;
 * a field left out is left alone. `sessionId` is the agent's own id, without the machine.
 */
export interface SessionPatch {
  readonly kind: 'session'
  readonly sessionId: string
  readonly facts: SessionFields
}

export interface SessionFields {
  readonly cwd?: string | null
  readonly branch?: string | null
  readonly project?: string | null
  /** Title the log itself gives, by the format's own precedence; the first prompt is not a title. */
  readonly title?: string | null
  readonly agentVersion?: string | null
  readonly entrypoint?: string | null
  /** First and last moment the log tells, over all its lines. */
  readonly startedAt?: EpochMs | null
  readonly endedAt?: EpochMs | null
  readonly parentId?: string | null
  readonly relationship?: Relationship | null
  /** Label of a subagent (`Explore`, `code-reviewer`, …). */
  readonly agentLabel?: string | null
  readonly endState?: EndState | null
  /** The object ends in the middle of a line. */
  readonly isTruncated?: boolean
}

/** One message; identified by the line it starts at, so reading that line again replaces it. */
export interface Message {
  readonly kind: 'message'
  readonly sessionId: string
  readonly offset: ByteOffset
  /** Tells apart several messages of one line; 0 for the first. */
  readonly part: number
  readonly role: 'user' | 'assistant' | 'system'
  /** Class of a message that is not talk: `compact_boundary`, `interrupted`, `queued`, … */
  readonly subtype: string | null
  readonly uuid: string | null
  readonly at: EpochMs | null
  readonly model: string | null
  readonly text: string
  readonly thinking: string
  /** Something a person typed: counts as a user message. */
  readonly isUserTurn: boolean
  /** A user turn fit to name the session (not a bare slash command). */
  readonly isPrompt: boolean
  readonly isSidechain: boolean
}

/** One call of a tool, within the message at `offset`/`part`. */
export interface ToolCall {
  readonly kind: 'tool-call'
  readonly sessionId: string
  readonly offset: ByteOffset
  readonly part: number
  /** Place among the calls of its message, from 0. */
  readonly index: number
  readonly callId: string | null
  readonly name: string
  /** Read, Edit, Write, Bash, Grep, Glob, Task, Tool or Other. */
  readonly category: string
  /** Raw JSON text of the input (or the plain text of a custom tool), numbers untouched. */
  readonly input: string
}

/** What a tool gave back; joined to its call by `callId` within the session, in any order. */
export interface ToolResult {
  readonly kind: 'tool-result'
  readonly sessionId: string
  readonly offset: ByteOffset
  readonly part: number
  readonly callId: string
  readonly text: string
  readonly isError: boolean
  readonly at: EpochMs | null
  /** The `ref` of the output that stands for `text` when it is in the archive. */
  readonly outputRef?: string | null | undefined
}

/**
 * A piece of a tool's output that is an object of its own: pieces in the order of their offsets are the
 * text. Results of the same bucket that name its `ref` show it in place of theirs.
 */
export interface Output {
  readonly kind: 'output'
  readonly offset: ByteOffset
  /** Path inside the agent's folder, in the form the format's results use. */
  readonly ref: string
  readonly text: string
}

/**
 * A small fact for `settle`, tied to a place in the object: spawn edges, turn ids, titles of other
 * objects' sessions. `name` is the format's own vocabulary, documented in its README.
 */
export interface Mark {
  readonly kind: 'mark'
  readonly sessionId: string
  readonly offset: ByteOffset
  readonly name: string
  /** Tells apart several marks of one name on one line. */
  readonly key: string
  readonly value: string | null
}

/** A line that could not be used: counted and shown with its place, never thrown. */
export interface BadLine {
  readonly kind: 'bad-line'
  readonly offset: ByteOffset
  /** Bytes of the line, newline not counted. */
  readonly length: number
  readonly reason: 'invalid-json' | 'too-long'
}

export type SessionRecord = SessionPatch | Message | ToolCall | ToolResult | Output | Usage | Mark | BadLine
