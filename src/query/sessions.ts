import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'

import type { Ask } from './ask.ts'
import { all, int, listed, select, selectOne, str } from './ask.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { Filters } from './filters.ts'
import { publicId, sessionConditions, visibleSessions } from './filters.ts'
import type { SessionRow } from './session-rows.ts'
import { sessionRows } from './session-rows.ts'

export interface SessionListOptions {
  readonly filters: Filters
  /** Also the sessions that agents started for sessions. */
  readonly hasChildren: boolean
  /** Also copies of a session on other machines, each as an entry of its own. */
  readonly hasCopies: boolean
  /** Also sessions without messages, or with nothing but `/usage`. */
  readonly hasEmpty: boolean
  /** Rows at most; 0 = all. */
  readonly limit: number
  readonly cursor: string | null
}

/** A page of a list; `total` counts all matches, `nextCursor` is null on the last page. */
export interface SessionList {
  readonly sessions: readonly SessionRow[]
  readonly total: number
  readonly nextCursor: string | null
}

/**
 * Sessions, the last active first. An entry that stands for copies on several machines is led by the
 * longest of those that pass the filters and carries the tokens and cost of them all, which are
 * charged once; so the entries add up to what `usage` says.
 * @throws AgentsviewError `usage.cursor`, `store.*`
 */
export async function listSessions(ask: Ask, options: SessionListOptions): Promise<SessionList> {
  const chosen = chosenSessions(options)
  const after = options.cursor === null ? sql`1` : afterCursor(options.cursor)
  const limit = options.limit === 0 ? -1 : options.limit + 1
  const page = await select(
    ask,
    { id: [sql`id`, int], pid: [sql`pid`, str], ended: [sql`ended`, int] },
    sql`FROM chosen WHERE id = leader AND ${after} ORDER BY ended DESC, pid LIMIT ${limit}`,
    chosen,
  )
  const shown = options.limit === 0 ? page : page.slice(0, options.limit)
  const total = await selectOne(ask, { count: [sql`count(*)`, int] }, sql`FROM chosen WHERE id = leader`, chosen)
  const members = await membersOf(
    ask,
    chosen,
    shown.map(({ id }) => id),
  )
  const last = shown.at(-1)
  return {
    sessions: await sessionRows(
      ask,
      shown.map(({ id }) => ({ id, members: members.get(id) ?? [id] })),
    ),
    total: total?.count ?? 0,
    nextCursor:
      last === undefined || page.length === shown.length ? null : writeCursor('sessions', [last.ended, last.pid]),
  }
}

/** Sessions that a list shows unless asked for more: no subagents, none without anything said. */
export const plainSessions: readonly SQL[] = [sql`s.relationship IS NOT 'subagent'`, ...saysSomething()]

function saysSomething(): readonly SQL[] {
  // A bare slash command never is the first prompt of a format that knows such commands, so only
  // sessions without one need a look at their messages.
  const otherTurn = sql`SELECT 1 FROM messages t WHERE t.session_id = s.id AND t.is_user_turn = 1 AND t.hidden = 0
    AND trim(t.text, char(9, 10, 13, 32)) <> '/usage'`
  return [
    sql`s.message_count > 0`,
    sql`(coalesce(s.first_prompt, '/usage') <> '/usage' OR s.user_message_count = 0 OR EXISTS (${otherTurn}))`,
  ]
}

function chosenSessions(options: SessionListOptions): SQL {
  const conditions = [
    ...sessionConditions(options.filters),
    ...(options.hasChildren ? [] : [sql`s.relationship IS NOT 'subagent'`]),
    ...(options.hasEmpty ? [] : saysSomething()),
  ]
  const leader = options.hasCopies
    ? sql`s.id`
    : sql`first_value(s.id) OVER (PARTITION BY s.agent, s.native_id ORDER BY o.size DESC, s.machine)`
  return sql`WITH chosen AS MATERIALIZED (
    SELECT s.id AS id, ${publicId} AS pid, coalesce(s.ended_at, -1) AS ended, ${leader} AS leader
    FROM ${visibleSessions} WHERE ${all(conditions)})`
}

function afterCursor(cursor: string): SQL {
  const [ended = 0, pid = ''] = readCursor('sessions', cursor, ['number', 'string'])
  return sql`(ended < ${ended} OR (ended = ${ended} AND pid > ${pid}))`
}

async function membersOf(
  ask: Ask,
  chosen: SQL,
  leaders: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const rows = await select(
    ask,
    { leader: [sql`leader`, int], id: [sql`id`, int] },
    sql`FROM chosen WHERE leader IN ${listed(leaders)} ORDER BY id`,
    chosen,
  )
  const members = new Map<number, number[]>()
  for (const { leader, id } of rows) members.set(leader, [...(members.get(leader) ?? []), id])
  return members
}
