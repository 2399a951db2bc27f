import type { EpochMs } from '../base/index.ts'
import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { int, intOrNull, select, selectOne, str, strOrNull } from './ask.ts'
import { noFilters, visibleSessions } from './filters.ts'
import { oneLine } from './ordinals.ts'
import type { SessionRow } from './session-rows.ts'
import { sessionRows } from './session-rows.ts'
import { usageGroups } from './usage-report.ts'
import { sql } from './sql.ts'

/** A session is running while something was written this recently. */
export const liveMs = 15 * 60_000
const hourMs = 3_600_000
/** Running sessions one answer names at most. */
const mostLive = 100

/** A running session with the latest thing it did. */
export interface LiveSession extends SessionRow {
  readonly last: {
    readonly ordinal: number
    readonly role: 'user' | 'assistant' | 'system'
    readonly timestamp: string | null
    readonly text: string
    readonly tool: string | null
  } | null
}

/** What runs now, on all machines. */
export interface Live {
  readonly sessions: readonly LiveSession[]
  readonly lastHour: {
    readonly costUSD: number | null
    readonly costNanoUSD: number | null
    readonly totalTokens: number
  }
}

/** Sessions with something written in the last 15 minutes, the latest first. @throws AgentsviewError `store.*` */
export async function listLive(ask: Ask, now: EpochMs): Promise<Live> {
  const found = await select(
    ask,
    { id: [sql`s.id`, int] },
    sql`FROM ${visibleSessions} WHERE s.ended_at >= ${now - liveMs} ORDER BY s.ended_at DESC, s.id LIMIT ${mostLive}`,
  )
  const rows = await sessionRows(
    ask,
    found.map(({ id }) => ({ id, members: [id] })),
  )
  const lasts = await Promise.all(found.map(({ id }) => lastOf(ask, id)))
  const { totals } = await usageGroups(ask, { ...noFilters, window: { from: now - hourMs, before: null } }, [])
  const { totalCost, totalCostNanoUSD, totalTokens } = totals
  return {
    sessions: rows.map((row, at) => ({ ...row, last: lasts[at] ?? null })),
    lastHour: { costUSD: totalCost, costNanoUSD: totalCostNanoUSD, totalTokens },
  }
}

async function lastOf(ask: Ask, id: number): Promise<LiveSession['last']> {
  const row = await selectOne(
    ask,
    {
      count: [sql`(SELECT count(*) FROM messages c WHERE c.session_id = m.session_id AND c.hidden = 0)`, int],
      role: [sql`m.role`, (value) => str(value) as 'user' | 'assistant' | 'system'],
      at: [sql`m."at"`, intOrNull],
      text: [sql`substr(CASE WHEN m.text = '' THEN m.thinking ELSE m.text END, 1, 800)`, str],
      tool: [
        sql`(SELECT t.name FROM tool_calls t WHERE t.session_id = m.session_id AND t."offset" = m."offset"
          AND t.part = m.part AND t.hidden = 0 ORDER BY t.idx DESC LIMIT 1)`,
        strOrNull,
      ],
    },
    sql`FROM messages m WHERE m.session_id = ${id} AND m.hidden = 0
      ORDER BY m.pos DESC, m."offset" DESC, m.part DESC LIMIT 1`,
  )
  if (row === null) return null
  const { role, tool } = row
  return { ordinal: row.count - 1, role, timestamp: toRfc3339(row.at), text: oneLine(row.text), tool }
}
