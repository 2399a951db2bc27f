import type { EpochMs } from '../base/index.ts'
import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { all, int, intOrNull, select, str, strOrNull } from './ask.ts'
import { noFilters, visibleSessions } from './filters.ts'
import { plainSessions } from './sessions.ts'
import { sql } from './sql.ts'
import { usageGroups } from './usage-report.ts'

/** A machine whose sessions are in the archive. */
export interface MachineRow {
  readonly name: string
  /** Remotes its objects were read from. */
  readonly remotes: readonly string[]
  readonly agents: readonly string[]
  /** As many as `session list --machine` shows. */
  readonly sessions: number
  /** Newest change of one of its objects, as the bucket told it. */
  readonly lastPushAt: string | null
  readonly lastSessionAt: string | null
  /** Nothing was pushed for `staleAfterMs`. */
  readonly stale: boolean
  /** What it was charged in the last 30 days; null when nothing of that has a price. */
  readonly cost30dUSD: number | null
  readonly cost30dNanoUSD: number | null
}

const dayMs = 86_400_000
/** A machine that pushed nothing for a week is stale. */
export const staleAfterMs = 7 * dayMs

/**
 * Every machine ever seen, by name.
 * @throws AgentsviewError `store.*`
 */
export async function listMachines(ask: Ask, now: EpochMs): Promise<readonly MachineRow[]> {
  const window = { from: now - 30 * dayMs, before: null }
  const [names, pushes, activity, costs] = await Promise.all([
    select(
      ask,
      { name: [sql`name`, str] },
      sql`FROM (SELECT name FROM machines UNION SELECT machine FROM objects) ORDER BY name`,
    ),
    select(
      ask,
      {
        machine: [sql`machine`, str],
        remotes: [sql`json_group_array(DISTINCT remote)`, textsOf],
        agents: [sql`json_group_array(DISTINCT agent)`, textsOf],
        last: [sql`max(modified_at)`, intOrNull],
      },
      sql`FROM objects GROUP BY machine`,
    ),
    select(
      ask,
      {
        machine: [sql`s.machine`, str],
        sessions: [sql`sum(${all(plainSessions)})`, int],
        last: [sql`max(s.ended_at)`, intOrNull],
      },
      sql`FROM ${visibleSessions} GROUP BY s.machine`,
    ),
    usageGroups(ask, { ...noFilters, window }, ['machine']),
  ])
  const pushOf = new Map(pushes.map((row) => [row.machine, row]))
  const activityOf = new Map(activity.map((row) => [row.machine, row]))
  const costOf = new Map(costs.groups.map((row) => [row.machine, row]))
  return names.map(({ name }) => {
    const push = pushOf.get(name)
    const cost = costOf.get(name)
    return {
      name,
      remotes: push?.remotes ?? [],
      agents: push?.agents ?? [],
      sessions: activityOf.get(name)?.sessions ?? 0,
      lastPushAt: toRfc3339(push?.last ?? null),
      lastSessionAt: toRfc3339(activityOf.get(name)?.last ?? null),
      stale: now - (push?.last ?? 0) > staleAfterMs,
      cost30dUSD: cost === undefined ? 0 : cost.totalCost,
      cost30dNanoUSD: cost === undefined ? 0 : cost.totalCostNanoUSD,
    }
  })
}

function textsOf(value: Parameters<typeof strOrNull>[0]): readonly string[] {
  return (JSON.parse(strOrNull(value) ?? '[]') as readonly string[]).toSorted()
}
