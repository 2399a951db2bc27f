import { type Json, type JsonObject, asObject } from '../../base/index.ts'
import type { Line, SessionFields, SessionPatch, SessionRecord } from '../../model/index.ts'
import type { LineParser, ObjectContext } from '../agent.ts'
import { badLine, decodeLine, projectFromCwd, timeOf } from '../shared/index.ts'
import { takeEvent } from './events.ts'
import { takeCompaction, takeMail, takeMessage, takeReasoning } from './messages.ts'
import { takeMeta, takeOrdinal, takeTurnContext } from './meta.ts'
import { startOfPath } from './paths.ts'
import { type CodexState, type Entry, openState } from './state.ts'
import { takeTool } from './tools.ts'
import { takeUsageRecord } from './usage.ts'

/** Opens a parser for a rollout. Each line is final as soon as it is read: nothing stays open between lines. */
export function openRollout(context: ObjectContext, resumed: Json): LineParser {
  const state = openState(context, resumed)
  return {
    push: (line) => takeLine(state, context.sessionId, line),
    flush: (tail) => (state.isSeen ? [patchOf(state, context, tail)] : []),
    resume: () => ({ offset: null, state: structuredClone(state) }),
  }
}

function takeLine(state: CodexState, sessionId: string, line: Line): readonly SessionRecord[] {
  const decoded = decodeLine(line)
  if (decoded.kind === 'bad') return [badLine(line)]
  if (decoded.kind !== 'object') return []
  const { value, text } = decoded
  const at = timeOf(value['timestamp'])
  state.isSeen = true
  state.startedAt ??= at
  state.endedAt = at ?? state.endedAt
  const payload = asObject(value['payload'])
  const entry: Entry = {
    sessionId,
    offset: line.offset,
    at,
    payload: payload ?? value,
    text,
    path: payload === null ? [] : ['payload'],
  }
  if (payload === null) return takeBareLine(state, entry)
  const own = takeOrdinal(state, entry, value['ordinal'])
  const records = takeEnvelope(state, entry, value['type'])
  return own.length === 0 ? records : [...own, ...records]
}

function takeEnvelope(state: CodexState, entry: Entry, type: unknown): readonly SessionRecord[] {
  switch (type) {
    case 'response_item':
      return takeItem(state, entry)
    case 'event_msg':
      return takeEvent(state, entry)
    case 'turn_context':
      return takeTurnContext(state, entry)
    case 'session_meta':
      return takeMeta(state, entry)
    case 'token_usage_record':
      return takeUsageRecord(state, entry)
    case 'compacted':
      return takeCompaction(entry)
    default:
      return []
  }
}

function takeItem(state: CodexState, entry: Entry): readonly SessionRecord[] {
  const { type, role } = entry.payload
  if (type === 'reasoning') return takeReasoning(state, entry)
  if (type === 'agent_message') return takeMail(state, entry)
  if (type === 'message' || (type === undefined && role !== undefined)) return takeMessage(state, entry)
  return takeTool(state, entry) ?? []
}

/** A line of the oldest logs: items without an envelope, after a first line without a type. */
function takeBareLine(state: CodexState, entry: Entry): readonly SessionRecord[] {
  const { payload } = entry
  if (typeof payload['type'] === 'string') return takeItem(state, entry)
  return state.metaId === null && isBareMeta(payload) ? takeMeta(state, entry) : []
}

function isBareMeta(value: JsonObject): boolean {
  return typeof value['id'] === 'string' && value['record_type'] === undefined
}

function patchOf(state: CodexState, context: ObjectContext, tail: 'whole' | 'unfinished'): SessionPatch {
  const startedAt = state.startedAt ?? startOfPath(context.path)
  const facts: SessionFields = {
    title: titleOf(state),
    cwd: state.cwd,
    branch: state.branch,
    project: (state.cwd === null ? null : projectFromCwd(state.cwd, state.branch)) ?? 'unknown',
    agentVersion: state.agentVersion,
    entrypoint: state.entrypoint,
    startedAt,
    endedAt: state.endedAt ?? startedAt,
    parentId: state.parentId,
    relationship: state.relationship,
    agentLabel: state.agentLabel,
    endState: state.endState,
    isTruncated: tail === 'unfinished',
  }
  return { kind: 'session', sessionId: context.sessionId, facts }
}

/** A subagent that was asked nothing readable is known by the end of its path among the agents. */
function titleOf({ title, relationship, agentPath, isAsked }: CodexState): string | null {
  if (title !== null || relationship !== 'subagent' || isAsked) return title
  return agentPath?.split('/').findLast((part) => part !== '') ?? null
}
