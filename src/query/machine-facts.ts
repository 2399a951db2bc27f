import type { EpochMs } from '../base/index.ts'
import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { all, int, intOrNull, select, str } from './ask.ts'
import { noFilters, visibleSessions } from './filters.ts'
import { plainSessions } from './sessions.ts'
import { sql } from './sql.ts'
import { usageGroups } from './usage-report.ts'

/** What else is known of a machine, for a page of its own. */
export interface MachineFacts {
  readonly name: string
  readonly firstSessionAt: string | null
  readonly cost7dUSD: number | null
  readonly cost7dNanoUSD: number | null
  readonly objects: number
  readonly bytes: number
  /** Versions of the agents its sessions were written by, the latest used first. */
  readonly agentVersions: readonly {
    readonly agent: string
    readonly version: string
    readonly lastAt: string | null
  }[]
  /** Listed sessions of it that stand on another machine as well. */
  readonly sharedSessions: number
}

const weekMs = 7 * 86_400_000

/** Further facts of every machine that has objects, by name. @throws AgentsviewError `store.*` */
export async function listMachineFacts(ask: Ask, now: EpochMs): Promise<ReadonlyMap<string, MachineFacts>> {
  const elsewhere = sql`EXISTS (SELECT 1 FROM sessions c WHERE c.native_id = s.native_id AND c.agent = s.agent
    AND c.machine <> s.machine AND c.live = 1 AND c.lead = 1)`
  const [objects, sessions, versions, costs] = await Promise.all([
    select(
      ask,
      { name: [sql`machine`, str], objects: [sql`count(*)`, int], bytes: [sql`sum(size)`, int] },
      sql`FROM objects GROUP BY machine`,
    ),
    select(
      ask,
      {
        name: [sql`s.machine`, str],
        first: [sql`min(s.started_at)`, intOrNull],
        shared: [sql`sum(${all(plainSessions)} AND ${elsewhere})`, int],
      },
      sql`FROM ${visibleSessions} GROUP BY s.machine`,
    ),
    select(
      ask,
      {
        name: [sql`s.machine`, str],
        agent: [sql`s.agent`, str],
        version: [sql`s.agent_version`, str],
        last: [sql`max(s.ended_at)`, intOrNull],
      },
      sql`FROM ${visibleSessions} WHERE s.agent_version IS NOT NULL
        GROUP BY 1, 2, 3 ORDER BY max(s.ended_at) DESC, s.agent_version DESC`,
    ),
    usageGroups(ask, { ...noFilters, window: { from: now - weekMs, before: null } }, ['machine']),
  ])
  const sessionsOf = new Map(sessions.map((row) => [row.name, row]))
  const costOf = new Map(costs.groups.map((row) => [row.machine, row]))
  return new Map(
    objects.map(({ name, objects: count, bytes }) => {
      const cost = costOf.get(name)
      const facts: MachineFacts = {
        name,
        firstSessionAt: toRfc3339(sessionsOf.get(name)?.first ?? null),
        cost7dUSD: cost === undefined ? 0 : cost.totalCost,
        cost7dNanoUSD: cost === undefined ? 0 : cost.totalCostNanoUSD,
        objects: count,
        bytes,
        agentVersions: versions.flatMap((row) =>
          row.name === name ? [{ agent: row.agent, version: row.version, lastAt: toRfc3339(row.last) }] : [],
        ),
        sharedSessions: sessionsOf.get(name)?.shared ?? 0,
      }
      return [name, facts]
    }),
  )
}
