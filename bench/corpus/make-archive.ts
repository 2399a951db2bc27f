// Writes an archive of very many made-up messages straight through the store's schema, to ask it questions.
//
//   npx tsx bench/corpus/make-archive.ts --db file:PATH [--messages 1000000] [--seed 1]
import { parseArgs } from 'node:util'

import { cutForIndex, needsCut, openArchive } from '../../src/store/index.ts'
import type { Archive } from '../../src/store/index.ts'
import { firstDay, projects } from './fleet-work.ts'
import { proseOf } from './prose.ts'
import type { Prose } from './prose.ts'
import { randomOf } from './random.ts'
import type { Random } from './random.ts'

/** A word in about one message of fifty thousand. */
const rareWord = 'zwischenablage'
const machines = ['ada-laptop', 'gpu-box', 'ci-runner', 'lab-desk', 'bob-mini', 'build-1', 'edge-7', 'lab-8']
const models = ['claude-opus-4-8', 'claude-sonnet-5', 'claude-haiku-4-5-20251001', 'gpt-5.2-codex']
const sessionsPerCommit = 200
const spanMs = 365 * 86_400_000

type Cell = null | number | string
type Rows = Record<string, Cell[][]>

interface Pens {
  readonly random: Random
  readonly prose: Prose
  /** Ids given out so far. */
  sessions: number
  messages: number
}

interface SessionShape {
  readonly machine: string
  readonly nativeId: string
  readonly startedAt: number
  readonly texts: readonly { readonly text: string; readonly thinking: string }[]
}

async function fill(archive: Archive, goal: number, random: Random): Promise<void> {
  const pens: Pens = { random, prose: proseOf(random), sessions: 0, messages: 0 }
  while (pens.messages < goal) {
    const rows: Rows = {}
    const first = pens.messages + 1
    for (let count = 0; count < sessionsPerCommit && pens.messages < goal; count += 1) addSessions(pens, rows)
    await commit(archive, rows, first, pens.messages)
  }
  await archive.driver.transaction(async (transaction) => {
    const names = machines.map((name) => [name, firstDay])
    await transaction.run([{ table: 'machines', columns: ['name', 'first_seen_at'], rows: names }])
  })
}

/** One session; now and then also a copy of it on another machine. */
function addSessions(pens: Pens, rows: Rows): void {
  const { random, prose } = pens
  const length = Math.max(2, Math.round(random.skewed(40, 1)))
  const text = (): string => {
    const rare = random.chance(1 / 50_000) ? `${rareWord} ` : ''
    return rare + prose.text(random.skewed(220, 1))
  }
  const shape = {
    machine: random.pick(machines),
    nativeId: random.uuid(),
    startedAt: firstDay - spanMs + Math.floor(random.fraction() * spanMs),
    texts: Array.from({ length }, () => ({ text: text(), thinking: random.chance(0.15) ? text() : '' })),
  }
  addSession(pens, rows, shape, false)
  if (!random.chance(0.05)) return
  const machine = machines[(machines.indexOf(shape.machine) + 1) % machines.length] ?? 'lab-8'
  addSession(pens, rows, { ...shape, machine }, true)
}

