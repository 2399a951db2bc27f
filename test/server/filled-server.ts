import type { ApiEvents } from '../../src/server/api.ts'
import { makeApp } from '../../src/server/app.ts'
import type { ServerContext } from '../../src/server/context.ts'
import type { TestArchive } from '../filled-archive.ts'
import { makeTestArchive, noon } from '../filled-archive.ts'

/** Where the server of a test is. */
export const base = 'http://127.0.0.1:8080'

/** An archive with something of everything, and its server. */
export interface FilledServer {
  readonly archive: TestArchive
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>
  json(path: string): Promise<Record<string, unknown>>
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>
  close(): void
}

/** @param changes  what the server can do beyond showing */
export async function makeFilledServer(changes: Partial<ServerContext> = {}): Promise<FilledServer> {
  const archive = await makeTestArchive()
  await fill(archive)
  const app = makeApp({ ask: archive.archive.driver, timezone: 'UTC', now: () => noon + 5 * 60_000, ...changes })
  const get: FilledServer['get'] = async (path, headers = {}) => await app.request(`${base}${path}`, { headers })
  return {
    archive,
    get,
    json: async (path) => (await (await get(path)).json()) as Record<string, unknown>,
    post: async (path, body = {}, headers = {}) =>
      await app.request(`${base}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    close: () => archive.close(),
  }
}

/** Ids of the sessions of a filled server. */
export const rootId = 'gpu~0f3a1c2d-1111-4222-8333-123456789abc'

const nativeId = '0f3a1c2d-1111-4222-8333-123456789abc'
const day = 86_400_000

async function fill(test: TestArchive): Promise<void> {
  const root = await test.add({
    nativeId,
    columns: { title: 'Fix the parser', branch: 'main', cwd: '/work/app', agent_version: '2.1.0', end_state: 'clean' },
    messages: [
      { role: 'user', text: 'please fix the needle' },
      { text: 'looking', thinking: 'where is it', columns: { model: 'opus' } },
      { role: 'system', text: 'compacted', columns: { subtype: 'compact_boundary', is_user_turn: 0 } },
      { role: 'user', text: 'and the haystack' },
      { text: 'done', columns: { model: 'opus' } },
    ],
    usage: [
      { offset: 100, input: 10, output: 20, cache_read: 70, cache_write_5m: 20, tokens_cost: 2_000_000_000 },
      { offset: 400, input: 5, output: 5, tokens_cost: 500_000_000, at: noon + 60_000 },
    ],
  })
  const call = { session_id: root.sessionId, offset: 100, part: 0, category: 'Bash', name: 'Bash' }
  await test.insert('tool_calls', { ...call, idx: 0, call_id: 't1', input: '{"command":"grep needle"}' })
  await test.insert('tool_calls', { ...call, idx: 1, call_id: 't2', name: 'Task', category: 'Task', input: '{}' })
  await test.insert('tool_results', { session_id: root.sessionId, offset: 200, call_id: 't1', is_error: 1, text: 'no' })
  const spawn = { object_id: root.objectId, generation: 1, native_id: nativeId, offset: 150, name: 'spawn' }
  await test.insert('marks', { ...spawn, key: 't2', value: 'agent-7' })
  await test.add({
    nativeId: 'agent-7',
    columns: { parent_id: nativeId, relationship: 'subagent', agent_label: 'Explore' },
    usage: [{ input: 1, model: 'haiku', tokens_cost: 100_000_000 }],
  })
  await test.add({ nativeId, machine: 'laptop', size: 10, usage: [] })
  await test.add({
    nativeId: 'codex:0f3a1c2d-2222-4222-8333-123456789abc',
    agent: 'codex',
    machine: 'laptop',
    remote: 'home',
    columns: { project: null, started_at: noon - 3 * day, ended_at: noon - 3 * day, bad_lines: 1 },
    object: { key: 'x/rollout.jsonl', complete: 0, offset: 40, error_code: 'remote.refused', error_message: '403' },
    usage: [{ input: 4, model: 'new', tokens_cost: null, at: noon - 3 * day }],
  })
  await test.insert('bad_lines', {
    object_id: root.objectId + 3,
    generation: 1,
    offset: 30,
    length: 9,
    reason: 'invalid-json',
  })
  await test.insert('sync_runs', {
    started_at: noon - 5000,
    ended_at: noon,
    duration_ms: 5000.5,
    summary: JSON.stringify(summary),
  })
}

const counts = {
  objects: { listed: 9, unchanged: 5, appended: 3, reread: 1, gone: 0, failed: 1, refused: 0 },
  bytes: { fetched: 1234 },
  requests: { list: 1, get: 4, head: 0 },
  sessions: { added: 1, updated: 2 },
  messages: { added: 7 },
  badLines: 1,
  ms: 5000,
}
const failure = { code: 'remote.refused', message: '403 AccessDenied', hint: 'see the policy' } as const
const lab = { ...counts, name: 'lab', ok: true, error: null, machines: 2, notices: [], failures: [] }

/** The account of the one sync of a filled server. */
export const summary = {
  ok: false,
  remotes: [lab, { ...lab, name: 'home', ok: false, error: failure, failures: [{ key: 'k', error: failure }] }],
  totals: counts,
  cancelled: false,
}

/** One event as it came over the wire. */
export interface ReadEvent {
  readonly name: string
  readonly id: string | null
  readonly data: ApiEvents[keyof ApiEvents]
}

/** Reads events off a stream until one passes; fails when the stream ends first. */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  isLast: (event: ReadEvent) => boolean,
): Promise<readonly ReadEvent[]> {
  const events: ReadEvent[] = []
  let text = ''
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = parseEvent(text.slice(0, end))
      text = text.slice(end + 2)
      if (event === null) continue
      events.push(event)
      if (isLast(event)) return events
    }
  }
  throw new Error(`the stream ended after ${JSON.stringify(events)}`)
}

function parseEvent(block: string): ReadEvent | null {
  const fields = new Map(
    block.split('\n').map((line) => {
      const at = line.indexOf(':')
      return [line.slice(0, at), line.slice(at + 1).trimStart()] as const
    }),
  )
  const name = fields.get('event')
  if (name === undefined) return null
  return { name, id: fields.get('id') ?? null, data: JSON.parse(fields.get('data') ?? 'null') as ReadEvent['data'] }
}
