import { hash } from 'node:crypto'
import { type EpochMs, type Json, type JsonObject, isObject } from '../../base/index.ts'
import type { ByteOffset, EndState, Relationship } from '../../model/index.ts'
import type { ObjectContext } from '../agent.ts'
import { threadIdOfPath } from './paths.ts'

/** Input, cached input, cache writes, output, reasoning output: as logged, each of the first holding the next two. */
export type Counters = readonly [number, number, number, number, number]

/** All a parser carries from line to line; JSON, and small however long the log. */
export type CodexState = {
  /** A JSON object has been read: there is something to say of the session. */
  isSeen: boolean
  /** The thread's id: the file name's UUID, else the owning meta's. */
  threadId: string | null
  /** Thread that the history of a fork goes back to; null for a thread that was not forked. */
  rootId: string | null
  /** Id of the meta line whose facts stand. */
  metaId: string | null
  cwd: string | null
  branch: string | null
  agentVersion: string | null
  entrypoint: string | null
  agentPath: string | null
  agentLabel: string | null
  parentId: string | null
  relationship: Relationship | null
  title: string | null
  startedAt: EpochMs | null
  endedAt: EpochMs | null
  endState: EndState | null
  model: string | null
  tier: string | null
  /** Id of the running turn; '' for one without, null before the first. */
  turnId: string | null
  /** Lines with a smaller number are copies of the parent's; null when the log does not say, or all of them are past. */
  ownFrom: number | null
  /** Cumulative counters as last told. */
  total: Counters | null
  /** How often they began anew: in the whole log, and in the running turn. */
  resets: number
  turnResets: number
  /** The last count told without a total, to know it again. */
  lastOnly: string | null
  /** Each response of this turn has a record of its own: its token counts say the same again. */
  hasRecords: boolean
  recordTurn: string | null
  /** Offset of the turn's newest token count that no record has replaced yet. */
  countAt: ByteOffset | null
  /** Digest of the first prompt. */
  prompt: string | null
  /** Something was asked, by a person or in a mail. */
  isAsked: boolean
  /** Another prompt came, or the repeat was dropped already. */
  isPromptPast: boolean
  isAborted: boolean
  /** Calls of the agent tools that wait for their output. */
  agentCalls: readonly (readonly [string, AgentTool])[]
  /** Which call to hang an agent's news on. */
  agents: readonly (readonly [string, string])[]
  /** Digests of the newest tool results. */
  results: readonly string[]
}

export type AgentTool = 'spawn' | 'wait'

/** One line on its way through the parser. */
export interface Entry {
  readonly sessionId: string
  readonly offset: ByteOffset
  readonly at: EpochMs | null
  readonly payload: JsonObject
  /** JSON text of the line, and the keys that lead from its object to the payload. */
  readonly text: string
  readonly path: readonly string[]
}

/** The state to go on with: what an earlier parser left, or that of an object's start. */
export function openState(context: ObjectContext, state: Json): CodexState {
  const fresh = freshState(context.path)
  return isObject(state) ? { ...fresh, ...(structuredClone(state) as Partial<CodexState>) } : fresh
}

function freshState(path: string): CodexState {
  return {
    isSeen: false,
    threadId: threadIdOfPath(path),
    rootId: null,
    metaId: null,
    cwd: null,
    branch: null,
    agentVersion: null,
    entrypoint: null,
    agentPath: null,
    agentLabel: null,
    parentId: null,
    relationship: null,
    title: null,
    startedAt: null,
    endedAt: null,
    endState: null,
    model: null,
    tier: null,
    turnId: null,
    ownFrom: null,
    total: null,
    resets: 0,
    turnResets: 0,
    lastOnly: null,
    hasRecords: false,
    recordTurn: null,
    countAt: null,
    prompt: null,
    isAsked: false,
    isPromptPast: false,
    isAborted: false,
    agentCalls: [],
    agents: [],
    results: [],
  }
}

/** Adds to the end of a list, dropping the oldest beyond `max`; what state keeps must not grow with the log. */
export function remember<T>(list: readonly T[], item: T, max: number): readonly T[] {
  return [...list.slice(-(max - 1)), item]
}

/** A short digest to know a text again. */
export function digest(text: string): string {
  return hash('sha1', text, 'hex').slice(0, 16)
}
