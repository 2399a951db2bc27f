import { type EpochMs, type Json, isObject } from '../../base/index.ts'
import type { Usage } from '../../model/index.ts'
import type { Tree } from './entries.ts'

/** A `summary` line that names a line of some log as its end. */
export interface SummaryTitle {
  readonly title: string
  readonly leaf: string
  readonly offset: number
}

/** A response whose web searches are told by the results of these calls. */
export interface OpenSearch {
  readonly calls: readonly string[]
  readonly usage: Usage
}

/**
 * What the parser carries from line to line. Its lists are short and never changed in place, so that
 * a shallow copy is a snapshot.
 */
export interface State {
  isSeen: boolean
  isLastLineBad: boolean
  cwd: string | null
  branch: string | null
  /** First session id in the content. */
  contentId: string | null
  /** The session this log says it is a copy of. */
  forkedFrom: string | null
  /** `bg` for a session sent to the background. */
  sessionKind: string | null
  /** Id of the first user or assistant line that has one. */
  firstUuid: string | null
  /** It is told that the log is one of a background session. */
  isCopyTold: boolean
  tree: Tree | null
  agentLabel: string | null
  entrypoint: string | null
  agentVersion: string | null
  startedAt: EpochMs | null
  endedAt: EpochMs | null
  customTitle: string | null
  renamedTitle: string | null
  aiTitle: string | null
  /** The last summary known to speak of this log. */
  summary: SummaryTitle | null
  /** Summaries whose end has not been seen. */
  openSummaries: readonly SummaryTitle[]
  recentUuids: readonly string[]
  /** Links told last, as pairs of call id and session id: they are repeated on every progress line. */
  recentLinks: readonly (readonly [string, string])[]
  openSearches: readonly OpenSearch[]
  hasMessages: boolean
  /** Of the last message that is not a system one. */
  lastRole: 'user' | 'assistant' | null
  lastAt: EpochMs | null
  isEndTurn: boolean
  /** Calls of the last assistant message whose results have not come. */
  pendingCalls: readonly string[]
}

const initial: State = {
  isSeen: false,
  isLastLineBad: false,
  cwd: null,
  branch: null,
  contentId: null,
  forkedFrom: null,
  sessionKind: null,
  firstUuid: null,
  isCopyTold: false,
  tree: { count: 0, known: [] },
  agentLabel: null,
  entrypoint: null,
  agentVersion: null,
  startedAt: null,
  endedAt: null,
  customTitle: null,
  renamedTitle: null,
  aiTitle: null,
  summary: null,
  openSummaries: [],
  recentUuids: [],
  recentLinks: [],
  openSearches: [],
  hasMessages: false,
  lastRole: null,
  lastAt: null,
  isEndTurn: false,
  pendingCalls: [],
}

/** The state of an object at its start, or as `saveState` wrote it. */
export function loadState(saved: Json): State {
  return isObject(saved) ? { ...initial, ...(saved as unknown as State) } : { ...initial }
}

/** The state as JSON; later changes to `state` do not show in it. */
export function saveState(state: State): Json {
  return { ...state } as unknown as Json
}

/** `list` with `item` at its end, at most `max` long: the oldest go. */
export function appended<T>(list: readonly T[], item: T, max: number): readonly T[] {
  return [...list.slice(Math.max(0, list.length + 1 - max)), item]
}
