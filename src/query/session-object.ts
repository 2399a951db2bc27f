import type { Proof } from '../model/index.ts'
import type { Ask } from './ask.ts'
import { int, intOrNull, select, selectOne, str, strOrNull } from './ask.ts'
import type { FoundSession } from './find-session.ts'
import { sql } from './sql.ts'

/** The object a session is shown from, as it was when it was read. */
export interface SessionObject {
  readonly remote: string
  readonly bucket: string
  readonly key: string
  readonly etag: string
  readonly size: number
  readonly modifiedAt: number
  /** Raised when the object was read anew from its start: offsets of another generation may be other lines. */
  readonly generation: number
  /** How far it was read, in bytes, and what stood right before. */
  readonly offset: number
  readonly proof: Proof | null
}

/** Where a session's bytes are; null when it has just left the archive. @throws AgentsviewError `store.*` */
export async function sessionObject(ask: Ask, found: FoundSession): Promise<SessionObject | null> {
  const row = await selectOne(
    ask,
    {
      remote: [sql`o.remote`, str],
      bucket: [sql`o.bucket`, str],
      key: [sql`o.key`, str],
      etag: [sql`o.etag`, str],
      size: [sql`o.size`, int],
      modifiedAt: [sql`o.modified_at`, int],
      generation: [sql`o.generation`, int],
      offset: [sql`o."offset"`, int],
      proofLength: [sql`o.proof_length`, intOrNull],
      proofHash: [sql`o.proof_hash`, strOrNull],
    },
    sql`FROM sessions s JOIN objects o ON o.id = s.object_id WHERE s.id = ${found.rowId}`,
  )
  if (row === null) return null
  const { proofLength, proofHash, ...object } = row
  return {
    ...object,
    proof: proofLength === null || proofHash === null ? null : { length: proofLength, hash: proofHash },
  }
}

/**
 * Where the lines of a message begin in its object, in bytes: with a call, those of what the call gave back and then
 * the message's own; without one, the message's own alone. Empty when there is no such message.
 * @throws AgentsviewError `store.*`
 */
export async function messageLines(
  ask: Ask,
  found: FoundSession,
  ordinal: number,
  callId: string | null,
): Promise<readonly number[]> {
  const own = await selectOne(
    ask,
    { offset: [sql`"offset"`, int] },
    sql`FROM messages WHERE session_id = ${found.rowId} AND hidden = 0
      ORDER BY pos, "offset", part LIMIT 1 OFFSET ${ordinal}`,
  )
  if (own === null) return []
  if (callId === null) return [own.offset]
  const results = await select(
    ask,
    { offset: [sql`DISTINCT "offset"`, int] },
    sql`FROM tool_results WHERE session_id = ${found.rowId} AND call_id = ${callId} ORDER BY 1`,
  )
  return [...new Set([...results.map(({ offset }) => offset), own.offset])]
}
