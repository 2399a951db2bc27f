import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { all, int, intOrNull, select, str, strOrNull } from './ask.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { Filters } from './filters.ts'
import { publicId, usageConditions, usageTime, visibleSessions } from './filters.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'
import type { Sum, Tally } from './tally.ts'
import { addToSum, compare, costOf, emptySum, modelsByCost, tallyColumns } from './tally.ts'
import type { ModelBreakdown, UsageSums } from './usage-report.ts'
import { breakdownOf, sumsOf } from './usage-report.ts'

/** What one session was charged within the window. */
export interface SessionCost extends UsageSums {
  readonly sessionId: string
  readonly agent: string
  readonly machine: string
  readonly remote: string
  readonly project: string | null
  readonly title: string
  /** Last charged response within the window. */
  readonly lastActivity: string | null
  readonly modelsUsed: readonly string[]
  readonly modelBreakdowns: readonly ModelBreakdown[]
}

export interface SessionCosts {
  readonly sessions: readonly SessionCost[]
  /** Of all matches, not of the page. */
  readonly totals: UsageSums
  readonly total: number
  readonly nextCursor: string | null
}

const tallyNames = Object.keys(tallyColumns) as (keyof Tally)[]
const namedTally = sql.join(
  tallyNames.map((name) => sql`${tallyColumns[name][0]} AS ${sql.raw(name)}`),
  sql`, `,
)
const summedColumns = Object.fromEntries(
  tallyNames.map((name) => [name, [sql.raw(`t.${name}`), int]]),
) as unknown as Readonly<Record<keyof Tally, readonly [SQL, typeof int]>>

/**
 * Sessions by what they cost, dearest first; subagents are sessions of their own here, so that the
 * rows add up to the totals.
 * @param page  `limit` 0 = all
 * @throws AgentsviewError `usage.cursor`, `store.*`
 */
export async function usageBySession(
  ask: Ask,
  filters: Filters,
  page: { readonly limit: number; readonly cursor: string | null },
): Promise<SessionCosts> {
  const rows = await select(
    ask,
    {
      sessionId: [publicId, str],
      model: [sql`t.model`, str],
      agent: [sql`s.agent`, str],
      machine: [sql`s.machine`, str],
      remote: [sql`o.remote`, str],
      project: [sql`s.project`, strOrNull],
      title: [sql`coalesce(nullif(s.title, ''), nullif(s.first_prompt, ''), s.project)`, strOrNull],
      last: [sql`t.last`, intOrNull],
      ...summedColumns,
    },
    sql`FROM summed t JOIN ${visibleSessions} AND s.id = t.session`,
    // Nothing else of the session stands beside the maximum: SQLite would make it anew for each row that raises that.
    // CROSS keeps the order of the index, so that nothing is sorted.
    sql`WITH summed AS MATERIALIZED (
      SELECT s.id AS session, u.model AS model, max(${usageTime}) AS last, ${namedTally}
      FROM sessions s CROSS JOIN objects o ON o.id = s.object_id AND s.live = 1 AND s.lead = 1
        CROSS JOIN usage u ON u.owner_id = s.id AND u.counts = 1
      WHERE ${all(usageConditions(filters))} GROUP BY s.id, u.model)`,
  )
  const entries = new Map<string, { first: (typeof rows)[number]; last: number; sum: Sum }>()
  let whole = emptySum
  for (const row of rows) {
    const entry = entries.get(row.sessionId) ?? { first: row, last: 0, sum: emptySum }
    const last = Math.max(entry.last, row.last ?? 0)
    entries.set(row.sessionId, { first: entry.first, last, sum: addToSum(entry.sum, row.model, row) })
    whole = addToSum(whole, row.model, row)
  }
  const ordered = [...entries.values()]
    .map((entry) => ({ ...entry, id: entry.first.sessionId, cost: costOf(entry.sum.total) ?? -1 }))
    .toSorted((one, other) => other.cost - one.cost || compare(one.id, other.id))
  const [afterCost = 0, afterId = ''] =
    page.cursor === null ? [] : readCursor('costs', page.cursor, ['number', 'string'])
  const isAfter = (one: { cost: number; id: string }): boolean =>
    page.cursor === null || one.cost < Number(afterCost) || (one.cost === afterCost && one.id > String(afterId))
  const rest = ordered.filter(isAfter)
  const shown = page.limit === 0 ? rest : rest.slice(0, page.limit)
  const end = shown.at(-1)
  return {
    sessions: shown.map(({ first, last, sum }) => ({
      sessionId: first.sessionId,
      agent: first.agent,
      machine: first.machine,
      remote: first.remote,
      project: first.project,
      title: first.title ?? first.sessionId,
      lastActivity: toRfc3339(last),
      ...sumsOf(sum),
      modelsUsed: modelsByCost(sum).map(([model]) => model),
      modelBreakdowns: modelsByCost(sum).map(([model, tally]) => breakdownOf(model, tally)),
    })),
    totals: sumsOf(whole),
    total: ordered.length,
    nextCursor: end === undefined || shown.length === rest.length ? null : writeCursor('costs', [end.cost, end.id]),
  }
}
