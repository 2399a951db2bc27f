import type { NanoUsd } from '../model/index.ts'
import type { Ask } from './ask.ts'
import { all, int, select, selectOne, str } from './ask.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { Filters } from './filters.ts'
import { publicId, sessionConditions, visibleSessions } from './filters.ts'
import type { SessionRow } from './session-rows.ts'
import { sessionRows } from './session-rows.ts'
import type { SQL, SqlValue } from './sql.ts'
import { sql } from './sql.ts'

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
  /** What the list is ordered by, most first; `ended` when not said. */
  readonly sort?: SessionSort | undefined
  /** Only sessions whose title, first prompt, project, folder or id holds this text. */
  readonly text?: string | undefined
  /** Only sessions with a failed tool call or a bad line. */
  readonly hasErrors?: boolean | undefined
  /** Only entries that cost so much, ends included; what has no price is none of them. */
  readonly cost?: CostRange | undefined
}

/** Amounts of money; null leaves an end open. */
export interface CostRange {
  readonly least: NanoUsd | null
  readonly most: NanoUsd | null
}

export const sessionSorts = ['ended', 'cost', 'messages'] as const
/** Last activity, cost (what has no price counts nothing), or number of messages. */
export type SessionSort = (typeof sessionSorts)[number]

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
  const list = options.sort === undefined || options.sort === 'ended' ? 'sessions' : `sessions-${options.sort}`
  const after = options.cursor === null ? sql`1` : afterCursor(list, options.cursor)
  const limit = options.limit === 0 ? -1 : options.limit + 1
  // One statement: what is chosen is then found once, not for the page, its copies and the total anew.
  const page = await select(
    ask,
    {
      id: [sql`page.id`, int],
      pid: [sql`page.pid`, str],
      rank: [sql`page.rank`, int],
      members: [sql`entry.members`, idsOf],
      total: [sql`(SELECT count(*) FROM chosen WHERE id = leader)`, int],
    },
    sql`FROM page JOIN (
        SELECT leader, json_group_array(id) AS members FROM chosen WHERE leader IN (SELECT id FROM page) GROUP BY leader
      ) entry ON entry.leader = page.id
      ORDER BY page.rank DESC, page.pid`,
    sql`${chosen}, page AS MATERIALIZED (
      SELECT id, pid, rank FROM chosen WHERE id = leader AND ${after} ORDER BY rank DESC, pid LIMIT ${limit})`,
  )
  const shown = options.limit === 0 ? page : page.slice(0, options.limit)
  const last = shown.at(-1)
  return {
    sessions: await sessionRows(ask, shown),
    total: page[0]?.total ?? (options.cursor === null ? 0 : await totalOf(ask, chosen)),
    nextCursor: last === undefined || page.length === shown.length ? null : writeCursor(list, [last.rank, last.pid]),
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
    ...(options.text === undefined || options.text.trim() === '' ? [] : [holdsText(options.text.trim())]),
    ...(options.hasErrors === true ? [hasError] : []),
  ]
  const leader = options.hasCopies
    ? sql`s.id`
    : sql`first_value(s.id) OVER (PARTITION BY s.agent, s.native_id ORDER BY o.size DESC, s.machine)`
  const cost = options.cost ?? { least: null, most: null }
  const hasCost = cost.least !== null || cost.most !== null
  return sql`WITH chosen AS MATERIALIZED (
    SELECT id, pid, leader, rank FROM (
      SELECT id, pid, leader, ${rankOf(options.sort ?? 'ended')} AS rank ${hasCost ? entryCost : sql``} FROM (
        SELECT s.id AS id, ${publicId} AS pid, s.ended_at AS ended, s.message_count AS messages, ${leader} AS leader
        FROM ${visibleSessions} WHERE ${all(conditions)}) entry)
    WHERE ${all(hasCost ? costConditions(cost) : [])})`
}

const ownRows = sql`FROM usage u WHERE u.owner_id = entry.id AND u.counts = 1`
const ownCost = sql`(SELECT coalesce(sum(coalesce(u.tokens_cost, 0) + u.fee_cost), 0) ${ownRows})`
/** What an entry costs with all the copies it stands for, how many rows that is, and how many of them have a price. */
const entryCost = sql`, sum(${ownCost}) OVER (PARTITION BY leader) AS cost,
  sum((SELECT count(*) ${ownRows})) OVER (PARTITION BY leader) AS charged,
  sum((SELECT count(u.tokens_cost) ${ownRows})) OVER (PARTITION BY leader) AS priced`

function costConditions({ least, most }: CostRange): readonly SQL[] {
  return [
    sql`(charged = 0 OR priced > 0)`,
    ...(least === null ? [] : [sql`cost >= ${least}`]),
    ...(most === null ? [] : [sql`cost <= ${most}`]),
  ]
}

/** What an entry is ordered by; a cost is that of all the copies it stands for. */
function rankOf(sort: SessionSort): SQL {
  if (sort === 'messages') return sql`messages`
  if (sort === 'ended') return sql`coalesce(ended, -1)`
  return sql`sum(${ownCost}) OVER (PARTITION BY leader)`
}

const hasError = sql`(s.bad_lines > 0
  OR EXISTS (SELECT 1 FROM tool_results r WHERE r.session_id = s.id AND r.is_error = 1))`

function holdsText(text: string): SQL {
  const fields = [sql`s.title`, sql`s.first_prompt`, sql`s.project`, sql`s.cwd`, publicId]
  return sql`(${sql.join(
    fields.map((field) => sql`instr(lower(${field}), lower(${text})) > 0`),
    sql` OR `,
  )})`
}

function afterCursor(list: string, cursor: string): SQL {
  const [rank = 0, pid = ''] = readCursor(list, cursor, ['number', 'string'])
  return sql`(rank < ${rank} OR (rank = ${rank} AND pid > ${pid}))`
}

/** The total where a page has no rows to tell it. */
async function totalOf(ask: Ask, chosen: SQL): Promise<number> {
  const row = await selectOne(ask, { count: [sql`count(*)`, int] }, sql`FROM chosen WHERE id = leader`, chosen)
  return row?.count ?? 0
}

/** Row ids out of a JSON array, smallest first. */
function idsOf(value: SqlValue): readonly number[] {
  return (JSON.parse(str(value)) as number[]).toSorted((one, other) => one - other)
}