function addSession(pens: Pens, rows: Rows, shape: SessionShape, isCopy: boolean): void {
  const { random } = pens
  pens.sessions += 1
  const id = pens.sessions
  const { machine, nativeId, startedAt, texts } = shape
  const model = random.pick(models)
  const agent = model.startsWith('gpt') ? 'codex' : 'claude'
  const endedAt = startedAt + texts.length * 30_000
  const key = `${machine}/raw/${agent}/projects/p/${nativeId}.jsonl`
  add(rows, 'objects', {
    id,
    remote: 'bench',
    bucket: 'bench',
    key,
    etag: `"${random.hex(32)}"`,
    size: texts.length * 2000,
    modified_at: endedAt,
    machine,
    agent,
    agent_version: 1,
    role: 'session',
    path: `p/${nativeId}.jsonl`,
    native_id: nativeId,
    rank: 1,
    complete: 1,
    offset: texts.length * 2000,
    generation: 1,
    revision: 1,
    read_at: endedAt,
  })
  const isSubagent = random.chance(0.1)
  add(rows, 'sessions', {
    id,
    object_id: id,
    generation: 1,
    live: 1,
    lead: 1,
    machine,
    agent,
    native_id: nativeId,
    places: 1,
    message_count: texts.length,
    user_message_count: Math.ceil(texts.length / 8),
    bad_lines: 0,
    started_at: startedAt,
    ended_at: endedAt,
    project: random.pick(projects),
    title: null,
    first_prompt: texts[0]?.text.slice(0, 300) ?? '',
    relationship: isSubagent ? 'subagent' : null,
    parent_id: isSubagent ? random.uuid() : null,
    cwd: '/home/ann/code',
    branch: random.pick(['main', 'fix']),
    is_truncated: 0,
    facts: '{}',
    hidden_ranges: '[]',
  })
  for (const [index, { text, thinking }] of texts.entries()) {
    pens.messages += 1
    const place = { session_id: id, offset: index * 2000, part: 0 }
    const at = startedAt + index * 30_000
    const isUser = index % 8 === 0
    add(rows, 'messages', {
      id: pens.messages,
      ...place,
      pos: place.offset,
      role: isUser ? 'user' : 'assistant',
      at,
      hidden: 0,
      is_user_turn: Number(isUser),
      is_prompt: Number(isUser),
      is_sidechain: 0,
      model: isUser ? null : model,
      uuid: random.uuid(),
      text,
      thinking,
    })
    if (needsCut(text) || needsCut(thinking)) {
      add(rows, 'message_words', { rowid: pens.messages, text: cutForIndex(text), thinking: cutForIndex(thinking) })
    }
    if (!isUser && index % 2 === 0) addCall(rows, place, `toolu_${id}_${index}`, at, pens)
    if (!isUser) addUsage(rows, place, { id, at, model, key: `${nativeId}:${index}`, isCopy }, random)
  }
}

type Place = { readonly session_id: number; readonly offset: number; readonly part: number }

function addCall(rows: Rows, place: Place, callId: string, at: number, { random, prose }: Pens): void {
  const input = JSON.stringify({ command: `npm test -- ${random.hex(4)}` })
  add(rows, 'tool_calls', { ...place, idx: 0, hidden: 0, call_id: callId, name: 'Bash', category: 'shell', input })
  add(rows, 'tool_results', { ...place, is_error: 0, at, call_id: callId, text: prose.output(random.skewed(300, 1)) })
}

function addUsage(
  rows: Rows,
  place: Place,
  about: { readonly id: number; readonly at: number; readonly model: string; key: string; isCopy: boolean },
  random: Random,
): void {
  add(rows, 'usage', {
    ...place,
    counts: Number(!about.isCopy),
    shared: 0,
    hidden: 0,
    relayed: 0,
    owner_id: about.id,
    at: about.at,
    input: random.int(2, 40),
    output: random.int(10, 900),
    cache_read: random.int(0, 90_000),
    cache_write_5m: random.int(0, 6000),
    cache_write_1h: 0,
    reasoning: 0,
    web_searches: 0,
    tokens_cost: random.int(1e6, 9e7),
    fee_cost: 0,
    model: about.model,
    dedupe_key: about.key,
  })
}

function add(rows: Rows, table: string, row: Readonly<Record<string, Cell>>): void {
  const list = (rows[table] ??= [Object.keys(row)])
  list.push(Object.values(row))
}

async function commit(archive: Archive, rows: Rows, first: number, last: number): Promise<void> {
  const cut = (rows['message_words'] ?? []).slice(1).map(([id]) => id)
  await archive.driver.transaction(async (transaction) => {
    await transaction.run([
      ...Object.entries(rows).map(([table, [columns = [], ...values]]) => ({
        table,
        columns: columns.map(String),
        rows: values,
      })),
      {
        sql: `INSERT INTO message_words (rowid, text, thinking) SELECT id, text, thinking FROM messages
          WHERE id BETWEEN ?1 AND ?2 AND id NOT IN (SELECT value FROM json_each(?3))`,
        args: [first, last, JSON.stringify(cut)],
      },
    ])
  })
}

const { values: options } = parseArgs({
  options: {
    db: { type: 'string' },
    messages: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
})
if (options.db === undefined) throw new RangeError('usage: make-archive.ts --db file:PATH [--messages N] [--seed 1]')
const archive = await openArchive({ url: options.db, token: null })
await fill(archive, Number(options.messages), randomOf(`archive ${options.seed}`))
archive.close()
