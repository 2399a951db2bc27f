import { type EpochMs, type JsonObject, asObject } from '../../base/index.ts'
import type { Usage } from '../../model/index.ts'
import { cleanString, cutBytes, modelName, nanoUsdOf, timeOf, tokensOf } from '../shared/index.ts'
import { idOf } from './ids.ts'

/** A usage row without its place. */
export type UsageDraft = Omit<Usage, 'kind' | 'sessionId' | 'offset' | 'part'>

const maxTierBytes = 64

/** The name the program gives to messages it made up itself: no model, never charged. */
export const syntheticModel = '<synthetic>'

/**
 * The charged response one assistant line tells of.
 * @param entry    the line, or the line a progress report wraps
 * @param message  its `message`
 * @returns null when it names no model or no usage, or the message was made up by the program
 */
export function usageOf(entry: JsonObject, message: JsonObject, at: EpochMs | null): UsageDraft | null {
  const usage = asObject(message['usage'])
  const model = modelName(message['model'])
  if (usage === null || model === null || model === syntheticModel) return null
  const tier = usage['speed'] === 'fast' ? 'fast' : (cleanString(usage['service_tier'])?.trim() ?? null)
  return {
    model,
    at,
    input: tokensOf(usage['input_tokens']),
    output: tokensOf(usage['output_tokens']),
    cacheRead: tokensOf(usage['cache_read_input_tokens']),
    ...cacheWrites(usage),
    reasoning: 0,
    dedupeKey: dedupeKeyOf(entry, message),
    isRelayed: false,
    webSearches: tokensOf(asObject(usage['server_tool_use'])?.['web_search_requests']),
    tier: tier === null ? null : cutBytes(tier, maxTierBytes),
    reportedCost: nanoUsdOf(entry['costUSD']),
  }
}

/**
 * What a subagent's response cost, as a progress report in its caller's log repeats it: the subagent's
 * own log, when it is there, owns the row.
 * Null when the response has no identity: every report of it would be charged anew.
 */
export function progressUsageOf(entry: JsonObject, lineAt: EpochMs | null): UsageDraft | null {
  const inner = asObject(asObject(entry['data'])?.['message'])
  const message = asObject(inner?.['message'])
  if (inner === null || message === null) return null
  const at = timeOf(inner['timestamp']) ?? lineAt
  const draft = usageOf(inner, message, at)
  return draft === null || draft.dedupeKey === null ? null : { ...draft, isRelayed: true }
}

/** Of two tellings of one response the fuller one; the later when they are equal. */
export function fullerUsage(earlier: UsageDraft | null, later: UsageDraft | null): UsageDraft | null {
  if (earlier === null || later === null) return later ?? earlier
  const fuller = later.output >= earlier.output ? later : earlier
  return { ...fuller, webSearches: Math.max(earlier.webSearches, later.webSearches) }
}

/** True when the response cost nothing at all: such rows are left out. */
export function isEmptyUsage(usage: UsageDraft): boolean {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, webSearches } = usage
  return input + output + cacheRead + cacheWrite5m + cacheWrite1h + webSearches === 0
}

function cacheWrites(usage: JsonObject): { readonly cacheWrite5m: number; readonly cacheWrite1h: number } {
  const split = asObject(usage['cache_creation'])
  const cacheWrite5m = tokensOf(split?.['ephemeral_5m_input_tokens'])
  const cacheWrite1h = tokensOf(split?.['ephemeral_1h_input_tokens'])
  // A split of nothing but zeros beside a flat count is one that was not filled in.
  if (cacheWrite5m + cacheWrite1h > 0) return { cacheWrite5m, cacheWrite1h }
  return { cacheWrite5m: tokensOf(usage['cache_creation_input_tokens']), cacheWrite1h: 0 }
}

/** The response's identity over all logs: resumed sessions copy lines, but keep these ids. */
function dedupeKeyOf(entry: JsonObject, message: JsonObject): string | null {
  const messageId = idOf(message['id'])
  const requestId = idOf(entry['requestId'])
  if (messageId !== null) return requestId === null ? messageId : `${messageId}:${requestId}`
  const uuid = idOf(entry['uuid'])
  return uuid === null ? null : `uuid:${uuid}`
}
