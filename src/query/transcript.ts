import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { flag, int, intOrNull, listed, select, selectOne, str, strOrNull } from './ask.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { FoundSession } from './find-session.ts'
import { spawns } from './spawns.ts'
import { sql } from './sql.ts'
import { wholeOutputs } from './whole-outputs.ts'

export interface ToolCallRow {
  readonly id: string | null
  readonly name: string
  readonly category: string
  /** As logged: raw JSON text, or the plain text of a custom tool. */
  readonly input: string
  /** What it gave back, several results one after the other; null when nothing came. */
  readonly result: string | null
  readonly isError: boolean
  /** Id of the session it started. */
  readonly subagentId: string | null
}

export interface MessageRow {
  /** Place among the visible messages of the session, from 0. */
  readonly ordinal: number
  readonly role: 'user' | 'assistant' | 'system'
  /** Class of a message that is not talk: `compact_boundary`, `interrupted`, … */
  readonly subtype: string | null
  readonly timestamp: string | null
  readonly model: string | null
  readonly text: string
  readonly thinking: string
  readonly toolCalls: readonly ToolCallRow[]
  /** Where its line begins in the object, in bytes. */
  readonly offset: number
  /** A person typed it. */
  readonly isUserTurn: boolean
}

export interface Transcript {
  readonly messages: readonly MessageRow[]
  readonly total: number
  readonly nextCursor: string | null
}

/**
 * A page of a session's messages in their order. History copied from another session is left out.
 * @param page  `limit` 0 = all; `from` is the ordinal to begin with when there is no cursor
 * @throws AgentsviewError `usage.cursor`, `store.*`
 */
export async function sessionMessages(
  ask: Ask,
  found: FoundSession,
  page: { readonly limit: number; readonly cursor: string | null; readonly from?: number | undefined },
): Promise<Transcript> {
  const [start = page.from ?? 0] = page.cursor === null ? [] : readCursor('messages', page.cursor, ['number'])
  const first = Math.max(0, Math.trunc(Number(start)))
  // Sorting ids alone spares carrying the texts of all messages through the sort.
  const ids = await select(
    ask,
    { id: [sql`id`, int] },
    sql`FROM messages WHERE session_id = ${found.rowId} AND hidden = 0
      ORDER BY pos, "offset", part LIMIT ${page.limit === 0 ? -1 : page.limit} OFFSET ${first}`,
  )
  const count = await selectOne(
    ask,
    { total: [sql`count(*)`, int] },
    sql`FROM messages WHERE session_id = ${found.rowId} AND hidden = 0`,
  )
  const total = count?.total ?? 0
  const rows = await messageRows(
    ask,
    ids.map(({ id }) => id),
  )
  const calls = await callsOf(ask, found, rows)
  const next = first + ids.length
  return {
    messages: ids.flatMap(({ id }, at) => {
      const row = rows.get(id)
      if (row === undefined) return []
      const { id: _, at: time, part: _part, ...rest } = row
      const toolCalls = calls.get(placeOf(row)) ?? []
      return [{ ordinal: first + at, timestamp: toRfc3339(time), ...rest, toolCalls }]
    }),
    total,
    nextCursor: ids.length === 0 || next >= total ? null : writeCursor('messages', [next]),
  }
}

type MessageFacts = Awaited<ReturnType<typeof loadMessages>>[number]

async function messageRows(ask: Ask, ids: readonly number[]): Promise<ReadonlyMap<number, MessageFacts>> {
  return new Map((await loadMessages(ask, ids)).map((row) => [row.id, row]))
}

async function loadMessages(ask: Ask, ids: readonly number[]) {
  return await select(
    ask,
    {
      id: [sql`id`, int],
      offset: [sql`"offset"`, int],
      part: [sql`part`, int],
      role: [sql`role`, (value) => str(value) as MessageRow['role']],
      subtype: [sql`subtype`, strOrNull],
      at: [sql`"at"`, intOrNull],
      model: [sql`model`, strOrNull],
      isUserTurn: [sql`is_user_turn`, flag],
      text: [sql`text`, str],
      thinking: [sql`thinking`, str],
    },
    sql`FROM messages WHERE id IN ${listed(ids)}`,
  )
}

/** Tool calls by the place of their message, with what they gave back. */
async function callsOf(
  ask: Ask,
  found: FoundSession,
  messages: ReadonlyMap<number, MessageFacts>,
): Promise<ReadonlyMap<string, readonly ToolCallRow[]>> {
  const offsets = [...new Set([...messages.values()].map(({ offset }) => offset))]
  const rows = await select(
    ask,
    {
      offset: [sql`"offset"`, int],
      part: [sql`part`, int],
      callId: [sql`call_id`, strOrNull],
      name: [sql`name`, str],
      category: [sql`category`, str],
      input: [sql`input`, str],
    },
    sql`FROM tool_calls WHERE session_id = ${found.rowId} AND hidden = 0 AND "offset" IN ${listed(offsets)}
      ORDER BY "offset", part, idx`,
  )
  const callIds = [...new Set(rows.flatMap(({ callId }) => callId ?? []))]
  const [results, spawned] = await Promise.all([resultsOf(ask, found, callIds), spawnedBy(ask, found, callIds)])
  const calls = new Map<string, ToolCallRow[]>()
  for (const { callId, name, category, input, ...place } of rows) {
    const result = callId === null ? undefined : results.get(callId)
    const child = callId === null ? undefined : spawned.get(callId)
    const call: ToolCallRow = {
      id: callId,
      name,
      category,
      input,
      result: result?.text ?? null,
      isError: result?.isError ?? false,
      subagentId: child === undefined ? null : `${found.machine}~${child}`,
    }
    calls.set(placeOf(place), [...(calls.get(placeOf(place)) ?? []), call])
  }
  return calls
}

function placeOf({ offset, part }: { readonly offset: number; readonly part: number }): string {
  return `${offset}/${part}`
}

interface Result {
  readonly text: string
  readonly isError: boolean
}

async function resultsOf(
  ask: Ask,
  found: FoundSession,
  callIds: readonly string[],
): Promise<ReadonlyMap<string, Result>> {
  const rows = await select(
    ask,
    {
      offset: [sql`"offset"`, int],
      part: [sql`part`, int],
      callId: [sql`call_id`, str],
      isError: [sql`is_error`, flag],
      text: [sql`text`, str],
      hasMore: [sql`output_ref IS NOT NULL`, flag],
    },
    sql`FROM tool_results WHERE session_id = ${found.rowId} AND call_id IN ${listed(callIds)}
      ORDER BY call_id, "offset", part`,
  )
  const cut = rows.filter(({ hasMore }) => hasMore).map(({ callId }) => callId)
  const whole = cut.length === 0 ? new Map<string, string>() : await wholeOutputs(ask, found, cut)
  const results = new Map<string, Result>()
  for (const { callId, isError, text: preview, ...place } of rows) {
    const text = whole.get(placeOf(place)) ?? preview
    const before = results.get(callId)
    const joined = before === undefined ? text : `${before.text}\n${text}`
    results.set(callId, { text: joined, isError: isError || (before?.isError ?? false) })
  }
  return results
}

/** The session each call started, by call: native ids. */
async function spawnedBy(
  ask: Ask,
  found: FoundSession,
  callIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await select(
    ask,
    { callId: [sql`k.key`, str], child: [sql`k.value`, str] },
    sql`FROM sessions s ${spawns}
      WHERE s.id = ${found.rowId} AND k.key IN ${listed(callIds)} ORDER BY k."offset"`,
  )
  return new Map(rows.map(({ callId, child }) => [callId, child]))
}
