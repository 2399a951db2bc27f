import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { int, intOrNull, listed, select, selectOne, str, strOrNull } from './ask.ts'
import { sourceOf } from './source.ts'
import { sql } from './sql.ts'

/** Something that could not be read: a whole object, or one line of it. */
export interface SyncError {
  readonly kind: 'object' | 'line'
  readonly remote: string
  readonly key: string
  /** `s3://bucket/key`, or the file's path. */
  readonly source: string
  /** First byte of the line in the object; null for a whole object. */
  readonly offset: number | null
  readonly code: string
  readonly message: string
  readonly hint: string | null
  /** When it failed first, in a row of failures; for a line, when its object was read. */
  readonly since: string | null
}

export interface SyncErrors {
  readonly errors: readonly SyncError[]
  readonly total: number
  readonly nextCursor: string | null
}

/**
 * Everything that could not be read, objects first, by remote, key and offset.
 * @param remotes  only these; none for all
 * @param page  `limit` 0 for all; `cursor` as an earlier answer gave it
 * @throws AgentsviewError `store.*`
 */
export async function listSyncErrors(
  ask: Ask,
  remotes: readonly string[],
  page: { readonly limit: number; readonly cursor: string | null },
): Promise<SyncErrors> {
  const of = remotes.length === 0 ? sql`1` : sql`o.remote IN ${listed(remotes)}`
  const all = sql`FROM (
    SELECT 'object' AS kind, o.remote, o.bucket, o.key, NULL AS "offset", o.error_code AS code,
      o.error_message AS message, o.error_hint AS hint, o.error_at AS since
    FROM objects o WHERE o.error_code IS NOT NULL AND o.gone_at IS NULL AND ${of}
    UNION ALL
    SELECT 'line', o.remote, o.bucket, o.key, b."offset", b.reason, b.length, NULL, o.read_at
    FROM bad_lines b JOIN objects o ON o.id = b.object_id AND o.generation = b.generation WHERE ${of}
  ) AS e`
  const from = page.cursor === null ? 0 : Math.max(0, Number.parseInt(page.cursor, 10) || 0)
  const rows = await select(
    ask,
    {
      kind: [sql`e.kind`, (value): SyncError['kind'] => (value === 'line' ? 'line' : 'object')],
      remote: [sql`e.remote`, str],
      bucket: [sql`e.bucket`, str],
      key: [sql`e.key`, str],
      offset: [sql`e."offset"`, intOrNull],
      code: [sql`e.code`, str],
      message: [sql`e.message`, str],
      hint: [sql`e.hint`, strOrNull],
      since: [sql`e.since`, intOrNull],
    },
    sql`${all} ORDER BY e.kind DESC, e.remote, e.key, e."offset" LIMIT ${page.limit === 0 ? -1 : page.limit} OFFSET ${from}`,
  )
  const total = (await selectOne(ask, { count: [sql`count(*)`, int] }, all))?.count ?? 0
  const errors = rows.map(({ bucket, ...row }): SyncError => ({
    ...row,
    source: sourceOf(row.remote, bucket, row.key),
    message: row.kind === 'line' ? lineMessage(row.code, row.message) : row.message,
    since: toRfc3339(row.since),
  }))
  const next = from + errors.length
  return { errors, total, nextCursor: next < total ? String(next) : null }
}

function lineMessage(reason: string, length: string): string {
  const what = reason === 'too-long' ? 'is longer than max_line_bytes' : 'is no JSON'
  return `a line of ${length} bytes ${what}`
}
