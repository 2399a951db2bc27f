import { type JsonObject, asObject } from '../../base/index.ts'
import type { Mark, Relationship } from '../../model/index.ts'
import { modelName } from '../shared/index.ts'
import { ordinalOf, sessionIdOf, threadIdOf } from './paths.ts'
import { mark, shortText } from './rows.ts'
import type { CodexState, Entry } from './state.ts'
import { startTurn } from './usage.ts'

/**
 * Takes a `session_meta` line. The first one owns the file, unless it names another thread than the
 * file's name and a later one names that; every other is a copy out of the parent's log.
 */
export function takeMeta(state: CodexState, entry: Entry): readonly Mark[] {
  const { payload } = entry
  const id = threadIdOf(payload['id'])
  const isFileOwner = state.threadId !== null && id === state.threadId
  if (state.metaId === null || (isFileOwner && state.metaId !== state.threadId)) {
    const copy = state.threadId !== null && id !== null && !isFileOwner ? [copyMark(entry, id)] : []
    return [...copy, ...takeOwner(state, entry, id)]
  }
  if (id === null || id === state.threadId) return []
  // The parent's own meta line, copied too, tells what the parent was forked from.
  if (id === state.rootId) state.rootId = threadIdOf(payload['forked_from_id']) ?? id
  return [copyMark(entry, id)]
}

function takeOwner(state: CodexState, entry: Entry, id: string | null): readonly Mark[] {
  const { payload } = entry
  state.metaId = id ?? ''
  state.threadId ??= id
  const subagent = asObject(payload['source'])?.['subagent']
  const spawn = asObject(asObject(subagent)?.['thread_spawn'])
  state.cwd = shortText(payload['cwd'], 4096) ?? state.cwd
  state.branch = shortText(asObject(payload['git'])?.['branch'])
  state.agentVersion = shortText(payload['cli_version'])
  state.entrypoint = shortText(payload['source']) ?? shortText(payload['originator'])
  state.agentPath = (shortText(payload['agent_path'], 1024) ?? shortText(spawn?.['agent_path'], 1024))?.trim() ?? null
  state.agentLabel = labelOf(state, payload, subagent, spawn)
  const origins = originsOf(state, payload, spawn)
  state.rootId = origins.find(({ relationship }) => relationship === 'fork')?.threadId ?? null
  const first = origins[0]
  state.parentId = first === undefined ? null : sessionIdOf(first.threadId)
  state.relationship = first?.relationship ?? null
  return [
    ...origins
      .filter((origin) => origin.relationship !== 'continuation')
      .map((origin) => mark(entry, 'relative', origin.relationship, sessionIdOf(origin.threadId))),
    ...takeHistory(state, entry),
  ]
}

interface Origin {
  readonly relationship: Relationship
  readonly threadId: string
}

/** Threads this one came from, the one it belongs under first. */
function originsOf(state: CodexState, payload: JsonObject, spawn: JsonObject | null): readonly Origin[] {
  const spawner =
    threadIdOf(spawn?.['parent_thread_id']) ??
    (payload['thread_source'] === 'subagent' ? threadIdOf(payload['parent_thread_id']) : null)
  const all: readonly (readonly [Relationship, string | null])[] = [
    ['subagent', spawner],
    ['fork', threadIdOf(payload['forked_from_id'])],
    ['continuation', threadIdOf(asObject(payload['history_base'])?.['thread_id'])],
  ]
  return all.flatMap(([relationship, threadId]) =>
    threadId === null || threadId === state.threadId ? [] : [{ relationship, threadId }],
  )
}

function labelOf(state: CodexState, payload: JsonObject, subagent: unknown, spawn: JsonObject | null): string | null {
  const pathEnd = state.agentPath === null ? null : shortText(state.agentPath.split('/').at(-1))
  return (
    shortText(payload['agent_role']) ??
    shortText(spawn?.['agent_role']) ??
    pathEnd ??
    shortText(payload['agent_nickname']) ??
    shortText(spawn?.['agent_nickname']) ??
    shortText(subagent)
  )
}

/** What the meta itself says of copied lines; `history` marks spare `settle` the look at the parent. */
function takeHistory(state: CodexState, entry: Entry): readonly Mark[] {
  state.ownFrom = ordinalOf(entry.payload['subagent_history_start_ordinal'])
  if (state.ownFrom !== null) return [mark(entry, 'history', '', 'copied')]
  return asObject(entry.payload['history_base']) === null ? [] : [mark(entry, 'history', '', 'own')]
}

/** Marks the first line that is the thread's own, once the line numbers have passed the copied ones. */
export function takeOrdinal(state: CodexState, entry: Entry, ordinal: unknown): readonly Mark[] {
  if (state.ownFrom === null) return []
  const number = ordinalOf(ordinal)
  if (number !== null && number < state.ownFrom) return []
  state.ownFrom = null
  return [mark(entry, 'history', '', 'own')]
}

/** Takes a `turn_context` line: the model from here on, and the turn's id. */
export function takeTurnContext(state: CodexState, entry: Entry): readonly Mark[] {
  takeSettings(state, entry.payload)
  const turnId = shortText(entry.payload['turn_id'])?.slice(0, 128) ?? ''
  if (turnId === state.turnId) return []
  startTurn(state, turnId)
  return [mark(entry, 'turn', '', turnId)]
}

/** Model and service tier, where the settings tell them; a model left out goes on. */
export function takeSettings(state: CodexState, settings: JsonObject): void {
  state.model = modelName(settings['model']) ?? state.model
  if ('service_tier' in settings) state.tier = shortText(settings['service_tier'])
}

function copyMark(entry: Entry, threadId: string): Mark {
  return mark(entry, 'copy', '', sessionIdOf(threadId))
}
