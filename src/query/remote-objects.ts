import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { all, int, intOrNull, listed, select, selectOne, str, strOrNull } from './ask.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'

export const objectStates = ['complete', 'partial', 'failing', 'gone'] as const
/** Read to its end, half read, not readable, or no longer listed. */
export type ObjectState = (typeof objectStates)[number]

/** One object of a remote, and how far it is read. */
export interface ObjectRow {
  readonly bucket: string
  readonly key: string
  readonly size: number
  /** Bytes of it that are in the archive. */
  readonly offset: number
  readonly etag: string
  readonly state: ObjectState
  readonly machine: string
  readonly agent: string
  readonly role: string
  readonly modifiedAt: string | null
  readonly readAt: string | null
  readonly badLines: number
  readonly error: ObjectError | null
  /** Sessions that are shown from it, at most 20. */
  readonly sessionIds: readonly string[]
}

export interface ObjectError {
  readonly code: string
  readonly message: string
  readonly hint: string | null
  readonly at: string | null
}

interface ListPage {
  readonly limit: number
  readonly cursor: string | null
}

const stateOf = sql`CASE WHEN o.gone_at IS NOT NULL THEN 'gone' WHEN o.error_code IS NOT NULL THEN 'failing'
  WHEN o.complete = 1 THEN 'complete' ELSE 'partial' END`

/**
 * Objects of a remote by bucket and key.
 * @param wish  only objects in this state, and only keys that hold this text
 * @throws AgentsviewError `usage.cursor`, `store.*`
 */
export async function listObjects(
  ask: Ask,
  remote: string,
  wish: { readonly state: ObjectState | null; readonly text: string },
  page: ListPage,
): Promise<{ readonly objects: readonly ObjectRow[]; readonly total: number; readonly nextCursor: string | null }> {
  const conditions: SQL[] = [sql`o.remote = ${remote}`]
  if (wish.state !== null) conditions.push(sql`${stateOf} = ${wish.state}`)
  if (wish.text !== '') conditions.push(sql`instr(o.key, ${wish.text}) > 0`)
  const total = await selectOne(ask, { count: [sql`count(*)`, int] }, sql`FROM objects o WHERE ${all(conditions)}`)
  if (page.cursor !== null) {
    const [bucket = '', key = ''] = readCursor('objects', page.cursor, ['string', 'string'])
    conditions.push(sql`(o.bucket, o.key) > (${bucket}, ${key})`)
  }
  const rows = await objectRows(ask, conditions, page.limit)
  const shown = page.limit === 0 ? rows : rows.slice(0, page.limit)
  const last = shown.at(-1)
  const sessions = await sessionsOf(
    ask,
    shown.map(({ id }) => id),
  )
  return {
    objects: shown.map(({ id, error, at, hint, code, modifiedAt, readAt, ...row }) => ({
      ...row,
      modifiedAt: toRfc3339(modifiedAt),
      readAt: toRfc3339(readAt),
      error: code === null ? null : { code, message: error ?? code, hint, at: toRfc3339(at) },
      sessionIds: sessions.get(id) ?? [],
    })),
    total: total?.count ?? 0,
    nextCursor:
      last === undefined || shown.length === rows.length ? null : writeCursor('objects', [last.bucket, last.key]),
  }
}

async function objectRows(ask: Ask, conditions: readonly SQL[], limit: number) {
  const badLines = sql`(SELECT count(*) FROM bad_lines b WHERE b.object_id = o.id AND b.generation = o.generation)`
  return await select(
    ask,
    {
      id: [sql`o.id`, int],
      bucket: [sql`o.bucket`, str],
      key: [sql`o.key`, str],
      size: [sql`o.size`, int],
      offset: [sql`o."offset"`, int],
      etag: [sql`o.etag`, str],
      state: [stateOf, (value) => str(value) as ObjectState],
      machine: [sql`o.machine`, str],
      agent: [sql`o.agent`, str],
      role: [sql`o.role`, str],
      modifiedAt: [sql`o.modified_at`, intOrNull],
      // An object that only ever failed has never been read.
      readAt: [sql`CASE WHEN o.revision > 0 THEN o.read_at END`, intOrNull],
      badLines: [badLines, int],
      code: [sql`o.error_code`, strOrNull],
      error: [sql`o.error_message`, strOrNull],
      hint: [sql`o.error_hint`, strOrNull],
      at: [sql`o.error_at`, intOrNull],
    },
    sql`FROM objects o WHERE ${all(conditions)} ORDER BY o.bucket, o.key LIMIT ${limit === 0 ? -1 : limit + 1}`,
  )
}

/** Sessions an object names at most. */
const mostSessions = 20

async function sessionsOf(ask: Ask, ids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const rows = await select(
    ask,
    { object: [sql`s.object_id`, int], id: [sql`s.machine || '~' || s.native_id`, str] },
    sql`FROM sessions s WHERE s.object_id IN ${listed(ids)} AND s.live = 1 AND s.lead = 1 ORDER BY s.native_id`,
  )
  const sessions = new Map<number, string[]>()
  for (const { object, id } of rows) {
    const known = sessions.get(object) ?? []
    if (known.length < mostSessions) sessions.set(object, [...known, id])
  }
  return sessions
}

/** A line that could not be used. */
export interface BadLineRow {
  readonly bucket: string
  readonly key: string
  readonly offset: number
  readonly length: number
  readonly reason: string
  /** A session of that object; null when it has none. */
  readonly sessionId: string | null
}

/** Lines of a remote that could not be used, by object. @throws AgentsviewError `usage.cursor`, `store.*` */
export async function listBadLines(
  ask: Ask,
  remote: string,
  page: ListPage,
): Promise<{ readonly badLines: readonly BadLineRow[]; readonly total: number; readonly nextCursor: string | null }> {
  const from = sql`FROM objects o JOIN bad_lines b ON b.object_id = o.id AND b.generation = o.generation
    WHERE o.remote = ${remote}`
  const total = await selectOne(ask, { count: [sql`count(*)`, int] }, from)
  const [object = 0, offset = -1] =
    page.cursor === null ? [] : readCursor('bad-lines', page.cursor, ['number', 'number'])
  const session = sql`(SELECT s.machine || '~' || s.native_id FROM sessions s
    WHERE s.object_id = o.id AND s.live = 1 AND s.lead = 1 ORDER BY s.native_id LIMIT 1)`
  const rows = await select(
    ask,
    {
      object: [sql`o.id`, int],
      bucket: [sql`o.bucket`, str],
      key: [sql`o.key`, str],
      offset: [sql`b."offset"`, int],
      length: [sql`b.length`, int],
      reason: [sql`b.reason`, str],
      sessionId: [session, strOrNull],
    },
    sql`${from} AND (o.id, b."offset") > (${object}, ${offset})
      ORDER BY o.id, b."offset" LIMIT ${page.limit === 0 ? -1 : page.limit + 1}`,
  )
  const shown = page.limit === 0 ? rows : rows.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    badLines: shown.map(({ object: _object, ...row }) => row),
    total: total?.count ?? 0,
    nextCursor:
      last === undefined || shown.length === rows.length ? null : writeCursor('bad-lines', [last.object, last.offset]),
  }
}
