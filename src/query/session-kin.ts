import type { Ask } from './ask.ts'
import { select, str, strOrNull } from './ask.ts'
import { publicId, visibleSessions } from './filters.ts'
import type { FoundSession } from './find-session.ts'
import { sql } from './sql.ts'

/** Another session, as a link shows it. */
export interface SessionLink {
  readonly id: string
  readonly relationship: string | null
  readonly title: string
}

const linkColumns = {
  id: [publicId, str],
  relationship: [sql`s.relationship`, strOrNull],
  title: [sql`coalesce(nullif(s.title, ''), nullif(s.first_prompt, ''), s.agent_label)`, strOrNull],
} as const

/** A chain of parents longer than this is a mistake of the logs. */
const mostParents = 20

/**
 * The sessions a session came from, the topmost known first; a ring ends where it closes.
 * @throws AgentsviewError `store.*`
 */
export async function sessionParents(ask: Ask, found: FoundSession): Promise<readonly SessionLink[]> {
  const parents: SessionLink[] = []
  let nativeId = found.nativeId
  const seen = new Set([nativeId])
  while (parents.length < mostParents) {
    const [parent] = await select(
      ask,
      { ...linkColumns, nativeId: [sql`s.native_id`, str] },
      sql`FROM ${visibleSessions} JOIN sessions c
        ON c.parent_id = s.native_id AND c.machine = s.machine AND c.agent = s.agent AND c.live = 1 AND c.lead = 1
        WHERE c.native_id = ${nativeId} AND c.machine = ${found.machine} AND c.agent = ${found.agent} LIMIT 1`,
    )
    if (parent === undefined || seen.has(parent.nativeId)) break
    nativeId = parent.nativeId
    seen.add(nativeId)
    parents.unshift({ id: parent.id, relationship: parent.relationship, title: parent.title ?? parent.id })
  }
  return parents
}

/** The same session on other machines, the longest first. @throws AgentsviewError `store.*` */
export async function sessionOnOtherMachines(ask: Ask, found: FoundSession): Promise<readonly SessionLink[]> {
  const rows = await select(
    ask,
    linkColumns,
    sql`FROM ${visibleSessions} WHERE s.native_id = ${found.nativeId} AND s.agent = ${found.agent}
      AND s.machine <> ${found.machine} ORDER BY o.size DESC, s.machine`,
  )
  return rows.map(({ id, relationship, title }) => ({ id, relationship, title: title ?? id }))
}
