import { type EpochMs, type JsonObject, asObject, cleanText } from '../../base/index.ts'
import type { EndState, Relationship, SessionFields } from '../../model/index.ts'
import type { ObjectContext } from '../agent.ts'
import { cutBytes, projectFromCwd, projectFromFolder } from '../shared/index.ts'
import { idOf, sessionIdOf } from './ids.ts'
import { folderOf } from './paths.ts'
import type { State } from './state.ts'
import { titleOf } from './titles.ts'

const maxPathBytes = 4096

/** Takes what any line may tell of the session as a whole: first values hold, times widen. */
export function noteFacts(state: State, type: unknown, entry: JsonObject, at: EpochMs | null): void {
  state.isSeen = true
  state.isLastLineBad = false
  state.agentLabel ??= idOf(entry['agentSetting'])
  state.entrypoint ??= idOf(entry['entrypoint'])
  state.agentVersion ??= idOf(entry['version'])
  state.sessionKind ??= idOf(entry['sessionKind'])
  if (type === 'user') {
    state.cwd ??= pathOf(entry['cwd'])
    state.branch ??= idOf(entry['gitBranch'])
  }
  if (type === 'user' || type === 'assistant') {
    state.contentId ??= sessionIdOf(entry['sessionId'])
    state.forkedFrom ??= forkedFrom(entry['forkedFrom'])
  }
  if (at === null) return
  state.startedAt = Math.min(state.startedAt ?? at, at)
  state.endedAt = Math.max(state.endedAt ?? at, at)
}

/** The session's facts as the lines so far tell them. */
export function factsOf(state: State, context: ObjectContext, tail: 'whole' | 'unfinished'): SessionFields {
  const folder = folderOf(context.path)
  return {
    cwd: state.cwd,
    branch: state.branch,
    project:
      (state.cwd === null ? null : projectFromCwd(state.cwd, state.branch)) ??
      (folder === null ? null : projectFromFolder(folder)),
    title: titleOf(state),
    agentVersion: state.agentVersion,
    entrypoint: state.entrypoint,
    startedAt: state.startedAt,
    endedAt: state.endedAt,
    ...parentage(state, context),
    agentLabel: state.agentLabel,
    endState: endStateOf(state, tail),
    isTruncated: tail === 'unfinished',
  }
}

/** A log whose content names another session goes on from it; a subagent's belongs under it. */
function parentage(
  state: State,
  context: ObjectContext,
): { readonly parentId: string | null; readonly relationship: Relationship | null } {
  const { sessionId } = context
  const [parentId = null] = [state.contentId, state.forkedFrom, context.parentId].filter(
    (id) => id !== null && id !== sessionId,
  )
  if (context.role === 'subagent') return { parentId, relationship: 'subagent' }
  return { parentId, relationship: parentId === null ? null : 'continuation' }
}

function endStateOf(state: State, tail: 'whole' | 'unfinished'): EndState | null {
  if (tail === 'unfinished' || state.isLastLineBad) return 'truncated'
  if (!state.hasMessages) return null
  if (state.pendingCalls.length > 0) return 'tool_call_pending'
  return state.lastRole === 'assistant' && state.isEndTurn ? 'awaiting_user' : 'clean'
}

/** A line copied from another session names it, alone or with the line it was. */
function forkedFrom(value: unknown): string | null {
  return sessionIdOf(value) ?? sessionIdOf(asObject(value)?.['sessionId'])
}

function pathOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = cleanText(value.slice(0, maxPathBytes)).trim()
  return text === '' ? null : cutBytes(text, maxPathBytes)
}
