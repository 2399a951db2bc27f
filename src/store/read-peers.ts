import type { Peer } from '../model/index.ts'
import type { Transaction } from './driver.ts'
import type { FamilyMember, SessionRow } from './session-facts.ts'
import { groupByIdentity, identity, isIndexed, leadsFirst } from './session-facts.ts'

/** A session in a group of which one may hold a copy of another's beginning. */
export interface PeerMember extends FamilyMember {
  /** What the members of a group share, with their machine and agent. */
  readonly group: string
  readonly isCopy: boolean
}

/** The members of every such group that one of these sessions is in; none where there are no copies. */
export async function readPeerMembers(
  transaction: Transaction,
  family: readonly FamilyMember[],
): Promise<readonly PeerMember[]> {
  const rows = await transaction.all({
    sql: `SELECT o.machine, o.agent, p.value, p.native_id, max(p.key = 'copy')
          FROM (SELECT DISTINCT own.value FROM json_each(?) AS want
                JOIN marks own ON own.native_id = want.value AND own.name = 'peer'
                WHERE EXISTS (SELECT 1 FROM marks c
                              WHERE c.name = 'peer' AND ${isIndexed('c')} AND c.value = own.value AND c.key = 'copy')) AS shared
          CROSS JOIN marks p ON p.name = 'peer' AND ${isIndexed('p')} AND p.value = shared.value
          JOIN objects o ON o.id = p.object_id AND o.generation = p.generation
          GROUP BY 1, 2, 3, 4`,
    args: [JSON.stringify([...new Set(family.map(({ nativeId }) => nativeId))])],
  })
  return rows.map((row) => ({
    machine: String(row[0]),
    agent: String(row[1]),
    group: `${String(row[0])}~${String(row[1])}~${String(row[2])}`,
    nativeId: String(row[3]),
    isCopy: Number(row[4]) === 1,
  }))
}

/** For each session's row, all members of its groups with the ids of their messages, its own row's among them. */
export async function readPeers(
  transaction: Transaction,
  members: readonly PeerMember[],
  rows: readonly SessionRow[],
): Promise<ReadonlyMap<number, readonly Peer[]>> {
  const peers = new Map<number, readonly Peer[]>()
  const places = groupByIdentity(rows)
  const inGroups = members.flatMap((member) => places.get(identity(member)) ?? [])
  if (inGroups.length === 0) return peers
  const messages = await readMessageIds(transaction, inGroups)
  const groupsOf = groupByIdentity(members)
  for (const row of new Set(inGroups)) {
    const groups = new Set(groupsOf.get(identity(row))?.map(({ group }) => group))
    const others = members.filter(({ group }) => groups.has(group))
    const distinct = new Map(others.map((member) => [identity(member), member]))
    peers.set(
      row.id,
      [...distinct].flatMap(([key, { nativeId, isCopy }]) => {
        const place = key === identity(row) ? row : places.get(key)?.toSorted(leadsFirst)[0]
        return place === undefined ? [] : [{ sessionId: nativeId, isCopy, messages: messages.get(place.id) ?? [] }]
      }),
    )
  }
  return peers
}

async function readMessageIds(
  transaction: Transaction,
  rows: readonly SessionRow[],
): Promise<ReadonlyMap<number, Peer['messages']>> {
  const found = await transaction.all({
    sql: `SELECT coalesce(s.base_id, s.id), m."offset", m.uuid, m.at FROM sessions s
          JOIN messages m ON m.session_id = s.id
          WHERE (s.id IN (SELECT value FROM json_each(?1)) OR s.base_id IN (SELECT value FROM json_each(?1)))
            AND m.uuid IS NOT NULL ORDER BY 1, m."offset", m.part`,
    args: [JSON.stringify([...new Set(rows.map(({ id }) => id))])],
  })
  const messages = new Map<number, Peer['messages'][number][]>()
  for (const [session, offset, uuid, at] of found) {
    const message = { offset: Number(offset), uuid: String(uuid), at: at === null ? null : Number(at) }
    const known = messages.get(Number(session))
    if (known === undefined) messages.set(Number(session), [message])
    else known.push(message)
  }
  return messages
}
