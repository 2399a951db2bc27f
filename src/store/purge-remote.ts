import type { NanoUsd, RemoteName } from '../model/index.ts'
import type { Settler } from './batch.ts'
import { countUsage } from './count-usage.ts'
import type { Transaction } from './driver.ts'
import type { Archive } from './open.ts'
import { isIndexed } from './session-facts.ts'
import type { FamilyMember } from './settle-sessions.ts'
import { settleSessions } from './settle-sessions.ts'
import { dropSessions, objectTables, usageKeys } from './write-rows.ts'

/** What a purge took out of an archive. */
export interface Purged {
  readonly objects: number
  /** Sessions that stood nowhere else. */
  readonly sessions: number
  /** Sessions that had a place in the remote and stay, for they have another. */
  readonly kept: number
}

/**
 * Drops everything that was read from a remote, in one transaction: its objects, their sessions with all rows, its
 * claims and its part in the accounts of runs. What stays is concluded anew, as if the remote had never been read.
 * A running sync of the remote notices, and may read it again.
 * @throws AgentsviewError `store.*`; then nothing was dropped
 */
export function purgeRemote(
  archive: Archive,
  remote: RemoteName,
  deps: { readonly settle: Settler; readonly webSearchFee: NanoUsd },
): Promise<Purged> {
  return archive.driver.transaction(async (transaction) => {
    const objects = (await transaction.all({ sql: 'SELECT id FROM objects WHERE remote = ?', args: [remote] })).map(
      ([id]) => Number(id),
    )
    const before = await membersOf(transaction, objects)
    const pointed = await pointedAt(transaction, objects)
    const sessions = await transaction.all({
      sql: 'SELECT id FROM sessions WHERE object_id IN (SELECT value FROM json_each(?))',
      args: [JSON.stringify(objects)],
    })
    const ids = sessions.map(([id]) => Number(id))
    const keys = await usageKeys(transaction, ids, false)
    await transaction.run([
      ...dropSessions(ids),
      ...objectTables.map((table) => ({
        sql: `DELETE FROM ${table} WHERE object_id IN (SELECT value FROM json_each(?))`,
        args: [JSON.stringify(objects)],
      })),
      { sql: 'DELETE FROM objects WHERE remote = ?', args: [remote] },
      { sql: 'DELETE FROM claims WHERE remote = ?', args: [remote] },
      { sql: 'DELETE FROM meta WHERE key = ?', args: [`full_pass.${remote}`] },
      { sql: 'DELETE FROM machines WHERE name NOT IN (SELECT machine FROM objects)', args: [] },
      { sql: withoutRemote, args: [remote] },
      { sql: `DELETE FROM sync_runs WHERE json_array_length(summary, '$.remotes') = 0`, args: [] },
    ])
    const settled = await settleSessions(transaction, [...before, ...pointed], deps.settle)
    await countUsage(transaction, new Set(), new Set([...keys, ...settled.usageKeys]), deps.webSearchFee)
    const kept = await stillThere(transaction, before)
    return { objects: objects.length, sessions: before.length - kept, kept }
  })
}

const withoutRemote = `UPDATE sync_runs SET summary = json_set(summary, '$.remotes',
    (SELECT json_group_array(json(r.value)) FROM json_each(summary, '$.remotes') AS r
     WHERE r.value ->> 'name' <> ?1))
  WHERE EXISTS (SELECT 1 FROM json_each(summary, '$.remotes') AS r WHERE r.value ->> 'name' = ?1)`

/** Sessions that readers see in these objects, each once. */
async function membersOf(transaction: Transaction, objects: readonly number[]): Promise<readonly FamilyMember[]> {
  const rows = await transaction.all({
    sql: `SELECT DISTINCT machine, agent, native_id FROM sessions
          WHERE live = 1 AND object_id IN (SELECT value FROM json_each(?))`,
    args: [JSON.stringify(objects)],
  })
  return rows.map(memberOf)
}

/** Sessions that the marks of these objects speak of, and those that may be copies of theirs. */
async function pointedAt(transaction: Transaction, objects: readonly number[]): Promise<readonly FamilyMember[]> {
  const rows = await transaction.all({
    sql: `SELECT DISTINCT o.machine, o.agent, CASE m.name WHEN 'spawn' THEN m.value ELSE m.native_id END
          FROM marks m JOIN objects o ON o.id = m.object_id
          WHERE m.object_id IN (SELECT value FROM json_each(?1))
          UNION
          SELECT o.machine, o.agent, other.native_id
          FROM marks own JOIN objects o ON o.id = own.object_id
          JOIN marks other ON other.name = 'peer' AND ${isIndexed('other')} AND other.value = own.value
          WHERE own.name = 'peer' AND own.object_id IN (SELECT value FROM json_each(?1))`,
    args: [JSON.stringify(objects)],
  })
  return rows.filter(([, , native]) => native !== null).map(memberOf)
}

async function stillThere(transaction: Transaction, members: readonly FamilyMember[]): Promise<number> {
  const [row] = await transaction.all({
    sql: `SELECT count(*) FROM json_each(?) AS m WHERE EXISTS (SELECT 1 FROM sessions s
            WHERE s.machine = m.value ->> 0 AND s.agent = m.value ->> 1 AND s.native_id = m.value ->> 2 AND s.live = 1)`,
    args: [JSON.stringify(members.map(({ machine, agent, nativeId }) => [machine, agent, nativeId]))],
  })
  return Number(row?.[0] ?? 0)
}

function memberOf([machine, agent, nativeId]: readonly unknown[]): FamilyMember {
  return { machine: String(machine), agent: String(agent), nativeId: String(nativeId) }
}
