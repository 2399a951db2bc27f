import type { Split } from '../model/index.ts'
import type { SqlRow, Transaction } from './driver.ts'
import { boundsOf } from './refresh-sessions.ts'
import type { SessionRow } from './session-facts.ts'
import { dropSessions } from './write-rows.ts'

/** A split with the row it now has. */
export interface PlacedSplit {
  readonly row: SessionRow
  readonly split: Split
}

export interface Splitting {
  readonly placed: readonly PlacedSplit[]
  readonly newSplits: readonly { readonly objectId: number; readonly publicId: string }[]
  /** Ids, as the agent's own, of splits that are no more. */
  readonly goneNatives: readonly string[]
  /** Rows of sessions whose usage rows may have moved. */
  readonly movedIds: readonly number[]
}

const nothing: Splitting = { placed: [], newSplits: [], goneNatives: [], movedIds: [] }

/** Tables whose rows belong to a session and have a place in its object. */
const movedTables = ['messages', 'tool_calls', 'tool_results', 'usage']

/**
 * Gives every split a session row of its own, with the rows in its ranges; rows of splits that changed or
 * are no more go back to where they came from first.
 */
export async function splitSessions(
  transaction: Transaction,
  wanted: readonly { readonly base: SessionRow; readonly splits: readonly Split[] }[],
): Promise<Splitting> {
  const stored = await readSplits(
    transaction,
    wanted.map(({ base }) => base.id),
  )
  if (stored.length === 0 && wanted.every(({ splits }) => splits.length === 0)) return nothing

  const [last] = await transaction.all({ sql: 'SELECT max(id) FROM sessions', args: [] })
  let lastId = Number(last?.[0] ?? 0)
  const placed: PlacedSplit[] = []
  const newSplits: { objectId: number; publicId: string }[] = []
  const fresh: SessionRow[] = []
  const gone: StoredSplit[] = []
  const changed: StoredSplit[] = []
  for (const { base, splits } of wanted) {
    const known = stored.filter(({ baseId }) => baseId === base.id)
    const isSame = splits.length === known.length && splits.every((split) => known.some((row) => isAt(row, split)))
    if (!isSame) changed.push(...known)
    gone.push(...known.filter((row) => !splits.some(({ sessionId }) => sessionId === row.nativeId)))
    for (const split of splits) {
      const before = known.find(({ nativeId }) => nativeId === split.sessionId)
      const row = before === undefined ? freshRow(base, split, (lastId += 1)) : storedRow(base, before)
      placed.push({ row, split })
      if (before !== undefined) continue
      fresh.push(row)
      newSplits.push({ objectId: base.objectId, publicId: `${base.machine}~${split.sessionId}` })
    }
  }
  await moveBack(transaction, changed)
  await transaction.run(dropSessions(gone.map(({ id }) => id)))
  await addRows(transaction, fresh)
  await moveOut(transaction, placed)
  return {
    placed,
    newSplits,
    goneNatives: gone.map(({ nativeId }) => nativeId),
    movedIds: [...new Set([...placed.map(({ row }) => row.id), ...changed.map(({ baseId }) => baseId)])],
  }
}

interface StoredSplit {
  readonly id: number
  readonly baseId: number
  readonly nativeId: string
  readonly ownRanges: string
  readonly row: SqlRow
}

async function readSplits(transaction: Transaction, baseIds: readonly number[]): Promise<readonly StoredSplit[]> {
  const rows = await transaction.all({
    sql: `SELECT id, base_id, native_id, own_ranges, hidden_ranges, charged_ranges, lead, places, started_at, ended_at
          FROM sessions WHERE base_id IN (SELECT value FROM json_each(?))`,
    args: [JSON.stringify(baseIds)],
  })
  return rows.map((row) => ({
    id: Number(row[0]),
    baseId: Number(row[1]),
    nativeId: String(row[2]),
    ownRanges: String(row[3]),
    row,
  }))
}

function rangesText({ ranges }: Split): string {
  return JSON.stringify(ranges.map(({ from, to }) => [from, to]))
}

function isAt({ nativeId, ownRanges }: StoredSplit, split: Split): boolean {
  return nativeId === split.sessionId && ownRanges === rangesText(split)
}

function freshRow(base: SessionRow, split: Split, id: number): SessionRow {
  const empty = { hiddenRanges: '[]', chargedRanges: '[]', lead: false, places: 1, startedAt: null, endedAt: null }
  return { ...base, ...empty, id, nativeId: split.sessionId, facts: split.fields, baseId: base.id, ownRanges: '[]' }
}

function storedRow(base: SessionRow, { id, nativeId, ownRanges, row }: StoredSplit): SessionRow {
  const [hiddenRanges, chargedRanges, lead, places, startedAt, endedAt] = row.slice(4)
  return {
    ...base,
    id,
    nativeId,
    baseId: base.id,
    ownRanges,
    hiddenRanges: String(hiddenRanges),
    chargedRanges: String(chargedRanges),
    lead: Number(lead) === 1,
    places: Number(places),
    startedAt: typeof startedAt === 'number' ? startedAt : null,
    endedAt: typeof endedAt === 'number' ? endedAt : null,
  }
}

async function moveBack(transaction: Transaction, splits: readonly StoredSplit[]): Promise<void> {
  if (splits.length === 0) return
  const pairs = JSON.stringify(splits.map(({ id, baseId }) => [id, baseId]))
  await transaction.run(
    movedTables.map((table) => ({
      sql: `UPDATE ${table} SET session_id = split.value ->> 1${table === 'tool_results' ? '' : ', hidden = 0'}
            FROM json_each(?) AS split WHERE session_id = split.value ->> 0`,
      args: [pairs],
    })),
  )
}

async function addRows(transaction: Transaction, rows: readonly SessionRow[]): Promise<void> {
  await transaction.run(
    rows.map((row) => ({
      sql: `INSERT INTO sessions (id, object_id, generation, live, lead, machine, agent, native_id, places,
              message_count, user_message_count, bad_lines, is_truncated, facts, hidden_ranges, base_id)
            VALUES (?, ?, ?, 1, 0, ?, ?, ?, 1, 0, 0, 0, 0, '{}', '[]', ?)`,
      args: [row.id, row.objectId, row.generation, row.machine, row.agent, row.nativeId, row.baseId],
    })),
  )
}

/** Rows a parser wrote since stand in the whole session: those in a split's ranges go to the split. */
async function moveOut(transaction: Transaction, placed: readonly PlacedSplit[]): Promise<void> {
  const ranges = placed.flatMap(({ row, split }) =>
    split.ranges.map((range) => [row.id, row.baseId, ...boundsOf(range)]),
  )
  await transaction.run([
    ...movedTables.map((table) => ({
      sql: `UPDATE ${table} SET session_id = part.value ->> 0 FROM json_each(?) AS part
            WHERE session_id = part.value ->> 1 AND "offset" >= part.value ->> 2 AND "offset" < part.value ->> 3`,
      args: [JSON.stringify(ranges)],
    })),
    {
      sql: `UPDATE sessions SET facts = new.value ->> 1, own_ranges = new.value ->> 2 FROM json_each(?) AS new
            WHERE sessions.id = new.value ->> 0`,
      args: [JSON.stringify(placed.map(({ row, split }) => [row.id, JSON.stringify(split.fields), rangesText(split)]))],
    },
  ])
}
