import type { Mark, SessionFields, SettleInput } from '../model/index.ts'
import type { Settler } from './batch.ts'
import type { SqlRow, Transaction } from './driver.ts'
import type { HiddenRows } from './refresh-sessions.ts'
import { hideRanges, refreshCounts } from './refresh-sessions.ts'
import { usageKeys } from './write-rows.ts'

/** Identity of a session: the rows of all its places share it. */
export interface FamilyMember {
  readonly machine: string
  readonly agent: string
  readonly nativeId: string
}

export interface Settled {
  /** Dedupe keys whose verdict may have changed. */
  readonly usageKeys: readonly string[]
  /** Public ids of settled sessions that stand in exactly one place. */
  readonly firstPlaces: ReadonlySet<string>
}

interface SessionRow extends FamilyMember {
  readonly id: number
  readonly objectId: number
  readonly path: string
  readonly parentFromPath: string | null
  readonly rank: number
  readonly size: number
  readonly sortKey: string
  readonly facts: SessionFields
  readonly hiddenRanges: string
  readonly lead: boolean
  readonly places: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly generation: number
}

interface StoredMark extends Mark, FamilyMember {
  readonly objectId: number
}

/**
 * Concludes sessions from their rows: the format's own `settle`, which of several places leads, what
 * is copied history, and the counts shown in lists. Includes sessions that named a touched one as
 * their relative.
 */
export async function settleSessions(
  transaction: Transaction,
  touched: readonly FamilyMember[],
  settle: Settler,
): Promise<Settled> {
  const family = await withDependents(transaction, touched)
  const rows = await readRows(transaction, family)
  if (rows.length === 0) return { usageKeys: [], firstPlaces: new Set() }
  const marks = groupByIdentity(await readMarks(transaction, rows))
  const relatives = groupByIdentity(await readMarks(transaction, relativesOf(marks)))
  const callers = await readCallers(transaction, rows)

  const updates: (readonly (null | number | string)[])[] = []
  const hidden: HiddenRows[] = []
  const changedHands: number[] = []
  const placesOfSeveral: number[] = []
  const firstPlaces = new Set<string>()
  for (const [key, places] of groupByIdentity(rows)) {
    const [leading] = places.toSorted(leadsFirst)
    const about = marks.get(key) ?? []
    for (const row of places) {
      const own = about.filter((mark) => mark.objectId === row.objectId)
      const input: SettleInput = {
        sessionId: row.nativeId,
        path: row.path,
        parentFromPath: row.parentFromPath,
        fields: row.facts,
        marks: own,
        notes: about.filter((mark) => !places.some((place) => place.objectId === mark.objectId)),
        callers: callers.get(key) ?? [],
        relatives: relativeMarks(row, own, relatives),
      }
      const result = settle(row.agent, input)
      const fields = { ...row.facts, ...result.fields }
      const ranges = JSON.stringify(result.hidden.map(({ from, to }) => [from, to]))
      const isChanged = ranges !== row.hiddenRanges
      if (isChanged || result.hidden.length > 0) hidden.push({ id: row.id, ranges: result.hidden, isChanged })
      const isLead = row === leading
      const startedAt = fields.startedAt ?? null
      const endedAt = fields.endedAt ?? null
      const isChangedHands = isLead !== row.lead || startedAt !== row.startedAt || endedAt !== row.endedAt
      if (isChangedHands) changedHands.push(row.id)
      // A response that only one of several places tells is still booked on the place that leads.
      const isOneOfSeveral = places.length > 1 || row.places > 1
      if (isOneOfSeveral && (isChangedHands || !isLead)) placesOfSeveral.push(row.id)
      updates.push([
        row.id,
        Number(isLead),
        places.length,
        startedAt,
        endedAt,
        fields.project ?? null,
        fields.title ?? null,
        fields.parentId === row.nativeId ? null : (fields.parentId ?? row.parentFromPath),
        fields.relationship ?? null,
        fields.agentLabel ?? null,
        fields.cwd ?? null,
        fields.branch ?? null,
        fields.agentVersion ?? null,
        fields.entrypoint ?? null,
        fields.endState ?? null,
        Number(fields.isTruncated ?? false),
        ranges,
      ])
      if (places.length === 1) firstPlaces.add(`${row.machine}~${row.nativeId}`)
    }
  }
  await writeSettled(transaction, updates)
  await hideRanges(transaction, hidden)
  await refreshCounts(
    transaction,
    rows.map((row) => row.id),
  )
  const keys = [
    ...(await usageKeys(transaction, [...hidden.map(({ id }) => id), ...placesOfSeveral], false)),
    ...(await usageKeys(transaction, changedHands, true)),
  ]
  return { usageKeys: keys, firstPlaces }
}

