import type { Json } from '../base/index.ts'
import type {
  Cursor,
  FailureInfo,
  KnownObject,
  ObjectId,
  ObjectInfo,
  ObjectRole,
  Place,
  RemoteName,
  StagedCursor,
} from '../model/index.ts'
import type { SqlRow } from './driver.ts'
import type { Archive } from './open.ts'

const cursorColumns = `id, bucket, key, etag, size, modified_at, complete, "offset", proof_length, proof_hash, machine, agent, path,
  agent_version, resume, generation, staged, gone_at, revision, error_code`

/** Objects that one row of an answer tells: a value for each column of each would take three times as long. */
const objectsPerRow = 200

/**
 * What is known of each object of a remote, by bucket and key (`cursorKey`). Of a hundred thousand objects nearly all
 * are as they were: what only reading needs is left out.
 */
export async function readKnown(archive: Archive, remote: RemoteName): Promise<Map<string, KnownObject>> {
  const rows = await archive.driver.all({
    sql: `SELECT json_group_array(json_array(id, bucket, key, etag, size, modified_at, complete, machine, agent, path,
            agent_version, staged IS NOT NULL, error_code IS NOT NULL, gone_at IS NOT NULL))
          FROM objects WHERE remote = ? GROUP BY id / ${objectsPerRow}`,
    args: [remote],
  })
  const known = new Map<string, KnownObject>()
  for (const [json] of rows) {
    for (const cells of JSON.parse(String(json)) as KnownCells[]) {
      const object = knownOf(remote, cells)
      known.set(cursorKey(object), object)
    }
  }
  return known
}

type KnownCells = [
  objectId: number,
  bucket: string,
  key: string,
  etag: string,
  size: number,
  modifiedAt: number,
  complete: number,
  machine: string,
  agent: string,
  path: string,
  agentVersion: number,
  isStaged: number,
  failed: number,
  gone: number,
]

function knownOf(remote: RemoteName, cells: KnownCells): KnownObject {
  const [objectId, bucket, key, etag, size, modifiedAt, complete, machine, agent, path, agentVersion, ...flags] = cells
  return {
    remote,
    bucket,
    key,
    objectId,
    etag,
    size,
    modifiedAt,
    complete: complete === 1,
    machine,
    agent,
    path,
    agentVersion,
    isStaged: flags[0] === 1,
    failed: flags[1] === 1,
    gone: flags[2] === 1,
  }
}

/** Reads how far some objects of a remote were read, by bucket and key (`cursorKey`). */
export async function readCursors(archive: Archive, objects: readonly ObjectId[]): Promise<Map<string, Cursor>> {
  const [first] = objects
  if (first === undefined) return new Map()
  const rows = await archive.driver.all({
    sql: `SELECT ${cursorColumns} FROM objects
          WHERE remote = ?1 AND (bucket, key) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))`,
    args: [first.remote, JSON.stringify(objects.map(({ bucket, key }) => [bucket, key]))],
  })
  return new Map(
    rows.map((row) => {
      const cursor = cursorOf(first.remote, row)
      return [cursorKey(cursor), cursor]
    }),
  )
}

/** Reads how far one object was read; null when it is not in the archive. */
export async function readCursor(archive: Archive, object: ObjectId): Promise<Cursor | null> {
  return (await readCursors(archive, [object])).get(cursorKey(object)) ?? null
}

function cursorOf(remote: RemoteName, row: SqlRow): Cursor {
  const [id, bucket, key, etag, size, modifiedAt, complete, offset, proofLength, proofHash, ...rest] = row
  const [machine, agent, path, agentVersion, resume, generation, staged, goneAt, revision, errorCode] = rest
  return {
    remote,
    bucket: String(bucket),
    key: String(key),
    objectId: Number(id),
    etag: String(etag),
    size: Number(size),
    modifiedAt: Number(modifiedAt),
    complete: complete === 1,
    offset: Number(offset),
    proof: typeof proofHash === 'string' ? { length: Number(proofLength), hash: proofHash } : null,
    machine: String(machine),
    agent: String(agent),
    path: String(path),
    agentVersion: Number(agentVersion),
    resume: typeof resume === 'string' ? (JSON.parse(resume) as Json) : null,
    generation: Number(generation),
    isStaged: staged !== null,
    staged: typeof staged === 'string' ? (JSON.parse(staged) as StagedCursor | null) : null,
    failed: errorCode !== null,
    gone: goneAt !== null,
    revision: Number(revision),
  }
}

/** The key of an object among the cursors of its remote. */
export function cursorKey(object: { readonly bucket: string; readonly key: string }): string {
  return `${object.bucket}\n${object.key}`
}

/** Marks objects that a complete listing no longer showed; their sessions stay. */
export async function markGone(archive: Archive, objectIds: readonly number[], now: number): Promise<void> {
  if (objectIds.length === 0) return
  await archive.driver.transaction((transaction) =>
    transaction.run([
      {
        sql: `UPDATE objects SET gone_at = ?1 WHERE gone_at IS NULL AND id IN (SELECT value FROM json_each(?2))`,
        args: [now, JSON.stringify(objectIds)],
      },
    ]),
  )
}

/** An object as a listing shows it, whose bytes are those that were read. */
export interface PresentObject {
  readonly objectId: number
  readonly modifiedAt: number
}

/** Marks objects that are listed again, or whose bytes, written again, are those that were read. */
export async function markPresent(archive: Archive, present: readonly PresentObject[]): Promise<void> {
  if (present.length === 0) return
  const rows = present.map(({ objectId, modifiedAt }) => [objectId, modifiedAt])
  await archive.driver.transaction((transaction) =>
    transaction.run([
      {
        sql: `UPDATE objects SET gone_at = NULL, modified_at = seen.value ->> 1, error_code = NULL,
                error_message = NULL, error_hint = NULL, error_at = NULL FROM json_each(?) AS seen
              WHERE objects.id = seen.value ->> 0`,
        args: [JSON.stringify(rows)],
      },
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
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, 0, 0, 0, 0, ?, ?, ?, ?, ?)
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

/**
 * Has the objects of a remote read from their start by the next sync; their rows stay in sight until the new
 * ones are whole. What a running sync reads of them meanwhile is refused.
 * @param keyPrefix  only keys that begin so; empty for all
 * @returns how many objects
 */
export async function forgetCursors(archive: Archive, remote: RemoteName, keyPrefix: string): Promise<number> {
  return await archive.driver.transaction(async (transaction) => {
    const args = [remote, keyPrefix.length, keyPrefix]
    const where = 'remote = ?1 AND gone_at IS NULL AND substr(key, 1, ?2) = ?3'
    const [row] = await transaction.all({ sql: `SELECT count(*) FROM objects WHERE ${where}`, args })
    await transaction.run([
      // No parser has version 0: what it read is always too old.
      { sql: `UPDATE objects SET agent_version = 0, staged = NULL, revision = revision + 1 WHERE ${where}`, args },
    ])
    return Number(row?.[0] ?? 0)
  })
}
