import type { CommitOptions, Part, PartResult, Settler } from './batch.ts'
import { sortRecords } from './batch.ts'
import { bulkInto } from './bulk-into.ts'
import { countUsage } from './count-usage.ts'
import type { Statement, Transaction } from './driver.ts'
import type { GrowingPart } from './grow-sessions.ts'
import { growSessions, settlesLater } from './grow-sessions.ts'
import type { Archive } from './open.ts'
import * as schema from './schema.ts'
import { dropReplaced, promote } from './replace-rows.ts'
import type { FamilyMember } from './settle-sessions.ts'
import { settleSessions } from './settle-sessions.ts'
import type { PlacedPart } from './write-rows.ts'
import { dropCorrected, rowStatements, usageKey } from './write-rows.ts'

/**
 * Writes parts of any number of objects, at most one part an object, in one transaction: rows,
 * cursors, what settling concludes from them, and which usage counts. A part whose object another
 * program has written to meanwhile is left out and reported as a conflict.
 * @throws AgentsviewError `store.*`; then nothing was written
 */
export function commitParts(
  archive: Archive,
  parts: readonly Part[],
  options: CommitOptions,
  settle: Settler,
): Promise<readonly PartResult[]> {
  return archive.driver.transaction(async (transaction) => {
    const known = await readObjects(transaction, parts)
    const accepted: Part[] = []
    const conflicts: PartResult[] = []
    for (const part of parts) {
      const row = known.rows.get(objectKey(part))
      if ((row?.revision ?? null) === part.expectedRevision) accepted.push(part)
      else conflicts.push(conflict(part))
    }
    if (accepted.length === 0) return conflicts
    const results = await writeAccepted(transaction, accepted, known, options, settle)
    return [...results, ...conflicts]
  })
}

interface ObjectRow {
  readonly id: number
  readonly revision: number
  readonly isComplete: boolean
}

interface KnownObjects {
  readonly rows: ReadonlyMap<string, ObjectRow>
  readonly lastObjectId: number
  readonly lastSessionId: number
  readonly lastMessageId: number
}

function objectKey(part: Part): string {
  return `${part.object.remote}\n${part.object.bucket}\n${part.object.key}`
}

function conflict(part: Part): PartResult {
  return {
    part,
    isConflict: true,
    objectId: 0,
    revision: 0,
    sessionsAdded: [],
    sessionsTouched: [],
    messagesAdded: 0,
    badLines: 0,
  }
}

async function readObjects(transaction: Transaction, parts: readonly Part[]): Promise<KnownObjects> {
  const keys = parts.map(({ object }) => [object.remote, object.bucket, object.key])
  const rows = await transaction.all({
    sql: `SELECT o.remote, o.bucket, o.key, o.id, o.revision, o.complete FROM json_each(?) AS want
          JOIN objects o ON o.remote = want.value ->> 0 AND o.bucket = want.value ->> 1 AND o.key = want.value ->> 2`,
    args: [JSON.stringify(keys)],
  })
  const [last] = await transaction.all({
    sql: `SELECT coalesce((SELECT max(id) FROM objects), 0), coalesce((SELECT max(id) FROM sessions), 0),
            coalesce((SELECT max(id) FROM messages), 0)`,
    args: [],
  })
  return {
    rows: new Map(
      rows.map((row) => [
        [row[0], row[1], row[2]].map(String).join('\n'),
        { id: Number(row[3]), revision: Number(row[4]), isComplete: row[5] === 1 },
      ]),
    ),
    lastObjectId: Number(last?.[0] ?? 0),
    lastSessionId: Number(last?.[1] ?? 0),
    lastMessageId: Number(last?.[2] ?? 0),
  }
}

