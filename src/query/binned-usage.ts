import { all, int } from './ask.ts'
import type { Filters } from './filters.ts'
import { usageConditions } from './filters.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'
import type { Tally } from './tally.ts'
import { binMs } from './zone.ts'

/**
 * Charged rows summed by session, model and, when asked, quarter of an hour, as the table `binned` for `WITH`. Its
 * columns are `session`, `machine`, `remote`, `project`, `agent` and `model`; `time`, at which the quarter begins, in
 * epoch milliseconds (for rows that tell no time, that of their session); and those that `binnedTally` adds up.
 *
 * The index holds the rows in just this order, with all that is summed: nothing is sorted and no row is looked up. To
 * group the rows themselves by day takes three times as long.
 */
export function binnedUsage(filters: Filters, hasTime: boolean): SQL {
  // As the index has it: another way to write the same is not found in it.
  const bin = sql.raw('u."at" / 900000')
  const other = sql`coalesce(s.started_at, o.modified_at)`
  const time = hasTime ? sql`coalesce(${bin} * ${sql.raw(String(binMs))}, ${other})` : other
  return sql`WITH binned AS MATERIALIZED (
    SELECT s.id AS session, s.machine AS machine, o.remote AS remote, s.project AS project, s.agent AS agent,
      u.model AS model, ${time} AS time, sum(u.input) AS input, sum(u.output) AS output,
      sum(u.cache_write_5m + u.cache_write_1h) AS cache_creation, sum(u.cache_read) AS cache_read,
      count(*) AS charged, count(u.tokens_cost) AS priced, sum(u.tokens_cost) AS tokens_cost, sum(u.fee_cost) AS fee_cost
    FROM sessions s CROSS JOIN objects o ON o.id = s.object_id AND s.live = 1 AND s.lead = 1
      CROSS JOIN usage u ON u.owner_id = s.id AND u.counts = 1
    WHERE ${all(usageConditions(filters))} GROUP BY s.id, u.model${hasTime ? sql`, ${bin}` : sql``})`
}

/** The sums over `binned` of one group. */
export const binnedTally = {
  inputTokens: [sql`sum(input)`, int],
  outputTokens: [sql`sum(output)`, int],
  cacheCreationTokens: [sql`sum(cache_creation)`, int],
  cacheReadTokens: [sql`sum(cache_read)`, int],
  rows: [sql`sum(charged)`, int],
  pricedRows: [sql`sum(priced)`, int],
  tokensNanoUsd: [sql`sum(tokens_cost)`, int],
  feesNanoUsd: [sql`sum(fee_cost)`, int],
} as const satisfies Readonly<Record<keyof Tally, readonly [SQL, (value: never) => number]>>
