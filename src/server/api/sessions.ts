import type { Answer, ApiRole, ApiTokens, Page } from './common.ts'
import type { ApiModelBreakdown } from './usage.ts'

/** One session as lists show it. Times are RFC 3339 in UTC, ids are `<machine>~<agent's own id>`. */
export interface ApiSession extends ApiTokens {
  readonly id: string
  readonly agent: string
  readonly machine: string
  readonly remote: string
  readonly project: string | null
  /** The log's own title, else the first prompt, else project or id. */
  readonly title: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly messageCount: number
  readonly userMessageCount: number
  readonly models: readonly string[]
  /** Dollars; null when nothing of it has a price. */
  readonly costUSD: number | null
  /** The same, exactly, in billionths of a dollar. */
  readonly costNanoUSD: number | null
  readonly unpricedModels: readonly string[]
  /** Id of the parent, which need not be in the archive. */
  readonly parentId: string | null
  /** `subagent`, `fork` or `continuation`. */
  readonly relationship: string | null
  readonly branch: string | null
  /** Kind of subagent, where the log names one. */
  readonly agentLabel: string | null
  /** `truncated`, `tool_call_pending`, `awaiting_user`, `clean`; null when unknown. */
  readonly endState: string | null
  readonly source: string
  readonly sourceState: 'present' | 'gone'
  /** In how many places the session stands, over all machines. */
  readonly copies: number
  readonly badLines: number
}

/** `GET /sessions` */
export interface SessionsAnswer extends Answer<'sessionList'>, Page {
  readonly sessions: readonly ApiSession[]
}

/** One object that holds the session. */
export interface ApiPlace {
  readonly source: string
  readonly machine: string
  readonly remote: string
  readonly bucket: string
  readonly key: string
  readonly state: 'present' | 'gone'
  readonly bytes: number
  readonly modifiedAt: string | null
  /** The one that is shown. */
  readonly isLead: boolean
}

/** Another session, as a link shows it. */
export interface ApiSessionLink {
  readonly id: string
  readonly relationship: string | null
  readonly title: string
}

/** How often a session used a tool. */
export interface ApiToolCount {
  readonly name: string
  readonly category: string
  readonly calls: number
  readonly errors: number
}

/** All that is known of a session but its messages. */
export interface ApiSessionDetail extends ApiSession {
  readonly cwd: string | null
  readonly agentVersion: string | null
  readonly entrypoint: string | null
  readonly isTruncated: boolean
  /** Something was written in the last 15 minutes. */
  readonly isLive: boolean
  /** From the first to the last moment the log tells, in milliseconds. */
  readonly durationMs: number | null
  /** Where the agent goes on with this session: a command line to copy; null where the format has none. */
  readonly resumeCommand: string | null
  /** The one shown first, then other objects and machines. */
  readonly places: readonly ApiPlace[]
  /** From the topmost known ancestor down to the parent. */
  readonly parents: readonly ApiSessionLink[]
  readonly children: readonly ApiSessionLink[]
  /** The same session on other machines. */
  readonly otherMachines: readonly ApiSessionLink[]
  readonly modelBreakdowns: readonly ApiModelBreakdown[]
  readonly tools: readonly ApiToolCount[]
}

/** `GET /sessions/:id` */
export interface SessionAnswer extends Answer<'session'> {
  readonly session: ApiSessionDetail
}

export interface ApiToolCall {
  readonly id: string | null
  readonly name: string
  /** Read, Edit, Write, Bash, Grep, Glob, Task, Tool or Other. */
  readonly category: string
  /** As logged: raw JSON text, or the plain text of a custom tool. */
  readonly input: string
  /** What it gave back; null when nothing came. */
  readonly result: string | null
  readonly isError: boolean
  /** Id of the session it started. */
  readonly subagentId: string | null
}

/** What the model responses of one message were charged. */
export interface ApiStepUsage extends ApiTokens {
  readonly costUSD: number | null
  readonly costNanoUSD: number | null
  /** False when the same response is booked on another session and adds nothing here. */
  readonly isCounted: boolean
}