async function writeAccepted(
  transaction: Transaction,
  parts: readonly Part[],
  known: KnownObjects,
  options: CommitOptions,
  settle: Settler,
): Promise<readonly PartResult[]> {
  let nextObjectId = known.lastObjectId
  const withIds = parts.map((part) => {
    const before = known.rows.get(objectKey(part))
    const objectId = before?.id ?? (nextObjectId += 1)
    return { part, objectId, wasComplete: before?.isComplete ?? false, sorted: sortRecords(part.records) }
  })
  await transaction.run(withIds.map(({ part, objectId }) => upsertObject(part, objectId, options.now)))

  const dropped = await dropReplaced(transaction, withIds)
  const sessionRows = await readSessions(transaction, withIds)
  let nextSessionId = known.lastSessionId
  const newSessions: (null | number | string)[][] = []
  const patches: Statement[] = []
  const placed: GrowingPart[] = withIds.map((item) => {
    const { part, objectId } = item
    const sessionIds = new Map<string, number>()
    const newNatives: string[] = []
    const facts = new Map<string, Record<string, unknown>>()
    for (const patch of item.sorted.patches) {
      facts.set(patch.sessionId, { ...facts.get(patch.sessionId), ...patch.facts })
    }
    for (const nativeId of nativesOf(item)) {
      const row = sessionRows.get(`${objectId}\n${part.generation}\n${nativeId}`)
      const patch = facts.get(nativeId)
      if (row !== undefined) {
        sessionIds.set(nativeId, row)
        if (patch !== undefined) patches.push(patchFacts(row, patch))
        continue
      }
      nextSessionId += 1
      sessionIds.set(nativeId, nextSessionId)
      newNatives.push(nativeId)
      newSessions.push([
        nextSessionId,
        objectId,
        part.generation,
        Number(!part.isStaged),
        0,
        part.place.machine,
        part.place.agent,
        nativeId,
        1,
        0,
        0,
        0,
        0,
        JSON.stringify(patch ?? {}),
        '[]',
      ])
    }
    return { ...item, sessionIds, newNatives }
  })
  const corrected = await dropCorrected(transaction, placed)
  await transaction.run([
    bulkInto(schema.sessions, sessionColumns, newSessions),
    ...patches,
    ...rowStatements(placed, known.lastMessageId + 1),
    bulkInto(
      schema.machines,
      ['name', 'firstSeenAt'],
      [...new Set(parts.map((part) => part.place.machine))].map((name) => [name, options.now]),
      'ON CONFLICT DO NOTHING',
    ),
  ])
  const promoted = await promote(transaction, placed)

  const growing = new Set(placed.filter(settlesLater))
  const doubtful = await growSessions(transaction, [...growing])
  const touched = touchedSessions(placed, growing, [...dropped.members, ...promoted.members])
  const settled = await settleSessions(transaction, touched, settle)
  const mustCheck = new Set([...corrected, ...dropped.keys, ...promoted.keys, ...settled.usageKeys])
  const written = new Set<string>()
  for (const item of placed) {
    const { sorted, part } = item
    const isInDoubt = (part.isStaged && !part.isLast) || doubtful.has(item)
    for (const row of sorted.usage) (isInDoubt ? mustCheck : written).add(usageKey(part, row))
  }
  await countUsage(transaction, written, mustCheck, options.webSearchFee)

  return placed.map(({ part, sorted, objectId, sessionIds, newNatives }) => {
    const publicId = (nativeId: string): string => `${part.place.machine}~${nativeId}`
    const isNewSession = part.generation === 1
    const isNewFork = (id: string): boolean => settled.firstPlaces.has(id)
    const forks = settled.newSplits.flatMap((split) => (split.objectId === objectId ? split.publicId : []))
    return {
      part,
      isConflict: false,
      objectId,
      revision: (part.expectedRevision ?? 0) + 1,
      sessionsAdded: [
        ...(isNewSession ? newNatives.filter((id) => settled.firstPlaces.has(publicId(id))).map(publicId) : []),
        ...forks.filter(isNewFork),
      ],
      sessionsTouched: [...[...sessionIds.keys()].map(publicId), ...forks],
      messagesAdded: sorted.messages.length,
      badLines: sorted.badLines.length,
    }
  })
}

const sessionColumns = [
  'id',
  'objectId',
  'generation',
  'live',
  'lead',
  'machine',
  'agent',
  'nativeId',
  'places',
  'messageCount',
  'userMessageCount',
  'badLines',
  'isTruncated',
  'facts',
  'hiddenRanges',
] as const

