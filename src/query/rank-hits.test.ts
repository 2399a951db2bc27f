import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { openArchive } from '../store/index.ts'
import type { Archive } from '../store/index.ts'
import { noFilters } from './filters.ts'
import { search } from './search.ts'

/** More matches than are looked up one by one: sessions of 100 messages, all with the word. */
const sessions = 240
const perSession = 100

let folder = ''
let archive: Archive

type Cell = null | number | string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agentsview-rank-'))
  archive = await openArchive({ url: `file:${join(folder, 'a.db')}`, token: null })
  const rows: Record<'objects' | 'sessions' | 'messages', Record<string, Cell>[]> = {
    objects: [],
    sessions: [],
    messages: [],
  }
  for (let id = 1; id <= sessions; id += 1) {
    // Every tenth session is a copy of the one before it; every sixteenth begins with hidden history.
    const isCopy = id % 10 === 0
    const isPartlyHidden = id % 16 === 0 && !isCopy
    const nativeId = `s${isCopy ? id - 1 : id}`
    const machine = isCopy ? 'b' : 'a'
    const common = { id, machine, agent: 'x', generation: 1, native_id: nativeId }
    const object = { remote: 'r', bucket: 'b', key: `${id}`, etag: '', size: id, modified_at: 1, agent_version: 1 }
    const read = { role: 'session', path: '', rank: 1, complete: 1, offset: 1, revision: 1, read_at: 1 }
    rows.objects.push({ ...common, ...object, ...read })
    const counts = { places: 1, message_count: perSession, user_message_count: 0, bad_lines: 0, is_truncated: 0 }
    const ranges = { facts: '{}', hidden_ranges: isPartlyHidden ? '[[0,50]]' : '[]' }
    // The last session is not shown at all.
    rows.sessions.push({ ...common, object_id: id, live: Number(id < sessions), lead: 1, ...counts, ...ranges })
    for (let at = 0; at < perSession; at += 1) {
      // Few lengths, so that very many messages have one score.
      const text = `word ${'other '.repeat((nativeId.length + at) % 7)}`
      const flags = { is_user_turn: 0, is_prompt: 0, is_sidechain: 0, hidden: Number(isPartlyHidden && at < 50) }
      const place = { id: (id - 1) * perSession + at + 1, session_id: id, offset: at, part: 0, pos: at }
      rows.messages.push({ ...place, role: 'user', at: at === 0 ? null : 1000 + at, ...flags, text, thinking: '' })
    }
  }
  await archive.driver.transaction(async (transaction) => {
    await transaction.run([
      ...Object.entries(rows).map(([table, list]) => ({
        table,
        columns: Object.keys(list[0] ?? {}),
        rows: list.map((row) => Object.values(row)),
      })),
      { sql: 'INSERT INTO message_words (rowid, text, thinking) SELECT id, text, thinking FROM messages', args: [] },
    ])
  })
})

afterAll(async () => {
  archive.close()
  await rm(folder, { recursive: true, force: true })
})

it('finds the same hits, page by page, whether every match is looked up or only the best-ranked', async () => {
  const everything = await search(archive.driver, 'word', noFilters, { limit: 0, cursor: null })
  expect(everything.total).toBe(everything.hits.length)
  // Without the copies but one each, the hidden halves and the session that is not shown.
  expect(everything.total).toBeLessThan(sessions * perSession - 2000)
  expect(everything.total).toBeGreaterThan(20_000)
  let cursor: string | null = null
  for (let page = 0; page < 4; page += 1) {
    const found = await search(archive.driver, 'word', noFilters, { limit: 30, cursor })
    expect(found.hits).toEqual(everything.hits.slice(page * 30, page * 30 + 30))
    expect(found.total).toBe(everything.total)
    cursor = found.nextCursor
  }
})

it('keeps to the filters among very many matches', async () => {
  const filters = { ...noFilters, machines: ['b'], window: { from: 1010, before: 1020 } }
  const everything = await search(archive.driver, 'word', filters, { limit: 0, cursor: null })
  const found = await search(archive.driver, 'word', filters, { limit: 5, cursor: null })
  expect(found.hits).toEqual(everything.hits.slice(0, 5))
  expect(found.total).toBe(everything.total)
  expect(everything.total).toBe(23 * 10)
})