/** Sessions that asked for a touched one's marks, or were started by one whose start changed, are settled with it. */
async function withDependents(
  transaction: Transaction,
  touched: readonly FamilyMember[],
): Promise<readonly FamilyMember[]> {
  const natives = JSON.stringify([...new Set(touched.map(({ nativeId }) => nativeId))])
  const rows = await transaction.all({
    sql: `SELECT DISTINCT o.machine, o.agent, m.native_id FROM marks m JOIN objects o ON o.id = m.object_id
          WHERE m.name = 'relative' AND m.value IN (SELECT value FROM json_each(?1)) AND m.generation = o.generation
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

function identity({ machine, agent, nativeId }: FamilyMember): string {
  return `${machine}~${agent}~${nativeId}`
}

function groupByIdentity<T extends FamilyMember>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(identity(row))
    if (group === undefined) groups.set(identity(row), [row])
    else group.push(row)
  }
  return groups
}

/** Higher rank, then the larger object, then the smaller key: whatever came first. */
function leadsFirst(a: SessionRow, b: SessionRow): number {
  return b.rank - a.rank || b.size - a.size || (a.sortKey < b.sortKey ? -1 : 1)
}

function wanted(members: readonly FamilyMember[]): string {
  return JSON.stringify(members.map(({ machine, agent, nativeId }) => [nativeId, machine, agent]))
}

async function readRows(transaction: Transaction, family: readonly FamilyMember[]): Promise<readonly SessionRow[]> {
  const rows = await transaction.all({
    sql: `SELECT s.id, s.object_id, s.machine, s.agent, s.native_id, o.path, o.parent_from_path, o.rank, o.size,
            o.remote || char(10) || o.bucket || char(10) || o.key, s.facts, s.hidden_ranges, s.lead, s.places,
            s.started_at, s.ended_at, s.generation
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
  }))
}

async function readMarks(transaction: Transaction, members: readonly FamilyMember[]): Promise<readonly StoredMark[]> {
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

/** Sessions that own marks name as relatives, each once. */
function relativesOf(marks: ReadonlyMap<string, readonly StoredMark[]>): readonly FamilyMember[] {
  const named = [...marks.values()].flat().filter((mark) => mark.name === 'relative' && mark.value !== null)
  const members = named.map(({ machine, agent, value }) => ({ machine, agent, nativeId: value ?? '' }))
  return [...new Map(members.map((member) => [identity(member), member])).values()]
}

function relativeMarks(
  row: SessionRow,
  own: readonly StoredMark[],
  relatives: ReadonlyMap<string, readonly StoredMark[]>,
): ReadonlyMap<string, readonly Mark[]> {
  const found = new Map<string, readonly Mark[]>()
  for (const { name, value } of own) {
    if (name !== 'relative' || value === null || value === row.nativeId) continue
    const theirs = relatives.get(identity({ ...row, nativeId: value }))
    if (theirs !== undefined) found.set(value, theirs)
  }
  return found
}

type Caller = { readonly sessionId: string; readonly startedAt: number | null } & FamilyMember

/** Sessions that say they started one of these, by the identity of the one they started, earliest first. */
async function readCallers(
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
          WHERE m.name = 'spawn' AND m.value IN (SELECT value FROM json_each(?)) AND m.generation = o.generation
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

const settledColumns = [
  'lead',
  'places',
  'started_at',
  'ended_at',
  'project',
  'title',
  'parent_id',
  'relationship',
  'agent_label',
  'cwd',
  'branch',
  'agent_version',
  'entrypoint',
  'end_state',
  'is_truncated',
  'hidden_ranges',
]

async function writeSettled(
  transaction: Transaction,
  updates: readonly (readonly (null | number | string)[])[],
): Promise<void> {
  const columns = settledColumns.map((name, place) => `${name} = new.value ->> ${place + 1}`).join(', ')
  await transaction.run([
    {
      sql: `UPDATE sessions SET ${columns} FROM json_each(?) AS new WHERE sessions.id = new.value ->> 0`,
      args: [JSON.stringify(updates)],
    },
  ])
}
