import type { Mark, SessionFields, SettleInput, SettleResult } from '../model/index.ts'
import { projectNamer } from '../model/index.ts'
import type { Settler } from './batch.ts'
import type { Transaction } from './driver.ts'
import { readProjectRules } from './project-rules.ts'
import { readPeerMembers, readPeers } from './read-peers.ts'
import type { HiddenRows } from './refresh-sessions.ts'
import { hideRanges, refreshCounts } from './refresh-sessions.ts'
import type { FamilyMember, SessionRow, StoredMark } from './session-facts.ts'
import {
  groupByIdentity,
  identity,
  leadsFirst,
  readCallers,
  readMarks,
  readRows,
  withDependents,
} from './session-facts.ts'
import type { Splitting } from './split-sessions.ts'
import { splitSessions } from './split-sessions.ts'
import { usageKeys } from './write-rows.ts'

export type { FamilyMember } from './session-facts.ts'

export interface Settled {
  /** Dedupe keys whose verdict may have changed. */
  readonly usageKeys: readonly string[]
  /** Public ids of settled sessions that stand in exactly one place. */
  readonly firstPlaces: ReadonlySet<string>
  /** Sessions that were split from one of an object just now. */
  readonly newSplits: Splitting['newSplits']
}

/** What was concluded of one row. */
interface Outcome {
  readonly row: SessionRow
  readonly fields: SessionFields
  readonly hidden: SettleResult['hidden']
  readonly charged: SettleResult['hidden']
}

/**
 * Concludes sessions from their rows: the format's own `settle`, which of several places leads, what
 * is copied history, which parts are sessions of their own, and the counts shown in lists. Includes
 * sessions that named a touched one as their relative, and those that may be copies of one.
 */
export async function settleSessions(
  transaction: Transaction,
  touched: readonly FamilyMember[],
  settle: Settler,
): Promise<Settled> {
  const dependents = await withDependents(transaction, touched)
  const peers = await readPeerMembers(transaction, dependents)
  const family = new Map([...dependents, ...peers].map((member) => [identity(member), member]))
  const rows = await readRows(transaction, [...family.values()])
  if (rows.length === 0) return { usageKeys: [], firstPlaces: new Set(), newSplits: [] }
  const whole = rows.filter(({ baseId }) => baseId === null)
  const inputs = await inputsOf(transaction, whole, peers)
  const results = whole.map((row, at) => {
    const input = inputs[at]
    return { row, result: input === undefined ? { fields: {}, hidden: [] } : settle(row.agent, input) }
  })
  const splitting = await splitSessions(
    transaction,
    results.map(({ row, result }) => ({ base: row, splits: result.splits ?? [] })),
  )
  const outcomes: Outcome[] = [
    ...results.map(({ row, result }) => ({
      row,
      fields: { ...row.facts, ...result.fields },
      hidden: result.hidden,
      charged: result.charged ?? [],
    })),
    ...splitting.placed.map(({ row, split }) => ({ row, fields: split.fields, hidden: [], charged: split.charged })),
  ]
  const others = await readOthers(transaction, rows, splitting, whole)
  const leading = leadingOf([...outcomes.map(({ row }) => row), ...others])
  return { ...(await writeOutcomes(transaction, outcomes, others, leading, splitting)), newSplits: splitting.newSplits }
}

