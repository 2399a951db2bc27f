import { AgentsviewError, concatBytes, isFamily } from '../base/index.ts'
import type { ByteOffset, Cursor, ObjectInfo, Place, Proof } from '../model/index.ts'
import { compressionOf, decompress } from '../lines/index.ts'
import type { Work } from '../plan/index.ts'
import { formatOf } from './format-of.ts'
import type { ReadPlan } from './object-reader.ts'
import type { ObjectReading, Parsing, Step } from './object-reading.ts'
import { hashOf } from './recent-bytes.ts'
import type { LongLines } from './long-lines.ts'
import { freeMemory, longLineBytes } from './long-lines.ts'
import type { SyncSource } from './source.ts'
import type { Writer } from './writer.ts'

export type ReadWork = Exclude<Work, { readonly kind: 'keep' }>

export interface ReadDeps {
  readonly source: SyncSource
  readonly writer: Writer
  readonly longLines: LongLines
  readonly parsing: Parsing
  readonly signal: AbortSignal
  onBytes(bytes: number): void
}

/** How reading an object ended. `machine` is its machine, once it is known. */
export type ReadOutcome =
  | { readonly kind: 'appended' | 'reread'; readonly machine: string; readonly isFallback: boolean }
  /** Another program reads this object: it is left to it. */
  | { readonly kind: 'left' }
  /** Its machine's name, told by its metadata, cannot be used. */
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Reads what is new in one object and hands it to the writer.
 * @throws AgentsviewError as `Bucket.open`, and what the writer throws
 */
export async function readObject(work: ReadWork, deps: ReadDeps): Promise<ReadOutcome> {
  if (work.kind === 'append') {
    const outcome = await tryRead(appendPlan(work, deps), work.cursor.proof, deps, work.cursor.machine)
    if (outcome.kind !== 'rewritten') return outcome.kind === 'read' ? { ...outcome, kind: 'appended' } : outcome
    // The bytes before the offset are not what they were: what is stored is of another content.
    return readWhole({ ...work, kind: 'reread', why: 'rewritten' }, deps)
  }
  return readWhole(work, deps)
}

async function readWhole(work: Extract<ReadWork, { kind: 'reread' }>, deps: ReadDeps): Promise<ReadOutcome> {
  const plan = rereadPlan(work, deps)
  const staged = plan.from > 0 ? (work.cursor?.staged?.proof ?? null) : null
  const outcome = await tryRead(plan, staged, deps)
  if (outcome.kind === 'read') return { ...outcome, kind: 'reread' }
  if (outcome.kind !== 'rewritten') return outcome
  const anew = await tryRead({ ...plan, from: 0, state: null, isFresh: true }, null, deps)
  if (anew.kind === 'rewritten') throw new AgentsviewError({ code: 'internal', message: 'a whole read has no proof' })
  return anew.kind === 'read' ? { ...anew, kind: 'reread' } : anew
}

type TryOutcome =
  | { readonly kind: 'read'; readonly machine: string; readonly isFallback: boolean }
  | { readonly kind: 'rewritten' }
  | Extract<ReadOutcome, { kind: 'left' | 'refused' }>

/** @param machineBefore  the machine on which the rows are booked that reading goes on from; null for none */
async function tryRead(
  plan: ReadPlan,
  proof: Proof | null,
  deps: ReadDeps,
  machineBefore: string | null = null,
): Promise<TryOutcome> {
  const opened = await openAt(plan, plan.from - (proof?.length ?? 0), deps)
  if (opened.kind === 'refused') return opened
  const { machine, isFallback } = opened
  if (machineBefore !== null && machineBefore !== machine) {
    await letGo(opened.chunks)
    return { kind: 'rewritten' }
  }
  const checked = await skipProof(opened.chunks, proof)
  if (checked === null) return { kind: 'rewritten' }

  const reading = deps.parsing.open({ ...plan, place: { ...plan.place, machine } }, proof, checked.proofBytes)
  const unpacked = decompress(checked.rest, plan.isCompressed ? compressionOf(plan.object.key) : 'none')
  try {
    const isOurs = await readChunks(reading, unpacked, deps)
    return isOurs ? { kind: 'read', machine, isFallback } : { kind: 'left' }
  } finally {
    reading.close()
  }
}

/** Reads an object to its end. @returns false when another program reads it, too: it is left to that one */
async function readChunks(
  reading: ObjectReading,
  chunks: AsyncIterable<Uint8Array>,
  { writer, longLines, signal, onBytes }: ReadDeps,
): Promise<boolean> {
  /** Lets the next reader have a long line in hand; null while this one has none. */
  let endTurn: (() => void) | null = null
  let isDone = false
  const isOurs = async (steps: readonly Step[]): Promise<boolean> => {
    for (const { part, bytes, openLineBytes, ...step } of steps) {
      isDone ||= step.isDone
      if (openLineBytes > longLineBytes) endTurn ??= await longLines.take()
      if (part === null) continue
      if (!(await writer.submit(part, bytes))) return false
      if (endTurn === null) continue
      await writer.drain()
      freeMemory()
      endTurn()
      endTurn = null
    }
    return true
  }
  try {
    for await (const chunk of chunks) {
      if (signal.aborted) throw cancelled()
      onBytes(chunk.length)
      if (!(await isOurs(await reading.push(chunk)))) return false
      if (isDone) break
    }
    return await isOurs(await reading.end())
  } finally {
    ;(endTurn as (() => void) | null)?.()
  }
}

