import type { Transaction } from './driver.ts'
import type { GrowingPart } from './grow-sessions.ts'
import { isIndexed } from './session-facts.ts'
import type { FamilyMember } from './settle-sessions.ts'
import type { PlacedPart } from './write-rows.ts'
import { dropObjectRowsFrom, dropRowsFrom, dropSessions, objectTables, usageKeys } from './write-rows.ts'

/** What lost rows of its own: sessions to be concluded anew, and keys of usage to be counted anew. */
export interface Dropped {
  readonly members: readonly FamilyMember[]
  readonly keys: readonly string[]
}

/** Drops what an earlier, interrupted or provisional, reading left at and after each part's start. */
export async function dropReplaced(
  transaction: Transaction,
  parts: readonly Pick<GrowingPart, 'part' | 'objectId' | 'wasComplete'>[],
): Promise<Dropped> {
  // What is cut off while reading ends where the next part begins; only an end is provisional.
  const replaced = parts.filter(({ part, wasComplete }) => (part.isStaged ? part.isFirst : wasComplete))
  if (replaced.length === 0) return { members: [], keys: [] }
  const rows = await transaction.all({
    sql: `SELECT s.id, s.object_id, s.generation, s.native_id, s.machine, s.agent FROM sessions s
          WHERE s.object_id IN (SELECT value FROM json_each(?))`,
    args: [JSON.stringify(replaced.map(({ objectId }) => objectId))],
  })
  const members: FamilyMember[] = []
  const keys: string[] = []
  for (const { part, objectId } of replaced) {
    const own = rows.filter((row) => Number(row[1]) === objectId && Number(row[2]) === part.generation)
    const ids = own.map((row) => Number(row[0]))
    members.push(...own.map((row) => memberOf(row[4], row[5], row[3])))
    if (part.isFirst && part.isStaged) {
      // Newer generations than the shown one are leftovers of a re-read that was given up.
      const leftovers = rows.filter((row) => Number(row[1]) === objectId && Number(row[2]) >= part.generation)
      await transaction.run([
        ...dropSessions(leftovers.map((row) => Number(row[0]))),
        ...dropObjectRowsFrom(objectId, part.generation, 0),
      ])
      continue
    }
    const dropped = await transaction.all({
      sql: `SELECT dedupe_key FROM usage WHERE session_id IN (SELECT value FROM json_each(?)) AND "offset" >= ?`,
      args: [JSON.stringify(ids), part.from],
    })
    keys.push(...dropped.map(([key]) => String(key)))
    await transaction.run([
      ...dropRowsFrom(ids, part.from),
      ...dropObjectRowsFrom(objectId, part.generation, part.from),
    ])
  }
  return { members, keys }
}

/** Lets each finished re-read take the place of the generation before it. */
export async function promote(transaction: Transaction, parts: readonly PlacedPart[]): Promise<Dropped> {
  const members: FamilyMember[] = []
  const keys: string[] = []
  for (const { part, objectId } of parts) {
    if (!part.isStaged || !part.isLast) continue
    const old = await transaction.all({
      sql: 'SELECT id, native_id, machine, agent FROM sessions WHERE object_id = ? AND generation < ?',
      args: [objectId, part.generation],
    })
    const oldIds = old.map((row) => Number(row[0]))
    members.push(...old.map((row) => memberOf(row[2], row[3], row[1])))
    keys.push(...(await usageKeys(transaction, oldIds, false)))
    // What the old marks pointed at has to be concluded anew without them.
    const pointed = await transaction.all({
      sql: `SELECT DISTINCT CASE name WHEN 'spawn' THEN value ELSE native_id END FROM marks
            WHERE object_id = ?1 AND generation < ?2
            UNION
            SELECT other.native_id FROM marks own
            JOIN marks other ON other.name = 'peer' AND ${isIndexed('other')} AND other.value = own.value
            WHERE own.object_id = ?1 AND own.generation < ?2 AND own.name = 'peer'`,
      args: [objectId, part.generation],
    })
    members.push(...pointed.map(([native]) => memberOf(part.place.machine, part.place.agent, native)))
    await transaction.run([
      ...dropSessions(oldIds),
      ...objectTables.map((table) => ({
        sql: `DELETE FROM ${table} WHERE object_id = ? AND generation < ?`,
        args: [objectId, part.generation],
      })),
      { sql: 'UPDATE sessions SET live = 1 WHERE object_id = ? AND generation = ?', args: [objectId, part.generation] },
    ])
    const fresh = await transaction.all({
      sql: 'SELECT id FROM sessions WHERE object_id = ? AND generation = ?',
      args: [objectId, part.generation],
    })
    keys.push(
      ...(await usageKeys(
        transaction,
        fresh.map(([id]) => Number(id)),
        false,
      )),
    )
  }
  return { members, keys }
}

function memberOf(machine: unknown, agent: unknown, nativeId: unknown): FamilyMember {
  return { machine: String(machine), agent: String(agent), nativeId: String(nativeId) }
}
