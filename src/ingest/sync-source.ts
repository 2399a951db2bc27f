import { Readable } from 'node:stream'

import pMap from 'p-map'

import { agentFormat } from '../agents/index.ts'
import { AgentsviewError, isFamily, messageOf } from '../base/index.ts'
import type { Cursor, FailureInfo, ObjectInfo, SyncEvent } from '../model/index.ts'
import { compressionOf } from '../lines/index.ts'
import { isFolderMarker, keyProblem, planObject } from '../plan/index.ts'
import type { PresentObject, Store } from '../store/index.ts'
import type { Account } from './account.ts'
import type { Pricer } from './object-reader.ts'
import type { ReadWork } from './read-object.ts'
import { formatOf, isChangedMeanwhile, readObject } from './read-object.ts'
import type { SyncSource } from './source.ts'
import type { Writer } from './writer.ts'

/** Failures of one kind in a row, with nothing read, after which a remote is given up for this run. */
const hopelessFailures = 16

/** Tells a remote where nothing can be read from one where single objects fail. */
interface Hopeless {
  inRow: number
  read: number
  isGivenUp: boolean
}

/** What a person asked a sync for, beyond its remotes. */
export interface SyncWishes {
  /** Read everything from its start. */
  readonly full: boolean
  /** List and plan only. */
  readonly dryRun: boolean
  /** Stop everything at the first failure. */
  readonly failFast: boolean
  /** Only these machines; null for all. */
  readonly machines: readonly string[] | null
  /** Only objects modified at or after this moment; null for all. */
  readonly modifiedSince: number | null
  /** Stop once this many bytes are planned for the run; null for no limit. */
  readonly maxBytes: number | null
}

export interface SourceDeps {
  readonly source: SyncSource
  readonly store: Store
  readonly writer: Writer
  readonly account: Account
  readonly price: Pricer
  readonly wishes: SyncWishes
  /** Bytes that may still be planned in this run. */
  readonly budget: { left: number }
  readonly signal: AbortSignal
  readonly now: () => number
  onEvent(event: SyncEvent): void
}

/**
 * Lists one remote and reads what is new there. Failures of objects and of the remote are booked in
 * its account; only a failure of the archive or an interruption is thrown.
 */
export async function syncSource(deps: SourceDeps): Promise<void> {
  const { source, account, signal } = deps
  if (source.problem !== null) {
    account.stop(source.problem)
    return
  }
  const cursors = await deps.store.cursors(source.name)
  const queue = new Readable({ objectMode: true, read: () => undefined, highWaterMark: Number.MAX_SAFE_INTEGER })
  const listing = listAll(deps, cursors, (work) => void queue.push(work)).finally(() => void queue.push(null))
  const hopeless: Hopeless = { inRow: 0, read: 0, isGivenUp: false }
  try {
    await pMap(
      queue as AsyncIterable<ReadWork>,
      async (work) => {
        if (signal.aborted || hopeless.isGivenUp) return
        await readOne(work, deps, hopeless)
      },
      { concurrency: source.concurrency },
    )
  } finally {
    await listing
  }
}

async function listAll(
  deps: SourceDeps,
  cursors: ReadonlyMap<string, Cursor>,
  onWork: (work: ReadWork) => void,
): Promise<void> {
  const { source, account, signal, store } = deps
  const unseen = new Map(cursors)
  const present: PresentObject[] = []
  let listed = 0
  try {
    for await (const page of source.bucket.list(signal)) {
      let bytes = 0
      let objects = 0
      for (const object of page) {
        const cursorKey = `${object.bucket}\n${object.key}`
        const cursor = unseen.get(cursorKey) ?? null
        unseen.delete(cursorKey)
        if (cursor !== null) notePresence(object, cursor, present)
        listed += 1
        account.count('listed')
        const work = planOne(object, cursor, deps)
        if (work === null) continue
        bytes += bytesOf(work)
        objects += 1
        if (!deps.wishes.dryRun) onWork(work)
      }
      deps.onEvent({ kind: 'remote-listed', remote: source.name, objects: listed, isComplete: false })
      account.planned(objects, bytes)
      if (objects > 0) deps.onEvent({ kind: 'work-planned', remote: source.name, objects, bytes })
    }
  } catch (error) {
    // An interrupted listing is no failure of the remote; any other makes its picture incomplete.
    if (!signal.aborted) account.stop(failureOf(error))
    return
  }
  deps.onEvent({ kind: 'remote-listed', remote: source.name, objects: listed, isComplete: true })
  if (deps.wishes.dryRun) return
  if (present.length > 0) await store.markPresent(present)
  const gone = [...unseen.values()].filter(
    (cursor) => !cursor.gone && source.prefixes.some((prefix) => cursor.key.startsWith(prefix)),
  )
  account.count('gone', gone.length)
  if (gone.length > 0)
    await store.markGone(
      gone.map((cursor) => cursor.objectId),
      deps.now(),
    )
}

/** Notes an object that is back, or was written again with the bytes that were read. */
function notePresence(object: ObjectInfo, cursor: Cursor, present: PresentObject[]): void {
  const isSame = cursor.etag === object.etag && cursor.size === object.size
  const modifiedAt = isSame ? object.modifiedAt : cursor.modifiedAt
  if (cursor.gone || modifiedAt !== cursor.modifiedAt) present.push({ objectId: cursor.objectId, modifiedAt })
}

/** Bytes a piece of work will ask for, about. */
function bytesOf(work: ReadWork): number {
  return work.object.size - (work.kind === 'append' ? work.cursor.offset : 0)
}

