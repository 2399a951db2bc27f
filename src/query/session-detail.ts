import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { flag, int, intOrNull, listed, select, selectOne, str, strOrNull } from './ask.ts'
import { publicId, visibleSessions } from './filters.ts'
import type { FoundSession } from './find-session.ts'
import type { SessionRow } from './session-rows.ts'
import { sessionRows } from './session-rows.ts'
import { sourceOf } from './source.ts'
import { sql } from './sql.ts'

/** One object that holds the session. */
export interface SessionPlace {
  readonly source: string
  readonly machine: string
  readonly remote: string
  readonly bucket: string
  readonly key: string
  readonly state: 'present' | 'gone'
  readonly bytes: number
  readonly modifiedAt: string | null
  /** The one that is shown. */
  readonly isLead: boolean
}

/** Everything the archive knows of one session but its messages. */
export interface SessionDetail extends SessionRow {
  readonly cwd: string | null
  readonly agentVersion: string | null
  readonly entrypoint: string | null
  readonly isTruncated: boolean
  readonly places: readonly SessionPlace[]
  readonly children: readonly { readonly id: string; readonly relationship: string | null; readonly title: string }[]
}

/**
 * One session with its places on all machines and the sessions that came from it.
 * @returns null when it vanished after it was found
 * @throws AgentsviewError `store.*`
 */
export async function sessionDetail(ask: Ask, found: FoundSession): Promise<SessionDetail | null> {
  const [row] = await sessionRows(ask, [{ id: found.rowId, members: found.rowIds }])
  const more = await selectOne(
    ask,
    {
      cwd: [sql`cwd`, strOrNull],
      agentVersion: [sql`agent_version`, strOrNull],
      entrypoint: [sql`entrypoint`, strOrNull],
      isTruncated: [sql`is_truncated`, flag],
    },
    sql`FROM sessions WHERE id = ${found.rowId}`,
  )
  if (row === undefined || more === null) return null
  return { ...row, ...more, places: await placesOf(ask, found), children: await childrenOf(ask, found) }
}

async function placesOf(ask: Ask, found: FoundSession): Promise<readonly SessionPlace[]> {
  const rows = await select(
    ask,
    {
      id: [sql`s.id`, int],
      machine: [sql`s.machine`, str],
      remote: [sql`o.remote`, str],
      bucket: [sql`o.bucket`, str],
      key: [sql`o.key`, str],
      goneAt: [sql`o.gone_at`, intOrNull],
      bytes: [sql`o.size`, int],
      modifiedAt: [sql`o.modified_at`, intOrNull],
    },
    sql`FROM sessions s JOIN objects o ON o.id = s.object_id
      WHERE s.native_id = ${found.nativeId} AND s.agent = ${found.agent} AND s.live = 1
      ORDER BY s.id <> ${found.rowId}, s.machine, o.remote, o.key`,
  )
  return rows.map(({ id, bucket, key, goneAt, modifiedAt, machine, remote, bytes }) => ({
    source: sourceOf(remote, bucket, key),
    machine,
    remote,
    bucket,
    key,
    state: goneAt === null ? 'present' : 'gone',
    bytes,
    modifiedAt: toRfc3339(modifiedAt),
    isLead: id === found.rowId,
  }))
}

async function childrenOf(ask: Ask, found: FoundSession): Promise<SessionDetail['children']> {
  const rows = await select(
    ask,
    {
      id: [publicId, str],
      relationship: [sql`s.relationship`, strOrNull],
      title: [sql`coalesce(nullif(s.title, ''), nullif(s.first_prompt, ''), s.agent_label)`, strOrNull],
    },
    sql`FROM ${visibleSessions} JOIN sessions p
      ON s.parent_id = p.native_id AND s.machine = p.machine AND s.agent = p.agent
      WHERE p.id IN ${listed([found.rowId])} ORDER BY s.started_at, s.native_id`,
  )
  return rows.map(({ id, relationship, title }) => ({ id, relationship, title: title ?? id }))
}
