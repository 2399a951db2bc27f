import type { Ask } from './ask.ts'
import { int, intOrNull, select, selectOne, str, strOrNull } from './ask.ts'
import { sql } from './sql.ts'

/**
 * A text that changes with every commit to the archive, by whatever program. It is valid for one open
 * connection: another one, or the same archive opened again, may give another text for the same state.
 * @throws AgentsviewError `store.*`
 */
export async function archiveVersion(ask: Ask): Promise<string> {
  const row = await selectOne(
    ask,
    {
      data: [sql`(SELECT data_version FROM pragma_data_version)`, int],
      // A server keeps connections of its own, so its data version says nothing: commits raise these, each
      // of which is found without a scan.
      run: [sql`(SELECT max(id) FROM sync_runs)`, int],
      object: [sql`(SELECT max(id) FROM objects)`, int],
      session: [sql`(SELECT max(id) FROM sessions)`, int],
      message: [sql`(SELECT max(id) FROM messages)`, int],
      // A renamed machine changes nothing of the above.
      machines: [sql`(SELECT count(*) || '/' || max(rowid) FROM machines)`, str],
    },
    sql``,
  )
  return row === null ? 'none' : Object.values(row).join('.')
}

/** Version of the prices that the archive's costs were made with. @throws AgentsviewError `store.*` */
export async function priceVersion(ask: Ask): Promise<string | null> {
  const row = await selectOne(ask, { value: [sql`value`, strOrNull] }, sql`FROM meta WHERE key = 'price_version'`)
  return row?.value ?? null
}

/** A session whose object was read since a moment. */
export interface ChangedSession {
  readonly rowId: number
  readonly id: string
  readonly messageCount: number
  readonly endedAt: number | null
  /** When its object was read last. */
  readonly readAt: number
}

/**
 * Sessions of objects that were read at or after a moment, in the order they were read.
 * @param since  epoch milliseconds by the clock of the program that reads; 0 for all
 * @throws AgentsviewError `store.*`
 */
export async function changedSessions(ask: Ask, since: number): Promise<readonly ChangedSession[]> {
  return await select(
    ask,
    {
      rowId: [sql`s.id`, int],
      id: [sql`s.machine || '~' || s.native_id`, str],
      messageCount: [sql`s.message_count`, int],
      endedAt: [sql`s.ended_at`, intOrNull],
      readAt: [sql`o.read_at`, int],
    },
    sql`FROM objects o JOIN sessions s ON s.object_id = o.id AND s.live = 1 AND s.lead = 1
      WHERE o.read_at >= ${since} ORDER BY o.read_at, s.id`,
  )
}