type Opened =
  | {
      readonly kind: 'opened'
      readonly chunks: AsyncIterable<Uint8Array>
      readonly machine: string
      readonly isFallback: boolean
    }
  | Extract<ReadOutcome, { kind: 'refused' }>

/** Opens an object where reading goes on, and learns its machine where the metadata tells it. */
async function openAt(plan: ReadPlan, from: ByteOffset, { source, signal }: ReadDeps): Promise<Opened> {
  const { object, place } = plan
  const { machineFrom, bucket } = source
  if (machineFrom !== null && plan.wasRefused) {
    // Still refused, most likely: that costs a HEAD, not the object.
    const answer = machineFrom(await bucket.head(object, signal))
    if ('refused' in answer) return { kind: 'refused', reason: answer.refused }
  }
  const read = from < object.size ? await bucket.open(object, from, signal) : null
  const chunks = read?.chunks ?? nothing()
  if (machineFrom === null) return { kind: 'opened', chunks, machine: place.machine, isFallback: false }
  const answer = machineFrom(read?.metadata ?? (await bucket.head(object, signal)))
  if (!('refused' in answer)) return { kind: 'opened', chunks, ...answer }
  await letGo(chunks)
  return { kind: 'refused', reason: answer.refused }
}

/** Leaves a body that is not wanted: that gives the connection back. */
async function letGo(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) if (chunk.length > 0) break
}

function appendPlan(work: Extract<ReadWork, { kind: 'append' }>, deps: ReadDeps): ReadPlan {
  const { cursor } = work
  return {
    ...common(work.object, work.place, cursor, deps),
    from: cursor.offset,
    state: cursor.offset === 0 ? null : cursor.resume,
    generation: cursor.generation,
    isStaged: false,
    isFresh: false,
  }
}

function rereadPlan(work: Extract<ReadWork, { kind: 'reread' }>, deps: ReadDeps): ReadPlan {
  const { cursor, object } = work
  const plan = common(object, work.place, cursor, deps)
  if (cursor === null) return { ...plan, from: 0, state: null, generation: 1, isStaged: false, isFresh: true }
  const { staged } = cursor
  const { place } = work
  // What is staged was booked on the machine of its time, which metadata may have changed since.
  const isMoved = cursor.machine !== place.machine || cursor.path !== place.path || cursor.agent !== place.agent
  const goesOn =
    !isMoved &&
    deps.source.machineFrom === null &&
    staged !== null &&
    staged.etag === object.etag &&
    staged.agentVersion === plan.format.version &&
    !plan.isCompressed
  if (goesOn) {
    return {
      ...plan,
      from: staged.offset,
      state: staged.resume,
      generation: staged.generation,
      isStaged: true,
      isFresh: false,
    }
  }
  return { ...plan, from: 0, state: null, generation: cursor.generation + 1, isStaged: true, isFresh: true }
}

function common(
  object: ObjectInfo,
  place: Place,
  cursor: Cursor | null,
  deps: ReadDeps,
): Pick<
  ReadPlan,
  'object' | 'place' | 'about' | 'format' | 'expectedRevision' | 'wasRefused' | 'maxLineBytes' | 'isCompressed'
> {
  const { format, about } = formatOf(place)
  return {
    object,
    place,
    about,
    format,
    expectedRevision: cursor?.revision ?? null,
    wasRefused: cursor?.failed ?? false,
    maxLineBytes: deps.source.maxLineBytes,
    isCompressed: compressionOf(object.key) !== 'none',
  }
}

/** Reads the bytes a proof covers off the front; null when they are not the remembered ones. */
async function skipProof(
  chunks: AsyncIterable<Uint8Array>,
  proof: Proof | null,
): Promise<{ readonly proofBytes: Uint8Array; readonly rest: AsyncIterable<Uint8Array> } | null> {
  if (proof === null) return { proofBytes: new Uint8Array(0), rest: chunks }
  const iterator = chunks[Symbol.asyncIterator]()
  const head: Uint8Array[] = []
  let length = 0
  while (length < proof.length) {
    const next = await iterator.next()
    if (next.done === true) break
    head.push(next.value)
    length += next.value.length
  }
  const joined = concatBytes(head)
  const proofBytes = joined.subarray(0, proof.length)
  if (hashOf(proofBytes) !== proof.hash) {
    await iterator.return?.()
    return null
  }
  return { proofBytes, rest: continued(joined.subarray(proof.length), iterator) }
}

async function* continued(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let isDone = false
  try {
    if (first.length > 0) yield first
    for (;;) {
      const next = await iterator.next()
      isDone = next.done === true
      if (next.done === true) return
      yield next.value
    }
  } finally {
    if (!isDone) await iterator.return?.()
  }
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {
  // An empty object has nothing to ask the bucket for.
}

/** The error a reader ends with when the run was interrupted. */
export function cancelled(): AgentsviewError {
  return new AgentsviewError({
    code: 'cancelled',
    message: 'interrupted; everything committed so far is safe',
    hint: 'run the same command again: it goes on where it stopped',
  })
}

/** True when an object changed between its listing and its reading: the next listing tells. */
export function isChangedMeanwhile(error: unknown): boolean {
  return isFamily(error, 'remote.unreachable') && error.code === 'remote.unreachable.changed'
}