/** What `settle` is asked, for each row. */
async function inputsOf(
  transaction: Transaction,
  rows: readonly SessionRow[],
  peerMembers: Parameters<typeof readPeers>[1],
): Promise<readonly SettleInput[]> {
  const marks = groupByIdentity(await readMarks(transaction, rows))
  const relatives = groupByIdentity(await readMarks(transaction, relativesOf(marks)))
  const callers = await readCallers(transaction, rows)
  const peers = await readPeers(transaction, peerMembers, rows)
  const places = groupByIdentity(rows)
  return rows.map((row) => {
    const about = marks.get(identity(row)) ?? []
    const own = about.filter((mark) => mark.objectId === row.objectId)
    return {
      sessionId: row.nativeId,
      path: row.path,
      parentFromPath: row.parentFromPath,
      fields: row.facts,
      marks: own,
      notes: about.filter((mark) => !places.get(identity(row))?.some((place) => place.objectId === mark.objectId)),
      callers: callers.get(identity(row)) ?? [],
      relatives: relativeMarks(row, own, relatives),
      peers: peers.get(row.id) ?? [],
    }
  })
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

/** Other rows of sessions whose places may have changed: they may lead now, or no longer. */
async function readOthers(
  transaction: Transaction,
  rows: readonly SessionRow[],
  splitting: Splitting,
  whole: readonly SessionRow[],
): Promise<readonly SessionRow[]> {
  const settled = new Set([...whole, ...splitting.placed.map(({ row }) => row)].map(({ id }) => id))
  const known = rows.filter(({ id, nativeId }) => !settled.has(id) && !splitting.goneNatives.includes(nativeId))
  const natives = new Set([...splitting.placed.map(({ row }) => row.nativeId), ...splitting.goneNatives])
  if (natives.size === 0) return known
  const machines = new Map(whole.map((row) => [`${row.machine}~${row.agent}`, row]))
  const asked = [...machines.values()].flatMap((row) => [...natives].map((nativeId) => ({ ...row, nativeId })))
  const found = (await readRows(transaction, asked)).filter(({ id }) => !settled.has(id))
  return [...new Map([...known, ...found].map((row) => [row.id, row])).values()]
}

interface Leading {
  readonly lead: boolean
  readonly places: number
}

function leadingOf(rows: readonly SessionRow[]): ReadonlyMap<number, Leading> {
  const leading = new Map<number, Leading>()
  for (const places of groupByIdentity(rows).values()) {
    const [first] = places.toSorted(leadsFirst)
    for (const row of places) leading.set(row.id, { lead: row === first, places: places.length })
  }
  return leading
}

async function writeOutcomes(
  transaction: Transaction,
  outcomes: readonly Outcome[],
  others: readonly SessionRow[],
  leading: ReadonlyMap<number, Leading>,
  { movedIds }: Splitting,
): Promise<Omit<Settled, 'newSplits'>> {
  const projectOf = projectNamer(await readProjectRules(transaction))
  const updates: (readonly (null | number | string)[])[] = []
  const hiding: HiddenRows[] = []
  const changedHands: number[] = []
  const placesOfSeveral: number[] = []
  const firstPlaces = new Set<string>()
  const noteLead = (row: SessionRow, isTimeChanged: boolean): Leading => {
    const place = leading.get(row.id) ?? { lead: row.lead, places: row.places }
    const isChangedHands = place.lead !== row.lead || isTimeChanged
    if (isChangedHands) changedHands.push(row.id)
    // A response that only one of several places tells is still booked on the place that leads.
    const isOneOfSeveral = place.places > 1 || row.places > 1
    if (isOneOfSeveral && (isChangedHands || !place.lead)) placesOfSeveral.push(row.id)
    if (place.places === 1) firstPlaces.add(`${row.machine}~${row.nativeId}`)
    return place
  }
  for (const { row, fields, hidden, charged } of outcomes) {
    const ranges = [hidden, charged].map((list) => JSON.stringify(list.map(({ from, to }) => [from, to])))
    const isChanged = ranges[0] !== row.hiddenRanges || ranges[1] !== row.chargedRanges
    if (isChanged || hidden.length + charged.length > 0) hiding.push({ id: row.id, hidden, charged, isChanged })
    const startedAt = fields.startedAt ?? null
    const endedAt = fields.endedAt ?? null
    const place = noteLead(row, startedAt !== row.startedAt || endedAt !== row.endedAt)
    updates.push([
      row.id,
      Number(place.lead),
      place.places,
      startedAt,
      endedAt,
      projectOf(fields.project ?? null, fields.cwd ?? null),
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
      ...ranges,
    ])
  }
  const led = others.map((row) => {
    const place = noteLead(row, false)
    return [row.id, Number(place.lead), place.places]
  })
  await writeSettled(transaction, updates, settledColumns)
  await writeSettled(transaction, led, settledColumns.slice(0, 2))
  await hideRanges(transaction, hiding)
  await refreshCounts(
    transaction,
    outcomes.map(({ row }) => row.id),
  )
  const mustCheck = [...hiding.map(({ id }) => id), ...placesOfSeveral, ...movedIds]
  const keys = [
    ...(await usageKeys(transaction, mustCheck, false)),
    ...(await usageKeys(transaction, changedHands, true)),
  ]
  return { usageKeys: keys, firstPlaces }
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
  'charged_ranges',
]

async function writeSettled(
  transaction: Transaction,
  updates: readonly (readonly (null | number | string)[])[],
  names: readonly string[],
): Promise<void> {
  if (updates.length === 0) return
  const columns = names.map((name, place) => `${name} = new.value ->> ${place + 1}`).join(', ')
  await transaction.run([
    {
      sql: `UPDATE sessions SET ${columns} FROM json_each(?) AS new WHERE sessions.id = new.value ->> 0`,
      args: [JSON.stringify(updates)],
    },
  ])
}
