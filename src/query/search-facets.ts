import type { Ask } from './ask.ts'
import { int, intOrNull, select, str, strOrNull } from './ask.ts'
import type { ValueCount } from './facets.ts'
import type { Filters } from './filters.ts'
import { hitsOf } from './search.ts'
import { compare } from './tally.ts'
import { binMs, dayOf, monthOf } from './zone.ts'
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
  const hits = hitsOf(query, filters)
  if (hits === null) return { machine: [], agent: [], project: [], role: [], month: [] }
  const time = sql`coalesce(m."at", s.started_at)`
  const rows = await select(
    ask,
    {
      machine: [sql`s.machine`, str],
      agent: [sql`s.agent`, str],
      project: [sql`s.project`, strOrNull],
      role: [sql`m.role`, str],
      bin: [sql`${time} / ${sql.raw(String(binMs))}`, intOrNull],
      count: [sql`count(*)`, int],
    },
    sql`FROM hits JOIN messages m ON m.id = hits.id JOIN sessions s ON s.id = m.session_id
      WHERE hits.copy = 1 GROUP BY 1, 2, 3, 4, 5`,
    hits,
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
