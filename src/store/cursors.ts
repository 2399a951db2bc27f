import { eq } from 'drizzle-orm'

import type { Cursor, FailureInfo, ObjectInfo, ObjectRole, Place, RemoteName } from '../model/index.ts'
import type { Archive } from './open.ts'
import { objects } from './schema.ts'

/** Reads how far each object of a remote was read, by bucket and key (`cursorKey`). */
export async function readCursors(archive: Archive, remote: RemoteName): Promise<Map<string, Cursor>> {
  const rows = await archive.db.select().from(objects).where(eq(objects.remote, remote))
  return new Map(
    rows.map((row) => [
      cursorKey(row),
      {
        remote: row.remote,
        bucket: row.bucket,
        key: row.key,
        objectId: row.id,
        etag: row.etag,
        size: row.size,
        complete: row.complete,
        offset: row.offset,
        proof: row.proofHash === null ? null : { length: row.proofLength ?? 0, hash: row.proofHash },
        machine: row.machine,
        agent: row.agent,
        path: row.path,
        agentVersion: row.agentVersion,
        resume: row.resume,
        generation: row.generation,
        staged: row.staged,
        gone: row.goneAt !== null,
        revision: row.revision,
      },
    ]),
  )
}

/** The key of an object among the cursors of its remote. */
export function cursorKey(object: { readonly bucket: string; readonly key: string }): string {
  return `${object.bucket}\n${object.key}`
}

/** Marks objects that a complete listing no longer showed; their sessions stay. */
export async function markGone(archive: Archive, objectIds: readonly number[], now: number): Promise<void> {
  await updateByIds(archive, 'UPDATE objects SET gone_at = ?1 WHERE gone_at IS NULL AND id IN', [now], objectIds)
}

/** Marks objects that are listed again. */
export async function markPresent(archive: Archive, objectIds: readonly number[]): Promise<void> {
  await updateByIds(archive, 'UPDATE objects SET gone_at = NULL WHERE id IN', [], objectIds)
}

async function updateByIds(
  archive: Archive,
  sql: string,
  args: readonly number[],
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return
  await archive.driver.transaction((transaction) =>
    transaction.run([
      { sql: `${sql} (SELECT value FROM json_each(?${args.length + 1}))`, args: [...args, JSON.stringify(ids)] },
    ]),
  )
}

/** What a failed object is known by, besides its error. */
export interface FailedObject {
  readonly object: ObjectInfo
  readonly place: Place
  readonly role: ObjectRole
  readonly nativeId: string
  readonly error: FailureInfo
}

/** Remembers why objects could not be read; rows and offsets stay as they are, and they are tried again. */
export async function recordFailures(archive: Archive, failed: readonly FailedObject[], now: number): Promise<void> {
  if (failed.length === 0) return
  await archive.driver.transaction((transaction) =>
    transaction.run(
      failed.map(({ object, place, role, nativeId, error }) => ({
        sql: `INSERT INTO objects (remote, bucket, key, etag, size, modified_at, machine, agent, agent_version, role,
                path, native_id, rank, complete, "offset", generation, revision, read_at,
                error_code, error_message, error_hint, error_at)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, 0, 0, 1, 0, ?, ?, ?, ?, ?)
              ON CONFLICT (remote, bucket, key) DO UPDATE SET
                error_code = excluded.error_code, error_message = excluded.error_message,
                error_hint = excluded.error_hint,
                error_at = CASE WHEN objects.error_code IS NULL THEN excluded.error_at ELSE objects.error_at END`,
        args: [
          object.remote,
          object.bucket,
          object.key,
          object.etag,
          object.size,
          object.modifiedAt,
          place.machine,
          place.agent,
          role,
          place.path,
          nativeId,
          now,
          error.code,
          error.message,
          error.hint,
          now,
        ],
      })),
    ),
  )
}