function upsertObject(part: Part, objectId: number, now: number): Statement {
  const { object, place, proof } = part
  const isVisible = !part.isStaged || part.isLast
  const staged = isVisible
    ? null
    : JSON.stringify({
        etag: object.etag,
        offset: part.offset,
        proof,
        agentVersion: part.agentVersion,
        resume: part.resume,
        generation: part.generation,
      })
  const cursor = [
    object.etag,
    object.size,
    object.modifiedAt,
    part.agentVersion,
    Number(part.isLast),
    part.offset,
    proof?.length ?? null,
    proof?.hash ?? null,
    JSON.stringify(part.resume),
    part.generation,
  ]
  const identity = [place.machine, place.agent, part.role, place.path, part.nativeId, part.parentFromPath, part.rank]
  if (part.expectedRevision === null) {
    return {
      sql: `INSERT INTO objects (id, remote, bucket, key, etag, size, modified_at, agent_version, complete, "offset",
              proof_length, proof_hash, resume, generation, machine, agent, role, path, native_id, parent_from_path,
              rank, staged, revision, read_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
      args: [objectId, object.remote, object.bucket, object.key, ...cursor, ...identity, staged, now],
    }
  }
  const after = `gone_at = NULL, error_code = NULL, error_message = NULL, error_hint = NULL, error_at = NULL,
    revision = revision + 1, read_at = ? WHERE id = ?`
  if (!isVisible) return { sql: `UPDATE objects SET staged = ?, ${after}`, args: [staged, now, objectId] }
  return {
    sql: `UPDATE objects SET etag = ?, size = ?, modified_at = ?, agent_version = ?, complete = ?, "offset" = ?,
            proof_length = ?, proof_hash = ?, resume = ?, generation = ?, machine = ?, agent = ?, role = ?, path = ?,
            native_id = ?, parent_from_path = ?, rank = ?, staged = NULL, ${after}`,
    args: [...cursor, ...identity, now, objectId],
  }
}

/** Merges facts over the stored ones; a null there means "not told any more". */
function patchFacts(sessionId: number, facts: Readonly<Record<string, unknown>>): Statement {
  return {
    sql: 'UPDATE sessions SET facts = json_patch(facts, ?) WHERE id = ?',
    args: [JSON.stringify(facts), sessionId],
  }
}

type WithId = Pick<GrowingPart, 'part' | 'sorted' | 'objectId' | 'wasComplete'>

/** Sessions that a part has rows of its own for; a mark alone speaks about somebody else's. */
function nativesOf({ sorted, part }: WithId): readonly string[] {
  const natives = new Set<string>()
  if (part.role === 'session' || part.role === 'subagent') natives.add(part.nativeId)
  for (const kind of [sorted.patches, sorted.messages, sorted.toolCalls, sorted.toolResults, sorted.usage]) {
    for (const record of kind) natives.add(record.sessionId)
  }
  return [...natives]
}

async function readSessions(transaction: Transaction, parts: readonly WithId[]): Promise<ReadonlyMap<string, number>> {
  const rows = await transaction.all({
    sql: `SELECT id, object_id, generation, native_id FROM sessions
          WHERE object_id IN (SELECT value FROM json_each(?))`,
    args: [JSON.stringify(parts.map(({ objectId }) => objectId))],
  })
  return new Map(rows.map((row) => [[row[1], row[2], row[3]].map(String).join('\n'), Number(row[0])]))
}

/** Every session that a batch may have changed and that is concluded with it, by identity. */
function touchedSessions(
  parts: readonly PlacedPart[],
  growing: ReadonlySet<PlacedPart>,
  more: readonly FamilyMember[],
): readonly FamilyMember[] {
  const members = new Map(more.map((member) => [`${member.machine}~${member.agent}~${member.nativeId}`, member]))
  for (const placed of parts) {
    const { part, sorted, sessionIds } = placed
    if (part.isStaged && !part.isLast) continue
    const { machine, agent } = part.place
    const add = (nativeId: string): void => {
      if (growing.has(placed) && sessionIds.has(nativeId)) return
      members.set(`${machine}~${agent}~${nativeId}`, { machine, agent, nativeId })
    }
    for (const nativeId of sessionIds.keys()) add(nativeId)
    for (const mark of sorted.marks) {
      add(mark.sessionId)
      if (mark.name === 'spawn' && mark.value !== null) add(mark.value)
    }
  }
  return [...members.values()]
}
