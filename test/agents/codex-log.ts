import { Buffer } from 'node:buffer'
import type { Json } from '../../src/base/index.ts'
import { codex } from '../../src/agents/codex/format.ts'
import type { ObjectContext } from '../../src/agents/index.ts'
import type {
  Line,
  Mark,
  Message,
  SessionFields,
  SessionRecord,
  ToolCall,
  ToolResult,
  Usage,
} from '../../src/model/index.ts'

/** The thread that invented logs are about. */
export const ownThread = '019c0000-0000-7000-8000-000000000001'
export const ownSession = `codex:${ownThread}`
/** The thread they were forked from or started by. */
export const parentThread = '019c0000-0000-7000-8000-00000000000a'
export const parentSession = `codex:${parentThread}`

/** The path of a thread's rollout. */
export function rolloutPath(thread: string = ownThread): string {
  return `sessions/2026/03/04/rollout-2026-03-04T05-06-07-${thread}.jsonl`
}

/** One line with its envelope; `second` tells lines apart by time. */
export function line(type: string, payload: object, second = 0, more: object = {}): string {
  const timestamp = new Date(Date.UTC(2026, 2, 4, 5, 6, 7) + second * 1000).toISOString()
  return JSON.stringify({ timestamp, ...more, type, payload })
}

export const meta = (more: object = {}, id = ownThread): string =>
  line('session_meta', { id, cwd: '/w/my-app', cli_version: '0.99.0', source: 'cli', ...more })
export const turn = (turnId: string, model: string | null = 'gpt-a'): string =>
  line('turn_context', { turn_id: turnId, ...(model === null ? {} : { model }) })
export const item = (payload: object): string => line('response_item', payload)
export const said = (role: string, text: string): string =>
  item({ type: 'message', role, content: [{ type: role === 'user' ? 'input_text' : 'output_text', text }] })
export const event = (type: string, more: object = {}, second = 0): string =>
  line('event_msg', { type, ...more }, second)

type Counts = readonly [input: number, cached: number, output: number, reasoning?: number]

const counters = ([input, cached, output, reasoning]: Counts): object => ({
  input_tokens: input,
  cached_input_tokens: cached,
  output_tokens: output,
  reasoning_output_tokens: reasoning ?? 0,
  total_tokens: input + output,
})

/** A `token_count` event with cumulative counters, with those of the last response, or with both. */
export function tokenCount(total: Counts | null, last: Counts | null, second = 0): string {
  const info = {
    ...(total === null ? {} : { total_token_usage: counters(total) }),
    ...(last === null ? {} : { last_token_usage: counters(last) }),
  }
  return event('token_count', { info }, second)
}

/** A `token_usage_record` line. */
export function usageRecord(responseId: string, counts: Counts, more: object = {}): string {
  return line('token_usage_record', { response_id: responseId, usage: counters(counts), ...more })
}

/** Lines of a log with the offsets they have when each ends in a newline. */
export function linesOf(log: string | Uint8Array): readonly Line[] {
  const bytes = typeof log === 'string' ? Buffer.from(log) : Buffer.from(log)
  const lines: Line[] = []
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(0x0a, from)
    const end = newline === -1 ? bytes.length : newline
    lines.push({ offset: from, bytes: bytes.subarray(from, end) })
    from = end + 1
  }
  return lines
}

/** What the archive would hold of a log: the last record of each identity, the session's fields put together. */
export interface Archived {
  readonly records: readonly SessionRecord[]
  readonly fields: SessionFields
  readonly messages: readonly Message[]
  readonly calls: readonly ToolCall[]
  readonly results: readonly ToolResult[]
  readonly usage: readonly Usage[]
  readonly marks: readonly Mark[]
}

/**
 * Reads a log as a sync would.
 * @param stops  indexes of lines before which reading stops and goes on from what was saved
 */
export function readLog(
  lines: readonly Line[],
  path: string = rolloutPath(),
  stops: ReadonlySet<number> = new Set(),
): Archived {
  const place = codex.locate(path)
  if (place === null) throw new Error(`not a path of ours: ${path}`)
  const context: ObjectContext = { ...place, path }
  const byIdentity = new Map<string, SessionRecord>()
  const keep = (records: readonly SessionRecord[]): void => {
    for (const record of records) byIdentity.set(identityOf(record), merged(byIdentity, record))
  }
  let parser = codex.open(context, null)
  for (const [index, next] of lines.entries()) {
    if (stops.has(index)) {
      keep(parser.flush('unfinished'))
      parser = codex.open(context, JSON.parse(JSON.stringify(parser.resume().state)) as Json)
    }
    keep(parser.push(next))
  }
  keep(parser.flush('whole'))
  return archived([...byIdentity.values()])
}

/** As `readLog`, for lines of text. */
export function read(log: readonly string[], path?: string): Archived {
  return readLog(linesOf(log.map((text) => `${text}\n`).join('')), path)
}

function archived(records: readonly SessionRecord[]): Archived {
  const of = <Kind extends SessionRecord['kind']>(kind: Kind): Extract<SessionRecord, { kind: Kind }>[] =>
    records.filter((record): record is Extract<SessionRecord, { kind: Kind }> => record.kind === kind)
  return {
    records: records.toSorted((a, b) => (identityOf(a) < identityOf(b) ? -1 : 1)),
    fields: of('session')[0]?.facts ?? {},
    messages: of('message').toSorted((a, b) => a.offset - b.offset),
    calls: of('tool-call').toSorted((a, b) => a.offset - b.offset),
    results: of('tool-result').toSorted((a, b) => a.offset - b.offset),
    usage: of('usage').toSorted((a, b) => a.offset - b.offset),
    marks: of('mark').toSorted((a, b) => a.offset - b.offset),
  }
}

function merged(known: ReadonlyMap<string, SessionRecord>, record: SessionRecord): SessionRecord {
  const before = known.get(identityOf(record))
  if (record.kind !== 'session' || before?.kind !== 'session') return record
  return { ...record, facts: { ...before.facts, ...record.facts } }
}

function identityOf(record: SessionRecord): string {
  const session = 'sessionId' in record ? record.sessionId : ''
  const place = 'offset' in record ? String(record.offset).padStart(12, '0') : ''
  const part = 'part' in record ? record.part : ''
  const key = record.kind === 'mark' ? `${record.name}:${record.key}` : record.kind === 'tool-call' ? record.index : ''
  return [place, record.kind, session, part, key].join('|')
}
