import type { EpochMs } from '../base/index.ts'
import { toRfc3339 } from '../base/index.ts'
import type { FailureInfo } from '../model/index.ts'
import type { Ask } from './ask.ts'
import { int, intOrNull, select, str } from './ask.ts'
import { sql } from './sql.ts'

/** Where a remote stands: what of it is in the archive, and when that was last true. */
export interface RemoteStanding {
  readonly name: string
  readonly lastRunAt: string | null
  /** Start of the last run that read all there was. */
  readonly lastOkAt: string | null
  /** How far the archive may be behind: time since `lastOkAt`, in milliseconds. */
  readonly lagMs: number | null
  readonly objects: {
    readonly known: number
    /** Read to their end, as last listed. */
    readonly read: number
    /** Read in part. */
    readonly pending: number
    readonly failed: number
    readonly gone: number
  }
  readonly bytes: number
  readonly badLines: number
  /** Newest change of one of its objects, as the bucket told it. */
  readonly lastPushAt: string | null
  /** What stopped the last run; null when nothing did. */
  readonly error: FailureInfo | null
}

/**
 * Where every remote stands that is in the archive or was ever synced, by name.
 * @param names  remotes to tell of besides, though nothing is known of them yet
 * @throws AgentsviewError `store.*`
 */
export async function remoteStandings(
  ask: Ask,
  names: readonly string[],
  now: EpochMs,
): Promise<readonly RemoteStanding[]> {
  const objects = await select(
    ask,
    {
      name: [sql`o.remote`, str],
      known: [sql`count(*)`, int],
      read: [sql`sum(o.complete = 1 AND o.error_code IS NULL AND o.gone_at IS NULL)`, int],
      pending: [sql`sum(o.complete = 0 AND o.error_code IS NULL AND o.gone_at IS NULL)`, int],
      failed: [sql`sum(o.error_code IS NOT NULL AND o.gone_at IS NULL)`, int],
      gone: [sql`count(o.gone_at)`, int],
      bytes: [sql`sum(o.size)`, int],
      badLines: [
        sql`sum((SELECT count(*) FROM bad_lines b WHERE b.object_id = o.id AND b.generation = o.generation))`,
        int,
      ],
      lastPushAt: [sql`max(o.modified_at)`, intOrNull],
    },
    sql`FROM objects o GROUP BY o.remote`,
  )
  const runs = await select(
    ask,
    {
      name: [sql`r.value ->> 'name'`, str],
      lastRunAt: [sql`max(sync_runs.started_at)`, intOrNull],
      // A quick pass looked at a part: it says nothing of the rest.
      lastOkAt: [
        sql`max(CASE WHEN r.value ->> 'ok' AND r.value ->> 'pass' IS NOT 'quick' THEN sync_runs.started_at END)`,
        intOrNull,
      ],
    },
    sql`FROM sync_runs, json_each(sync_runs.summary, '$.remotes') AS r GROUP BY 1`,
  )
  const errors = await lastErrors(ask)
  const objectsOf = new Map(objects.map((row) => [row.name, row]))
  const runsOf = new Map(runs.map((row) => [row.name, row]))
  const all = new Set([...names, ...objectsOf.keys(), ...runsOf.keys()])
  return [...all].toSorted().map((name) => {
    const row = objectsOf.get(name)
    const run = runsOf.get(name)
    const lastOkAt = run?.lastOkAt ?? null
    return {
      name,
      lastRunAt: toRfc3339(run?.lastRunAt ?? null),
      lastOkAt: toRfc3339(lastOkAt),
      lagMs: lastOkAt === null ? null : Math.max(0, now - lastOkAt),
      objects: {
        known: row?.known ?? 0,
        read: row?.read ?? 0,
        pending: row?.pending ?? 0,
        failed: row?.failed ?? 0,
        gone: row?.gone ?? 0,
      },
      bytes: row?.bytes ?? 0,
      badLines: row?.badLines ?? 0,
      lastPushAt: toRfc3339(row?.lastPushAt ?? null),
      error: errors.get(name) ?? null,
    }
  })
}

/** What stopped the last run of each remote. */
async function lastErrors(ask: Ask): Promise<ReadonlyMap<string, FailureInfo>> {
  const rows = await select(
    ask,
    {
      name: [sql`r.value ->> 'name'`, str],
      // The other columns of a row with the maximum are that row's.
      at: [sql`max(sync_runs.id)`, int],
      error: [sql`r.value -> 'error'`, str],
    },
    sql`FROM sync_runs, json_each(sync_runs.summary, '$.remotes') AS r GROUP BY 1`,
  )
  const told = rows.filter(({ error }) => error !== '' && error !== 'null')
  return new Map(told.map(({ name, error }) => [name, JSON.parse(error) as FailureInfo]))
}