export interface ApiMessage {
  /** Place among the visible messages of the session, from 0. */
  readonly ordinal: number
  readonly role: ApiRole
  /** Class of a message that is not talk: `compact_boundary`, `interrupted`, `queued`, … */
  readonly subtype: string | null
  readonly timestamp: string | null
  readonly model: string | null
  readonly text: string
  readonly thinking: string
  readonly toolCalls: readonly ApiToolCall[]
  /** Where its line begins in the object, in bytes: goes to `raw?offset=`. */
  readonly offset: number
  /** A person typed it. */
  readonly isUserTurn: boolean
  readonly usage: ApiStepUsage | null
}

/** `GET /sessions/:id/messages` */
export interface MessagesAnswer extends Answer<'sessionMessages'>, Page {
  readonly sessionId: string
  readonly messages: readonly ApiMessage[]
}

/** A point of a session to jump to. */
export interface ApiOutlineEntry {
  readonly kind: 'prompt' | 'compaction' | 'interruption' | 'subagent'
  readonly ordinal: number
  readonly timestamp: string | null
  /** One line, at most 200 characters. */
  readonly text: string
  /** The session that was started, for `subagent`. */
  readonly sessionId: string | null
}

/** `GET /sessions/:id/outline` */
export interface OutlineAnswer extends Answer<'sessionOutline'> {
  readonly sessionId: string
  readonly entries: readonly ApiOutlineEntry[]
  /** Visible messages of the session. */
  readonly total: number
}

/** What one session adds to the roll-up. */
export interface ApiUsagePart extends ApiTokens {
  readonly sessionId: string
  readonly relationship: string | null
  readonly agentLabel: string | null
  readonly costUSD: number | null
  readonly costNanoUSD: number | null
}

/** One model response of the session itself, in the order of the log. */
export interface ApiStep extends ApiStepUsage {
  /** The message it belongs to; null when none is visible. */
  readonly ordinal: number | null
  readonly timestamp: string | null
  readonly model: string
  /** Tokens the model was shown: input, cache reads and cache writes. */
  readonly contextTokens: number
}

/** `GET /sessions/:id/usage` (`own=1`: without subagents) */
export interface SessionUsageAnswer extends Answer<'sessionUsage'>, ApiTokens {
  readonly sessionId: string
  readonly isOwnOnly: boolean
  readonly costUSD: number | null
  readonly costNanoUSD: number | null
  readonly models: readonly ApiModelBreakdown[]
  readonly unpricedModels: readonly string[]
  /** The session first, then its descendants; they add up to the whole. */
  readonly parts: readonly ApiUsagePart[]
  /** The session's own: at most 20,000, or with `limit` so many at even distances, the first and the last among them. */
  readonly steps: readonly ApiStep[]
  /** How many there are. */
  readonly stepCount: number
}

/** `GET /sessions/:id/raw?offset=N` (`length=M`: so many bytes rather than the line) */
export interface RawAnswer extends Answer<'sessionRaw'> {
  readonly remote: string
  readonly bucket: string
  readonly key: string
  readonly offset: number
  /** Bytes given, at most 1 MiB. */
  readonly length: number
  /** The line goes on beyond `length`. */
  readonly isCut: boolean
  /** The object has grown since it was read into the archive; these bytes are the same. */
  readonly hasGrown: boolean
  readonly text: string
}

/** `GET /sessions/:id/find?q=` */
export interface FindAnswer extends Answer<'sessionFind'> {
  readonly sessionId: string
  /** Messages that hold the text, in order; `field` is where it stands first. */
  readonly hits: readonly { readonly ordinal: number; readonly field: 'text' | 'thinking' | 'input' | 'result' }[]
  readonly total: number
}

/** The latest thing a running session did. */
export interface ApiLiveSession extends ApiSession {
  readonly last: {
    readonly ordinal: number
    readonly role: ApiRole
    readonly timestamp: string | null
    /** One line, at most 200 characters. */
    readonly text: string
    /** Last tool of that message. */
    readonly tool: string | null
  } | null
}

/** `GET /live`: sessions with something written in the last 15 minutes. */
export interface LiveAnswer extends Answer<'live'> {
  readonly sessions: readonly ApiLiveSession[]
  /** What all machines were charged in the last 60 minutes. */
  readonly lastHour: {
    readonly costUSD: number | null
    readonly costNanoUSD: number | null
    readonly totalTokens: number
  }
}

/** One check of a tested remote. */
export interface ApiCheck {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  readonly hint: string | null
  readonly code: string | null
}
