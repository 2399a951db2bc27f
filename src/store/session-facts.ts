import type { Mark, SessionFields } from '../model/index.ts'
import type { SqlRow, Transaction } from './driver.ts'

/** Identity of a session: the rows of all its places share it. */
export interface FamilyMember {
  readonly machine: string
  readonly agent: string
  readonly nativeId: string
}

/** What one object tells of one session, with what is stored of it besides. */
export interface SessionRow extends FamilyMember {
  readonly id: number
  readonly objectId: number
  readonly path: string
  readonly parentFromPath: string | null
  readonly rank: number
  readonly size: number
  readonly sortKey: string
  readonly facts: SessionFields
  readonly hiddenRanges: string
  readonly chargedRanges: string
  readonly lead: boolean
  readonly places: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly generation: number
  /** The row it was split from; null for what a parser told of. */
  readonly baseId: number | null
  readonly ownRanges: string | null
}

/** A mark with the object and the session of its own. */
export interface StoredMark extends Mark, FamilyMember {
  readonly objectId: number
}

/**
 * Says of a mark what the index by value says of all it holds: without these very words the engine does not see that
 * it may use it, and reads every mark there is.
 */
export function isIndexed(marks: string): string {
  return `${marks}.name IN ('spawn', 'relative', 'peer')`
}

/** Sessions that asked for a touched one's marks, or were started by one whose start changed, are settled with it. */
export async function withDependents(
  transaction: Transaction,
  touched: readonly FamilyMember[],
): Promise<readonly FamilyMember[]> {
  const natives = JSON.stringify([...new Set(touched.map(({ nativeId }) => nativeId))])
  const rows = await transaction.all({
    sql: `SELECT DISTINCT o.machine, o.agent, m.native_id FROM marks m JOIN objects o ON o.id = m.object_id
          WHERE m.name = 'relative' AND ${isIndexed('m')} AND m.value IN (SELECT value FROM json_each(?1)) AND m.generation = o.generation
          UNION
          SELECT o.machine, o.agent, m.value FROM sessions s
          JOIN marks m ON m.object_id = s.object_id AND m.generation = s.generation AND m.native_id = s.native_id
            AND m.name = 'spawn'
          JOIN objects o ON o.id = m.object_id
          WHERE s.native_id IN (SELECT value FROM json_each(?1)) AND s.live = 1
            AND s.facts ->> 'startedAt' IS NOT s.started_at AND m.value IS NOT NULL`,
    args: [natives],
  })
  const dependents = rows.map((row) => ({
    machine: String(row[0]),
    agent: String(row[1]),
    nativeId: String(row[2]),
  }))
  const members = [...touched, ...dependents]
  return [...new Map(members.map((member) => [identity(member), member])).values()]
}

/** One text for an identity. */
export function identity({ machine, agent, nativeId }: FamilyMember): string {
  return `${machine}~${agent}~${nativeId}`
}

/** Groups rows by the session they are about, in the order of their first. */
export function groupByIdentity<T extends FamilyMember>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(identity(row))
    if (group === undefined) groups.set(identity(row), [row])
    else group.push(row)
  }
  return groups
}

/** Higher rank, then the larger object, then the smaller key: whatever came first. */
export function leadsFirst(a: SessionRow, b: SessionRow): number {
  return b.rank - a.rank || b.size - a.size || (a.sortKey < b.sortKey ? -1 : 1)
}

function wanted(members: readonly FamilyMember[]): string {
  const distinct = new Map(members.map((member) => [identity(member), member]))
  return JSON.stringify([...distinct.values()].map(({ machine, agent, nativeId }) => [nativeId, machine, agent]))
}

