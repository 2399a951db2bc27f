import type { Ask } from './ask.ts'
import { all, int, select, strOrNull } from './ask.ts'
import { visibleSessions } from './filters.ts'
import { plainSessions } from './sessions.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'

/** A value and how many there are of it; null is "none told". */
export interface ValueCount {
  readonly value: string | null
  readonly count: number
}

/** What there is to filter by, with the number of listed sessions, the most frequent first. */
export interface Facets {
  readonly machines: readonly ValueCount[]
  readonly remotes: readonly ValueCount[]
  readonly projects: readonly ValueCount[]
  readonly agents: readonly ValueCount[]
  readonly models: readonly ValueCount[]
  readonly branches: readonly ValueCount[]
}

/** Values one facet names at most. */
const mostValues = 500

/** Machines, remotes, projects, agents, models and branches of the archive. @throws AgentsviewError `store.*` */
export async function listFacets(ask: Ask): Promise<Facets> {
  const count = async (value: SQL): Promise<readonly ValueCount[]> =>
    await select(
      ask,
      { value: [value, strOrNull], count: [sql`count(*)`, int] },
      sql`FROM ${visibleSessions} WHERE ${all(plainSessions)} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${mostValues}`,
    )
  const [machines, remotes, projects, agents, branches, models] = await Promise.all([
    count(sql`s.machine`),
    count(sql`o.remote`),
    count(sql`s.project`),
    count(sql`s.agent`),
    count(sql`s.branch`),
    select(
      ask,
      { value: [sql`model`, strOrNull], count: [sql`count(*)`, int] },
      // In the order of the index; the distinct owners of each model would be sorted.
      sql`FROM (SELECT DISTINCT owner_id, model FROM usage WHERE counts = 1) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${mostValues}`,
    ),
  ])
  return { machines, remotes, projects, agents, models, branches }
}
