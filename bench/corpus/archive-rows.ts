import { priceTable } from '../../src/pricing/index.ts'
import type { Driver } from '../../src/store/driver.ts'
import { cutForIndex, needsCut } from '../../src/store/index.ts'

type Cell = null | number | string

/** What a message says and does. */
export interface Step {
  readonly role: 'user' | 'assistant' | 'system'
  readonly subtype?: string
  readonly text: string
  readonly thinking: string
  readonly call: {
    readonly name: string
    /** The kind of tool, as the archive names it. */
    readonly category: string
    readonly input: string
    readonly result: string
    readonly isError: boolean
  } | null
  /** What the response was charged; null for what is none. */
  readonly usage: Charge | null
}

/** Tokens and price of one response. */
export interface Charge {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly costNanoUsd: number
}

/** One session as the archive is to hold it. */
export interface MadeSession {
  readonly machine: string
  readonly agent: 'claude' | 'codex'
  readonly nativeId: string
  readonly model: string
  readonly project: string
  readonly branch: string
  readonly title: string | null
  /** Native id of the session that started it. */
  readonly parentId: string | null
  readonly startedAt: number
  readonly steps: readonly Step[]
  /** Two machines have it. */
  readonly isShared: boolean
  /** The second of the two, whose id comes later; added right after the first, which pays for both. */
  readonly isCopy: boolean
}

/** Time from one message to the next. */
export const stepMs = 30_000
const bytesPerStep = 2000

const columns = {
  objects:
    'id remote bucket key etag size modified_at machine agent agent_version role path native_id rank complete offset generation revision read_at',
  sessions:
    'id object_id generation live lead machine agent native_id places message_count user_message_count bad_lines started_at ended_at project title first_prompt relationship parent_id cwd branch is_truncated facts hidden_ranges',
  messages:
    'id session_id offset part pos role subtype at hidden is_user_turn is_prompt is_sidechain model uuid text thinking',
  tool_calls: 'session_id offset part idx hidden call_id name category input',
  tool_results: 'session_id offset part is_error at call_id text',
  usage:
    'session_id offset part counts shared hidden relayed owner_id at input output cache_read cache_write_5m cache_write_1h reasoning web_searches tokens_cost fee_cost model dedupe_key',
  message_words: 'rowid text thinking',
} as const
type Table = keyof typeof columns

/** Writes whole sessions as rows of the archive's own schema, many to a transaction. */
export interface RowWriter {
  add(session: MadeSession): Promise<void>
  /** Writes what still waits, and the machines' names. */
  end(machines: readonly string[], firstSeenAt: number): Promise<void>
}

const rowsPerCommit = 60_000

/** @param driver  of a fresh archive, which nobody else has open */
export async function openRowWriter(driver: Driver): Promise<RowWriter> {
  // Nothing is lost when this is cut short but the time to make it again; and the fewer pieces the index
  // of words is written in, the fewer times they are merged.
  await driver.run('PRAGMA synchronous = OFF')
  await driver.run('PRAGMA cache_size = -131072')
  await driver.run('PRAGMA wal_autocheckpoint = 8000')
  await driver.run(`INSERT INTO message_words (message_words, rank) VALUES ('hashsize', ${32 * 2 ** 20})`)
  const ids = { sessions: 0, messages: 0 }
  let rows = emptyRows()
  let waiting = 0
  const flush = async (): Promise<void> => {
    await driver.transaction(async (transaction) => {
      await transaction.run(
        (Object.keys(columns) as Table[]).map((table) => ({
          table,
          columns: columns[table].split(' '),
          rows: rows[table],
        })),
      )
    })
    rows = emptyRows()
    waiting = 0
  }
  return {
    add: async (session) => {
      ids.sessions += 1
      addSession(rows, ids.sessions, session)
      for (const [index, step] of session.steps.entries()) {
        ids.messages += 1
        addStep(rows, { id: ids.messages, sessionId: ids.sessions, session, index }, step)
      }
      waiting += session.steps.length * 4
      if (waiting > rowsPerCommit) await flush()
    },
    end: async (machines, firstSeenAt) => {
      await flush()
      await driver.transaction(async (transaction) => {
        const names = machines.map((name) => [name, firstSeenAt])
        const prices = [['price_version', priceTable().version]]
        await transaction.run([
          { table: 'machines', columns: ['name', 'first_seen_at'], rows: names },
          // The costs are those in force: no command makes them anew.
          { table: 'meta', columns: ['key', 'value'], rows: prices },
        ])
      })
      // What an archive has that was filled by syncs.
      await driver.run(`INSERT INTO message_words (message_words, rank) VALUES ('hashsize', ${2 ** 20})`)
      await driver.run('PRAGMA wal_checkpoint(TRUNCATE)')
    },
  }
}