/** The live rows of sessions. */
export async function readRows(
  transaction: Transaction,
  family: readonly FamilyMember[],
): Promise<readonly SessionRow[]> {
  const rows = await transaction.all({
    sql: `SELECT s.id, s.object_id, s.machine, s.agent, s.native_id, o.path, o.parent_from_path, o.rank, o.size,
            o.remote || char(10) || o.bucket || char(10) || o.key, s.facts, s.hidden_ranges, s.lead, s.places,
            s.started_at, s.ended_at, s.generation, s.charged_ranges, s.base_id, s.own_ranges
          FROM json_each(?) AS want
          JOIN sessions s ON s.native_id = want.value ->> 0 AND s.machine = want.value ->> 1
            AND s.agent = want.value ->> 2
          JOIN objects o ON o.id = s.object_id
          WHERE s.live = 1`,
    args: [wanted(family)],
  })
  return rows.map((row) => ({
    id: Number(row[0]),
    objectId: Number(row[1]),
    machine: String(row[2]),
    agent: String(row[3]),
    nativeId: String(row[4]),
    path: String(row[5]),
    parentFromPath: row[6] === null ? null : String(row[6]),
    rank: Number(row[7]),
    size: Number(row[8]),
    sortKey: String(row[9]),
    facts: JSON.parse(String(row[10])) as SessionFields,
    hiddenRanges: String(row[11]),
    lead: Number(row[12]) === 1,
    places: Number(row[13]),
    startedAt: row[14] === null ? null : Number(row[14]),
    endedAt: row[15] === null ? null : Number(row[15]),
    generation: Number(row[16]),
    chargedRanges: String(row[17]),
    baseId: typeof row[18] === 'number' ? row[18] : null,
    ownRanges: typeof row[19] === 'string' ? row[19] : null,
  }))
}

/** Marks about sessions, by all objects of their machine and agent, by offset. */
export async function readMarks(
  transaction: Transaction,
  members: readonly FamilyMember[],
): Promise<readonly StoredMark[]> {
  if (members.length === 0) return []
  const rows = await transaction.all({
    sql: `SELECT m.object_id, o.machine, o.agent, m.native_id, m."offset", m.name, m.key, m.value
          FROM json_each(?) AS want
          JOIN marks m ON m.native_id = want.value ->> 0
          JOIN objects o ON o.id = m.object_id AND o.machine = want.value ->> 1 AND o.agent = want.value ->> 2
          WHERE m.generation = o.generation
          ORDER BY m."offset", o.remote, o.bucket, o.key`,
    args: [wanted(members)],
  })
  return rows.map(toMark)
}

function toMark(row: SqlRow): StoredMark {
  const nativeId = String(row[3])
  return {
    kind: 'mark',
    objectId: Number(row[0]),
    machine: String(row[1]),
    agent: String(row[2]),
    nativeId,
    sessionId: nativeId,
    offset: Number(row[4]),
    name: String(row[5]),
    key: String(row[6]),
    value: row[7] === null || row[7] === undefined ? null : String(row[7]),
  }
}

/** A session that says it started another. */
export type Caller = { readonly sessionId: string; readonly startedAt: number | null } & FamilyMember

/** Sessions that say they started one of these, by the identity of the one they started, earliest first. */
export async function readCallers(
  transaction: Transaction,
  rows: readonly SessionRow[],
): Promise<ReadonlyMap<string, readonly Caller[]>> {
  const natives = JSON.stringify([...new Set(rows.map(({ nativeId }) => nativeId))])
  const found = await transaction.all({
    // The start is taken from the facts: callers of the same batch are not settled yet.
    sql: `SELECT DISTINCT o.machine, o.agent, m.value, m.native_id, s.facts ->> 'startedAt' AS started
          FROM marks m JOIN objects o ON o.id = m.object_id
          LEFT JOIN sessions s ON s.object_id = m.object_id AND s.native_id = m.native_id
            AND s.generation = m.generation
          WHERE m.name = 'spawn' AND ${isIndexed('m')} AND m.value IN (SELECT value FROM json_each(?)) AND m.generation = o.generation
            AND m.native_id <> m.value
          ORDER BY started IS NULL, started, m.native_id`,
    args: [natives],
  })
  return groupByIdentity(
    found.map((row) => ({
      machine: String(row[0]),
      agent: String(row[1]),
      nativeId: String(row[2]),
      sessionId: String(row[3]),
      startedAt: row[4] === null ? null : Number(row[4]),
    })),
  )
}
