import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { priceTable } from '../src/pricing/index.ts'
import type { Archive } from '../src/store/index.ts'
import { cutForIndex, openArchive } from '../src/store/index.ts'

type Value = string | number | null
type Values = Readonly<Record<string, Value>>

/** A session for a test, in the words of the schema; what is left out gets a plain value. */
export interface TestSession {
  readonly machine?: string
  readonly remote?: string
  readonly agent?: string
  readonly nativeId: string
  readonly size?: number
  readonly columns?: Values
  readonly object?: Values
  readonly messages?: readonly TestMessage[]
  readonly usage?: readonly Values[]
}

export interface TestMessage {
  readonly role?: string
  readonly text?: string
  readonly thinking?: string
  readonly at?: number | null
  readonly columns?: Values
}

/** A real archive in a file of its own, filled row by row. */
export interface TestArchive {
  readonly archive: Archive
  readonly url: string
  insert(table: string, values: Values): Promise<number>
  /** Adds an object with one session in it. */
  add(session: TestSession): Promise<{ readonly objectId: number; readonly sessionId: number }>
  close(): void
}

/** 2026-08-01T12:00:00Z, the moment tests begin at. */
export const noon = Date.UTC(2026, 7, 1, 12)

/** Opens an empty archive in a temporary folder; `close` removes it. */
export async function makeTestArchive(): Promise<TestArchive> {
  const folder = mkdtempSync(join(tmpdir(), 'agentsview-query-'))
  const url = `file:${join(folder, 'archive.db')}`
  const archive = await openArchive({ url, token: null })
  // The costs that tests write are the costs in force: no command makes them anew.
  await archive.driver.all({
    sql: `INSERT INTO meta (key, value) VALUES ('price_version', ?)`,
    args: [priceTable().version],
  })
  const plain = new Map<string, Values>()
  const insert = async (table: string, given: Values): Promise<number> => {
    const defaults = plain.get(table) ?? (await plainValues(archive, table))
    plain.set(table, defaults)
    const values = { ...defaults, ...given }
    const names = Object.keys(values)
    const columns = names.map((name) => `"${name}"`).join(', ')
    const rows = await archive.driver.all({
      sql: `INSERT INTO "${table}" (${columns}) VALUES (${names.map(() => '?').join(', ')}) RETURNING rowid`,
      args: Object.values(values),
    })
    return Number(rows[0]?.[0])
  }
  return {
    archive,
    url,
    insert,
    add: async (session) => await addSession(insert, archive, session),
    close: () => {
      archive.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Zero or nothing for every column that must have a value: a test names only those it is about. */
async function plainValues(archive: Archive, table: string): Promise<Values> {
  const rows = await archive.driver.all({
    sql: `SELECT name, type FROM pragma_table_info(?) WHERE "notnull" = 1 AND dflt_value IS NULL AND pk = 0`,
    args: [table],
  })
  return Object.fromEntries(rows.map(([name, type]) => [String(name), type === 'TEXT' ? '' : 0]))
}

async function addSession(insert: TestArchive['insert'], archive: Archive, session: TestSession) {
  const {
    machine = 'gpu',
    remote = 'lab',
    agent = 'claude',
    nativeId,
    messages = [{ role: 'user', text: 'hello' }],
  } = session
  await archive.driver.all({
    sql: 'INSERT OR IGNORE INTO machines (name, first_seen_at) VALUES (?, ?)',
    args: [machine, noon],
  })
  const objectId = await insert('objects', {
    remote,
    bucket: 'team',
    key: `${machine}/raw/${agent}/p/${nativeId}.jsonl`,
    etag: 'e',
    size: session.size ?? 100,
    modified_at: noon,
    machine,
    agent,
    agent_version: 1,
    role: 'session',
    path: `p/${nativeId}.jsonl`,
    native_id: nativeId,
    rank: 0,
    offset: 100,
    generation: 1,
    read_at: noon,
    ...session.object,
  })
  const turns = messages.filter(({ role }) => role === 'user')
  const sessionId = await insert('sessions', {
    object_id: objectId,
    generation: 1,
    live: 1,
    lead: 1,
    machine,
    agent,
    native_id: nativeId,
    places: 1,
    message_count: messages.length,
    user_message_count: turns.length,
    bad_lines: 0,
    started_at: noon,
    ended_at: noon + 60_000,
    project: 'app',
    first_prompt: turns.find(({ text }) => !/^\/\w+$/.test((text ?? '').trim()))?.text ?? null,
    is_truncated: 0,
    facts: '{}',
    hidden_ranges: '[]',
    ...session.columns,
  })
  for (const [at, message] of messages.entries()) await addMessage(insert, sessionId, at * 100, message)
  for (const [at, row] of (session.usage ?? []).entries()) await addUsage(insert, sessionId, at, row)
  return { objectId, sessionId }
}

async function addMessage(
  insert: TestArchive['insert'],
  sessionId: number,
  offset: number,
  message: TestMessage,
): Promise<void> {
  const { role = 'assistant', text = '', thinking = '', at = noon } = message
  const id = await insert('messages', {
    session_id: sessionId,
    offset,
    part: 0,
    pos: offset,
    role,
    at,
    hidden: 0,
    is_user_turn: role === 'user' ? 1 : 0,
    is_prompt: role === 'user' ? 1 : 0,
    is_sidechain: 0,
    text,
    thinking,
    ...message.columns,
  })
  await insert('message_words', { rowid: id, text: cutForIndex(text), thinking: cutForIndex(thinking) })
}

async function addUsage(insert: TestArchive['insert'], sessionId: number, place: number, row: Values): Promise<void> {
  await insert('usage', {
    session_id: sessionId,
    offset: place,
    part: 0,
    counts: 1,
    shared: 0,
    hidden: 0,
    owner_id: sessionId,
    at: noon,
    input: 0,
    output: 0,
    cache_read: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
    reasoning: 0,
    web_searches: 0,
    tokens_cost: 0,
    fee_cost: 0,
    model: 'opus',
    dedupe_key: `${sessionId}/${place}`,
    ...row,
  })
}