function emptyRows(): Record<Table, Cell[][]> {
  return { objects: [], sessions: [], messages: [], tool_calls: [], tool_results: [], usage: [], message_words: [] }
}

const isPrompt = ({ role }: Step): boolean => role === 'user'

function addSession(rows: Record<Table, Cell[][]>, id: number, session: MadeSession): void {
  const { machine, agent, nativeId, startedAt, steps, parentId } = session
  const endedAt = endOf(session)
  const size = steps.length * bytesPerStep
  const path = `p/${nativeId}.jsonl`
  const key = `${machine}/raw/${agent}/projects/${path}`
  rows.objects.push([
    id,
    'bench',
    'bench',
    key,
    `"${id.toString(16).padStart(32, '0')}"`,
    size,
    endedAt,
    machine,
    agent,
    1,
    'session',
    path,
    nativeId,
    1,
    1,
    size,
    1,
    1,
    endedAt,
  ])
  rows.sessions.push([
    id,
    id,
    1,
    1,
    1,
    machine,
    agent,
    nativeId,
    1,
    steps.length,
    steps.filter(isPrompt).length,
    0,
    startedAt,
    endedAt,
    session.project,
    session.title,
    steps.find(isPrompt)?.text.slice(0, 300) ?? '',
    parentId === null ? null : 'subagent',
    parentId,
    '/home/ann/code',
    session.branch,
    0,
    '{}',
    '[]',
  ])
}

/** When the last message of a session was written. */
export function endOf({ startedAt, steps }: MadeSession): number {
  return startedAt + steps.length * stepMs
}

interface Place {
  readonly id: number
  readonly sessionId: number
  readonly session: MadeSession
  readonly index: number
}

function addStep(rows: Record<Table, Cell[][]>, { id, sessionId, session, index }: Place, step: Step): void {
  const { nativeId, model, isCopy, isShared, startedAt } = session
  const { role, subtype = null, text, thinking, call, usage } = step
  const offset = index * bytesPerStep
  const at = startedAt + index * stepMs
  const turn = Number(isPrompt(step))
  const uuid = `${nativeId.slice(0, 24)}${index.toString(16).padStart(12, '0')}`
  rows.messages.push([
    id,
    sessionId,
    offset,
    0,
    offset,
    role,
    subtype,
    at,
    0,
    turn,
    turn,
    0,
    role === 'assistant' ? model : null,
    uuid,
    text,
    thinking,
  ])
  if (text !== '' || thinking !== '')
    rows.message_words.push([
      id,
      needsCut(text) ? cutForIndex(text) : text,
      needsCut(thinking) ? cutForIndex(thinking) : thinking,
    ])
  if (call !== null) {
    const callId = `toolu_${sessionId}_${index}`
    rows.tool_calls.push([sessionId, offset, 0, 0, 0, callId, call.name, call.category, call.input])
    rows.tool_results.push([sessionId, offset, 0, Number(call.isError), at, callId, call.result])
  }
  if (usage === null) return
  const { input, output, cacheRead, cacheWrite, costNanoUsd } = usage
  rows.usage.push([
    sessionId,
    offset,
    0,
    Number(isCopy || !isShared),
    Number(isShared),
    0,
    0,
    isCopy ? sessionId - 1 : sessionId,
    at,
    input,
    output,
    cacheRead,
    cacheWrite,
    0,
    0,
    0,
    costNanoUsd,
    0,
    model,
    `${nativeId}:${index}`,
  ])
}
