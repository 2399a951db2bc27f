import { type EpochMs, type JsonObject, asObject } from '../../base/index.ts'
import type { ByteOffset, TokenCounts, Usage } from '../../model/index.ts'
import { cleanString, countOf, modelName, tokensOf } from '../shared/index.ts'
import { isUuid, threadIdOf, uuidTime } from './paths.ts'
import { shortText } from './rows.ts'
import type { CodexState, Counters, Entry } from './state.ts'

/** The usage row of an `event_msg` of type `token_count`, if it counts anything new. */
export function takeTokenCount(state: CodexState, entry: Entry): readonly Usage[] {
  const info = asObject(entry.payload['info'])
  if (info === null) return []
  const taken = newTokens(state, info, entry.at)
  if (taken === null || state.hasRecords || isZero(taken.counters)) return []
  state.countAt = entry.offset
  const model = modelName(info['model']) ?? modelName(entry.payload['model'])
  const isRelayed = isOlderTurn(state, state.turnId) || (!isUuid(state.turnId) && state.rootId !== null)
  return [usageRow(state, entry, taken.counters, { offset: entry.offset, model, dedupeKey: taken.key, isRelayed })]
}

/**
 * The usage row of a `token_usage_record` line. It takes the place of the turn's token count before it,
 * which told the same response.
 */
export function takeUsageRecord(state: CodexState, entry: Entry): readonly Usage[] {
  const { payload } = entry
  const counters = countersOf(payload['usage'])
  if (counters === null) return []
  const turn = shortText(payload['turn_id'], 128)
  const thread = threadIdOf(payload['thread_id'])
  const replaced = turn === null || turn === state.turnId ? state.countAt : null
  state.hasRecords = true
  state.recordTurn = turn
  state.countAt = null
  const offset = replaced ?? entry.offset
  // A record of nothing still takes back the token count it stands for.
  if (isZero(counters) && replaced === null) return []
  return [
    usageRow(state, entry, counters, {
      offset,
      model: modelName(payload['model']),
      dedupeKey: recordKey(state, entry, counters),
      isRelayed: (thread ?? state.threadId) !== state.threadId || isOlderTurn(state, turn ?? state.turnId),
    }),
  ]
}

/** Notes a turn's beginning: a new turn may be written by a program that keeps no records. */
export function startTurn(state: CodexState, turnId: string): void {
  if (turnId === state.turnId) return
  state.turnId = turnId
  state.turnResets = 0
  state.countAt = null
  state.hasRecords = state.hasRecords && state.recordTurn === turnId
}

interface NewTokens {
  readonly counters: Counters
  /** What tells this response from every other, and is the same in every copy; null when nothing does. */
  readonly key: string | null
}

function newTokens(state: CodexState, info: JsonObject, at: EpochMs | null): NewTokens | null {
  const total = countersOf(info['total_token_usage'])
  const last = countersOf(info['last_token_usage'])
  if (total === null) return last === null ? null : takeLast(state, last, at)
  const before = state.total
  if (before !== null && isSame(before, total)) return null
  state.total = total
  const began =
    before !== null && !isZero(before) && (hasShrunk(before, total) || (last !== null && isSame(last, total)))
  if (began) {
    state.resets += 1
    state.turnResets += 1
  }
  const key = totalKey(state, total)
  if (before === null || began) return { counters: last ?? total, key }
  return { counters: difference(total, before), key }
}

function takeLast(state: CodexState, last: Counters, at: EpochMs | null): NewTokens | null {
  const seen = `${at ?? ''}:${last.join('.')}`
  if (seen === state.lastOnly) return null
  state.lastOnly = seen
  return { counters: last, key: at === null || state.threadId === null ? null : `${state.threadId}:${seen}` }
}

/**
 * A response by what it brought the running total to. The total is the turn's, whose id is in every copy of
 * its lines, whichever thread's log they stand in; where turns have no ids of their own it is that of the
 * thread a fork goes back to.
 */
function totalKey(state: CodexState, total: Counters): string | null {
  const { turnId } = state
  const [scope, resets] = isUuid(turnId)
    ? [turnId.toLowerCase(), state.turnResets]
    : [state.rootId ?? state.threadId, state.resets]
  return scope === null ? null : `${scope}:${resets === 0 ? '' : `${resets}#`}${total.join('.')}`
}

/** True for a turn that began before this thread did: it is another thread's, copied. */
function isOlderTurn(state: CodexState, turnId: string | null): boolean {
  const [turn, thread] = [uuidTime(turnId), uuidTime(state.threadId)]
  return turn !== null && thread !== null && turn < thread
}

function recordKey(state: CodexState, entry: Entry, counters: Counters): string | null {
  const thread = threadIdOf(entry.payload['thread_id']) ?? state.rootId ?? state.threadId
  if (thread === null) return null
  const response = cleanString(entry.payload['response_id'])
  if (response !== null && response.length <= 256) return `${thread}:${response}`
  const total = countersOf(entry.payload['thread_token_usage'])
  if (total !== null) return `${thread}:${total.join('.')}`
  return entry.at === null ? null : `${thread}:${entry.at}:${counters.join('.')}`
}

function usageRow(
  state: CodexState,
  entry: Entry,
  counters: Counters,
  own: Pick<Usage, 'dedupeKey' | 'isRelayed'> & { readonly offset: ByteOffset; readonly model: string | null },
): Usage {
  return {
    kind: 'usage',
    sessionId: entry.sessionId,
    offset: own.offset,
    part: 0,
    model: own.model ?? state.model ?? 'unknown',
    at: entry.at,
    dedupeKey: own.dedupeKey,
    ...disjoint(counters),
    webSearches: 0,
    isRelayed: own.isRelayed,
    tier: state.tier,
    reportedCost: null,
  }
}

/** Cached input and cache writes are inside the logged input, reasoning inside the output. */
function disjoint([logged, cached, written, output, reasoning]: Counters): TokenCounts {
  const cacheRead = Math.min(cached, logged)
  const cacheWrite5m = Math.min(written, logged - cacheRead)
  return {
    input: tokensOf(logged - cacheRead - cacheWrite5m),
    output: tokensOf(output),
    cacheRead: tokensOf(cacheRead),
    cacheWrite5m: tokensOf(cacheWrite5m),
    cacheWrite1h: 0,
    reasoning: Math.min(tokensOf(reasoning), tokensOf(output)),
  }
}

function countersOf(value: unknown): Counters | null {
  const usage = asObject(value)
  if (usage === null) return null
  return [
    countOf(usage['input_tokens'] ?? usage['input']),
    countOf(usage['cached_input_tokens'] ?? usage['cached_input']),
    countOf(usage['cache_write_input_tokens'] ?? usage['cache_write_input']),
    countOf(usage['output_tokens'] ?? usage['output']),
    countOf(usage['reasoning_output_tokens'] ?? usage['reasoning_output']),
  ]
}

function isZero(counters: Counters): boolean {
  return counters.every((count) => count === 0)
}

function isSame(a: Counters, b: Counters): boolean {
  return a.every((count, i) => count === b[i])
}

function hasShrunk(before: Counters, after: Counters): boolean {
  return before.some((count, i) => count > (after[i] ?? 0))
}

function difference(after: Counters, before: Counters): Counters {
  return [after[0] - before[0], after[1] - before[1], after[2] - before[2], after[3] - before[3], after[4] - before[4]]
}
