import type { Ask } from './ask.ts'
import { all, int, intOrNull, select, str, strOrNull } from './ask.ts'
import type { ValueCount } from './facets.ts'
import type { Filters } from './filters.ts'
import { messageConditions, visibleSessions } from './filters.ts'
import { matchOf, readSearchQuery } from './search-query.ts'
import { compare } from './tally.ts'
import { binMs, dayOf, monthOf } from './zone.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'

/** All hits of a query by what they have in common. */
export interface SearchFacets {
  readonly machine: readonly ValueCount[]
  readonly agent: readonly ValueCount[]
  readonly project: readonly ValueCount[]
  readonly role: readonly ValueCount[]
  /** `YYYY-MM` in the zone, newest first. */
  readonly month: readonly ValueCount[]
}

/**
 * Counts every hit of a query, not just a page of them.
 * @throws AgentsviewError `store.*`
 */
export async function searchFacets(ask: Ask, query: string, filters: Filters, timezone: string): Promise<SearchFacets> {
  const match = matchOf(readSearchQuery(query))
  if (match === '') return { machine: [], agent: [], project: [], role: [], month: [] }
  const rows = await select(
    ask,
    {
      machine: [sql`s.machine`, str],
      agent: [sql`s.agent`, str],
      project: [sql`s.project`, strOrNull],
      role: [sql`c.role`, str],
      bin: [sql`c.bin`, intOrNull],
      count: [sql`c.count`, int],
    },
    sql`FROM (SELECT session, role, bin, count(*) AS count FROM hits GROUP BY 1, 2, 3) c JOIN sessions s ON s.id = c.session`,
    hitsBySession(match, filters),
  )
  const months = new Map<number, string>()
  const monthOfBin = (bin: number | null): string | null => {
    if (bin === null) return null
    let month = months.get(bin)
    if (month === undefined) months.set(bin, (month = monthOf(dayOf(bin * binMs, timezone))))
    return month
  }
  const count = (valueOf: (row: (typeof rows)[number]) => string | null): readonly ValueCount[] => {
    const counts = new Map<string | null, number>()
    for (const row of rows) counts.set(valueOf(row), (counts.get(valueOf(row)) ?? 0) + row.count)
    return [...counts]
      .map(([value, sum]) => ({ value, count: sum }))
      .toSorted((one, other) => other.count - one.count || compare(one.value ?? '', other.value ?? ''))
  }
  return {
    machine: count(({ machine }) => machine),
    agent: count(({ agent }) => agent),
    project: count(({ project }) => project),
    role: count(({ role }) => role),
    month: count(({ bin }) => monthOfBin(bin)).toSorted((one, other) => compare(other.value ?? '', one.value ?? '')),
  }
}

/** Every hit as the table `hits (session, role, bin)`, for `WITH`; a message that stands in copies is there once. */
function hitsBySession(match: string, filters: Filters): SQL {
  const bin = sql`coalesce(m."at", s.started_at) / ${sql.raw(String(binMs))}`
  const columns = sql`s.id AS session, m.role AS role, ${bin} AS bin`
  const rows = sql`FROM found CROSS JOIN messages m ON m.id = found.id AND m.hidden = 0
    JOIN ${visibleSessions} AND s.id = m.session_id WHERE ${all(messageConditions(filters))}`
  const copy = sql`row_number() OVER (
    PARTITION BY s.agent, s.native_id, m."offset", m.part, m."at" ORDER BY o.size DESC, s.machine)`
  // Few sessions have copies on other machines: only their messages are compared with each other.
  return sql`WITH found AS MATERIALIZED (SELECT rowid AS id FROM message_words WHERE message_words MATCH ${match}),
    twins AS MATERIALIZED (SELECT s.id AS id FROM sessions s WHERE EXISTS (SELECT 1 FROM sessions c
      WHERE c.native_id = s.native_id AND c.agent = s.agent AND c.id <> s.id AND c.live = 1 AND c.lead = 1)),
    hits AS (
      SELECT ${columns} ${rows} AND s.id NOT IN (SELECT id FROM twins)
      UNION ALL
      SELECT session, role, bin FROM (SELECT ${columns}, ${copy} AS copy ${rows} AND s.id IN (SELECT id FROM twins))
      WHERE copy = 1)`
}
