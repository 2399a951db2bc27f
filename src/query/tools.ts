import type { Ask } from './ask.ts'
import { all, int, select, str } from './ask.ts'
import type { Filters } from './filters.ts'
import { sessionConditions, visibleSessions } from './filters.ts'
import type { FoundSession } from './find-session.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'

/** How often a tool was used. */
export interface ToolCount {
  readonly name: string
  readonly category: string
  readonly calls: number
  /** Calls that gave an error back. */
  readonly errors: number
  /** Sessions that used it. */
  readonly sessions: number
}

/**
 * Tools by how often the sessions that pass the filters called them.
 * @throws AgentsviewError `store.*`
 */
export async function listTools(ask: Ask, filters: Filters): Promise<readonly ToolCount[]> {
  return await toolCounts(ask, sql`SELECT s.id AS id FROM ${visibleSessions} WHERE ${all(sessionConditions(filters))}`)
}

/** The tools of one session, the most used first. @throws AgentsviewError `store.*` */
export async function sessionTools(ask: Ask, found: FoundSession): Promise<readonly ToolCount[]> {
  return await toolCounts(ask, sql`SELECT ${found.rowId} + 0 AS id`)
}

async function toolCounts(ask: Ask, sessions: SQL): Promise<readonly ToolCount[]> {
  // Failed calls are few: they are gathered first, so that each call is looked at once.
  const before = sql`WITH chosen AS MATERIALIZED (${sessions}), failed AS MATERIALIZED (
      SELECT DISTINCT r.session_id AS session_id, r.call_id AS call_id
      FROM chosen JOIN tool_results r ON r.session_id = chosen.id WHERE r.is_error = 1)`
  return await select(
    ask,
    {
      name: [sql`t.name`, str],
      category: [sql`min(t.category)`, str],
      calls: [sql`count(*)`, int],
      errors: [sql`count(f.call_id)`, int],
      sessions: [sql`count(DISTINCT t.session_id)`, int],
    },
    sql`FROM chosen JOIN tool_calls t ON t.session_id = chosen.id AND t.hidden = 0
      LEFT JOIN failed f ON f.session_id = t.session_id AND f.call_id = t.call_id
      GROUP BY t.name ORDER BY count(*) DESC, t.name`,
    before,
  )
}
