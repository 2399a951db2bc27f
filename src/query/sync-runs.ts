import { toRfc3339 } from '../base/index.ts'
import type { SyncSummary } from '../model/index.ts'
import type { Ask } from './ask.ts'
import { int, intOrNull, select, str } from './ask.ts'
import { sql } from './sql.ts'

/** One run of `sync`. */
export interface SyncRun {
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly ms: number
  readonly summary: SyncSummary
}

/** What the archive holds of one remote. */
export interface RemoteState {
  readonly name: string
  readonly machines: number
  readonly objects: number
  readonly goneObjects: number
  readonly failedObjects: number
  readonly bytes: number
  /** Objects that are listed but not read to their end, and the bytes still to read in them. */
  readonly pendingObjects: number
  readonly pendingBytes: number
  readonly badLines: number
  readonly lastPushAt: string | null
}

/** The last runs of `sync`, newest first. @throws AgentsviewError `store.*` */
export async function listSyncRuns(ask: Ask, limit: number): Promise<readonly SyncRun[]> {
  const rows = await select(
    ask,
    {
      startedAt: [sql`started_at`, intOrNull],
      endedAt: [sql`ended_at`, intOrNull],
      ms: [sql`duration_ms`, int],
      summary: [sql`summary`, (value) => JSON.parse(str(value)) as SyncSummary],
    },
    sql`FROM sync_runs ORDER BY started_at DESC, id DESC LIMIT ${limit === 0 ? -1 : limit}`,
  )
  return rows.map((row) => ({ ...row, startedAt: toRfc3339(row.startedAt), endedAt: toRfc3339(row.endedAt) }))
}

/** Remotes whose objects are in the archive, by name. @throws AgentsviewError `store.*` */
export async function listRemoteStates(ask: Ask): Promise<readonly RemoteState[]> {
  const rows = await select(
    ask,
    {
      name: [sql`remote`, str],
      machines: [sql`count(DISTINCT machine)`, int],
      objects: [sql`count(*)`, int],
      goneObjects: [sql`count(gone_at)`, int],
      failedObjects: [sql`count(error_at)`, int],
      bytes: [sql`sum(size)`, int],
      pendingObjects: [sql`count(*) FILTER (WHERE complete = 0 AND gone_at IS NULL)`, int],
      pendingBytes: [sql`sum(max(size - "offset", 0)) FILTER (WHERE complete = 0 AND gone_at IS NULL)`, int],
      badLines: [
        sql`sum((SELECT count(*) FROM bad_lines b WHERE b.object_id = objects.id AND b.generation = objects.generation))`,
        int,
      ],
      lastPushAt: [sql`max(modified_at)`, intOrNull],
    },
    sql`FROM objects GROUP BY remote ORDER BY remote`,
  )
  return rows.map((row) => ({ ...row, lastPushAt: toRfc3339(row.lastPushAt) }))
}