function planOne(object: ObjectInfo, cursor: Cursor | null, deps: SourceDeps): ReadWork | null {
  const { source, account, wishes } = deps
  if (isFolderMarker(object.key, object.size)) return null
  const problem = keyProblem(object.key)
  if (problem !== null) return refuse(account, 'key-refused', `keys that are not fetched: ${problem}`, object.key)
  if (!source.accepts(object.key)) return null
  const located = source.locate(object.key)
  if (located.kind === 'other') return null
  if (located.kind === 'refused') return refuse(account, 'key-refused', located.reason, object.key)
  const { place } = located
  const { machineFrom } = source
  if (wishes.machines !== null && machineFrom === null && !wishes.machines.includes(place.machine)) return null
  if (machineFrom === null) account.machine(place.machine)
  else if (cursor !== null) account.machine(cursor.machine)
  if (located.isFallback && machineFrom === null) noticeFallback(account, source)
  if (object.archivedClass !== undefined && (cursor === null || cursor.etag !== object.etag)) {
    const about = `objects in storage class ${object.archivedClass}, which must be restored before they can be read`
    return refuse(account, 'archived-class', about, object.key)
  }
  if (source.maxObjectBytes !== null && object.size > source.maxObjectBytes) {
    return refuse(account, 'too-large', `objects above max_object_bytes (${source.maxObjectBytes})`, object.key)
  }
  const work = planObject(object, place, cursor, {
    agentVersion: agentFormat(place.agent)?.version ?? 0,
    isCompressed: compressionOf(object.key) !== 'none',
    isMachineInMetadata: machineFrom !== null,
    isFull: wishes.full,
  })
  if (work.kind === 'keep' || (wishes.modifiedSince !== null && object.modifiedAt < wishes.modifiedSince)) {
    account.count('unchanged')
    return null
  }
  return withinBudget(work, deps) ? work : null
}

function withinBudget(work: ReadWork, { budget, account, wishes }: SourceDeps): boolean {
  budget.left -= bytesOf(work)
  if (budget.left >= 0) return true
  account.stop({
    code: 'limit.bytes',
    message: `--max-bytes ${wishes.maxBytes ?? 0} is reached: the rest is left for the next run`,
    hint: 'run the command again, or raise --max-bytes',
  })
  return false
}

function refuse(
  account: Account,
  code: 'key-refused' | 'archived-class' | 'too-large',
  about: string,
  key: string,
): null {
  account.count('refused')
  account.notice(code, about, key)
  return null
}

function noticeFallback(account: Account, source: SyncSource): void {
  account.notice(
    'no-machine-rule',
    `no machine rule fits these objects: their sessions are booked on machine "${source.name}"`,
  )
}

async function readOne(work: ReadWork, deps: SourceDeps, hopeless: Hopeless): Promise<void> {
  const { source, account, signal, writer, price } = deps
  const { object } = work
  const remote = source.name
  deps.onEvent({
    kind: 'object-started',
    remote,
    key: object.key,
    bytes: bytesOf(work),
    why: work.kind === 'reread' ? work.why : 'grown',
  })
  try {
    const outcome = await readObject(work, {
      source,
      writer,
      price,
      signal,
      onBytes: (bytes) => deps.onEvent({ kind: 'bytes-read', remote, key: object.key, bytes }),
    })
    hopeless.inRow = 0
    hopeless.read += 1
    if (outcome.kind === 'refused') {
      account.count('refused')
      account.notice('key-refused', outcome.reason, object.key)
    } else if (outcome.kind !== 'left') {
      account.count(outcome.kind)
      account.machine(outcome.machine)
      if (outcome.isFallback) noticeFallback(account, source)
    }
    deps.onEvent({ kind: 'object-finished', remote, key: object.key })
  } catch (error) {
    if (signal.aborted || isFamily(error, 'store') || !(error instanceof AgentsviewError)) throw error
    await bookFailure(work, error, deps, hopeless)
  }
}

async function bookFailure(
  work: ReadWork,
  error: AgentsviewError,
  deps: SourceDeps,
  hopeless: Hopeless,
): Promise<void> {
  const { account, source, store } = deps
  const { object, place } = work
  const failure = failureOf(error)
  if (isChangedMeanwhile(error)) {
    account.notice('object-changed', 'objects that changed while they were read: the next sync reads them', object.key)
    return
  }
  if (error.code === 'remote.refused.gone') {
    account.count('gone')
    if (work.kind === 'append') await store.markGone([work.cursor.objectId], deps.now())
    return
  }
  if (error.code === 'remote.refused.archived' || error.code === 'remote.refused.kms') {
    account.count('refused')
    account.notice('object-refused', `objects that cannot be read: ${failure.message}`, object.key)
    return
  }
  account.failed(object.key, failure)
  deps.onEvent({ kind: 'object-failed', remote: source.name, key: object.key, error: failure })
  const { about } = formatOf(place)
  // What was read of it before it failed goes first: it would wipe the mark off, or miss its place.
  await deps.writer.drain()
  await store.recordFailures(
    [{ object, place, role: about.role, nativeId: about.sessionId, error: failure }],
    deps.now(),
  )
  hopeless.inRow += 1
  if (deps.wishes.failFast || (hopeless.read === 0 && hopeless.inRow >= hopelessFailures)) {
    hopeless.isGivenUp = true
    account.stop(failure)
  }
}

/** A failure as summaries show it. */
export function failureOf(error: unknown): FailureInfo {
  if (error instanceof AgentsviewError) {
    return { code: error.code, message: error.message, hint: error.hint ?? null }
  }
  return { code: 'internal', message: messageOf(error), hint: null }
}
