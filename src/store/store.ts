import type { Cursor, KnownObject, ObjectId, RemoteName, SyncSummary } from '../model/index.ts'
import type { CommitOptions, Part, PartResult, Settler } from './batch.ts'
import type { FailedObject, PresentObject } from './cursors.ts'
import type { Claims } from './claims.ts'
import { claimsOf } from './claims.ts'
import { markGone, markPresent, readCursor, readCursors, readKnown, recordFailures } from './cursors.ts'
import type { FullPass } from './full-pass.ts'
import { readFullPass, recordFullPass } from './full-pass.ts'
import type { Archive } from './open.ts'
import type { RecordPacker } from './pack-records.ts'
import { recordPacker } from './pack-records.ts'

/** The write side of an archive, as `ingest` uses it. */
export interface Store {
  /** The most that one commit may hold where the engine sets a limit; null where it sets none. */
  readonly batchLimit: { readonly bytes: number; readonly parts: number } | null
  /** What is known of each object of a remote, by `bucket\nkey`. */
  known(remote: RemoteName): Promise<Map<string, KnownObject>>
  /** How far some objects of one remote were read, by `bucket\nkey`; those that are not in the archive are left out. */
  cursors(objects: readonly ObjectId[]): Promise<Map<string, Cursor>>
  /** How far one object was read; null when it is not in the archive. */
  cursor(object: ObjectId): Promise<Cursor | null>
  /** Begins the claims of one run. */
  claims(): Claims
  /** Takes the records of one object, in the form in which `commit` wants them. */
  packer(): RecordPacker
  /** Rows and cursors of parts, at most one an object, in one transaction. */
  commit(parts: readonly Part[], options: CommitOptions): Promise<readonly PartResult[]>
  markGone(objectIds: readonly number[], now: number): Promise<void>
  markPresent(present: readonly PresentObject[]): Promise<void>
  recordFailures(failed: readonly FailedObject[], now: number): Promise<void>
  /** Folders that sessions of these machines worked in, each once. */
  workFolders(machines: readonly string[]): Promise<readonly { readonly machine: string; readonly cwd: string }[]>
  /** The last full pass over a remote that may have quick ones; null when none is remembered. */
  fullPass(remote: RemoteName): Promise<FullPass | null>
  /** Remembers a full pass, in the place of the one before. */
  recordFullPass(remote: RemoteName, pass: FullPass): Promise<void>
  /** Writes the account of a run: the only thing a run without news writes. */
  recordRun(summary: SyncSummary, startedAt: number, endedAt: number): Promise<void>
}

/**
 * A server takes the lock from a transaction of more than 5 s when others wait (sqld); 2 MiB of log take it
 * about 0.2 s.
 */
const serverBatchLimit = { bytes: 2 * 2 ** 20, parts: 200 }

/** Accounts of runs that are kept. */
const keptRuns = 2000

/** The write side of an open archive; sessions are concluded by `settle`. */
export function storeOf(archive: Archive, settle: Settler): Store {
  return {
    batchLimit: archive.driver.isFile ? null : serverBatchLimit,
    known: (remote) => readKnown(archive, remote),
    cursors: (objects) => readCursors(archive, objects),
    cursor: (object) => readCursor(archive, object),
    claims: () => claimsOf(archive),
    packer: recordPacker,
    commit: async (parts, options) => {
      // Loaded with the first news: a run without any never needs the schema.
      const { commitParts } = await import('./commit.ts')
      return commitParts(archive, parts, options, settle)
    },
    markGone: (ids, now) => markGone(archive, ids, now),
    markPresent: (present) => markPresent(archive, present),
    recordFailures: (failed, now) => recordFailures(archive, failed, now),
    workFolders: async (machines) => {
      const rows = await archive.driver.all({
        sql: `SELECT DISTINCT machine, cwd FROM sessions
              WHERE cwd IS NOT NULL AND live = 1 AND machine IN (SELECT value FROM json_each(?))`,
        args: [JSON.stringify(machines)],
      })
      return rows.map(([machine, cwd]) => ({ machine: String(machine), cwd: String(cwd) }))
    },
    fullPass: (remote) => readFullPass(archive, remote),
    recordFullPass: (remote, pass) => recordFullPass(archive, remote, pass),
    recordRun: (summary, startedAt, endedAt) =>
      archive.driver.transaction((transaction) =>
        transaction.run([
          {
            sql: 'INSERT INTO sync_runs (started_at, ended_at, duration_ms, summary) VALUES (?, ?, ?, ?)',
            args: [startedAt, endedAt, summary.totals.ms, JSON.stringify(summary)],
          },
          // A collector that runs every two minutes must not fill the archive with its own accounts.
          { sql: 'DELETE FROM sync_runs WHERE id <= (SELECT max(id) FROM sync_runs) - ?', args: [keptRuns] },
        ]),
      ),
  }
}
