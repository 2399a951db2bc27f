import type { AgentFormat, LineParser, ObjectPlace } from '../agents/index.ts'
import type { Json } from '../base/index.ts'
import type { ByteOffset, Line, ObjectInfo, Place, Proof } from '../model/index.ts'
import type { LineSplitter, LongLine } from '../lines/index.ts'
import { isCompleteObject, splitLines } from '../lines/index.ts'
import type { Part, PricedUsage, RecordPacker } from '../store/index.ts'
import type { SessionRecord, Usage } from '../model/index.ts'
import { longLineBytes } from './long-lines.ts'
import type { RecentBytes } from './recent-bytes.ts'
import { recentBytes } from './recent-bytes.ts'

/** How one object is read this time. */
export interface ReadPlan {
  readonly object: ObjectInfo
  readonly place: Place
  readonly about: ObjectPlace
  readonly format: AgentFormat
  /** Reading goes on here; 0 for the start. */
  readonly from: ByteOffset
  readonly state: Json
  readonly expectedRevision: number | null
  readonly generation: number
  readonly isStaged: boolean
  /** Nothing of this generation may be left from before. */
  readonly isFresh: boolean
  readonly maxLineBytes: number
  /** The last try ended without rows: its metadata is asked before its bytes. */
  readonly wasRefused: boolean
  /** Offsets of a packed object are no places in it. */
  readonly isCompressed: boolean
}

export type Pricer = (usage: Usage) => PricedUsage

/** Turns the bytes of one object into parts to commit. */
export interface ObjectReader {
  /** Takes the bytes right before `from`, for the next proof alone. */
  prime(before: Uint8Array): void
  /** Takes bytes from `from` on. */
  push(chunk: Uint8Array): void
  /** Bytes taken since the last cut. */
  readonly waitingBytes: number
  /** Bytes in hand of the line that is not yet finished. */
  readonly openLineBytes: number
  /** Nothing that follows matters: the rest need not be fetched. */
  readonly isDone: boolean
  /** What can be committed now: all rows before the place where reading could go on. */
  cut(): Part
  /** What remains at the end of the object, an unfinished line left for the next time. */
  end(): Part
}

/** Starts reading an object where its plan says. */
export function objectReader(plan: ReadPlan, price: Pricer, packer: RecordPacker, proofOf: Proof | null): ObjectReader {
  const { object, about, place } = plan
  const parser: LineParser = plan.format.open({ ...about, path: place.path }, plan.state)
  const splitter: LineSplitter = splitLines(plan.from, plan.maxLineBytes)
  let recent: RecentBytes = recentBytes(plan.from)
  let waitingBytes = 0
  let nextOffset = plan.from
  let from = plan.from
  let isFirst = plan.isFresh
  let proof = proofOf

  const keep = (fresh: readonly SessionRecord[]): void => {
    for (const record of fresh) packer.add(record.kind === 'usage' ? price(record) : record)
  }
  // A sidecar is no lines: its bytes go to the parser as they come.
  const isInPieces = about.role === 'sidecar'
  const takePiece = (bytes: Uint8Array): void => {
    keep(parser.push({ offset: nextOffset, bytes }))
    nextOffset += bytes.length
  }
  const take = (line: Line | LongLine): void => {
    if (line.bytes === null) {
      packer.add({ kind: 'bad-line', offset: line.offset, length: line.length, reason: 'too-long' })
      nextOffset = line.offset + line.length + 1
      return
    }
    nextOffset = line.offset + line.bytes.length + 1
    if (line.bytes.length > 0) keep(parser.push(line))
  }
  const part = (isLast: boolean, flushed: readonly SessionRecord[]): Part => {
    const resumed = parser.resume()
    const reached = resumed.offset ?? nextOffset
    // Offsets in a packed object count unpacked bytes: its size says nothing about them.
    const offset = plan.isCompressed ? reached : Math.min(reached, object.size)
    keep(isLast ? flushed : flushed.filter(({ kind }) => kind === 'session'))
    // Rows of lines that will be pushed again wait with them, unless this is all there is.
    const records = [packer.take(isLast ? null : offset)]
    proof = plan.isCompressed ? null : (recent.proofAt(offset) ?? proof)
    const cutPart: Part = {
      object,
      place,
      role: about.role,
      nativeId: about.sessionId,
      parentFromPath: about.parentId,
      rank: about.rank,
      expectedRevision: plan.expectedRevision,
      generation: plan.generation,
      isStaged: plan.isStaged,
      isFirst,
      isLast,
      from,
      records,
      offset,
      proof,
      resume: resumed.state,
      agentVersion: plan.format.version,
    }
    isFirst = false
    from = offset
    waitingBytes = 0
    return cutPart
  }

  return {
    prime(before) {
      recent = recentBytes(plan.from - before.length)
      recent.push(before)
    },
    push(chunk) {
      waitingBytes += chunk.length
      if (!plan.isCompressed) recent.push(chunk)
      if (isInPieces) takePiece(chunk)
      else for (const line of splitter.push(chunk)) take(line)
      if (splitter.heldBytes > longLineBytes) recent.thin(nextOffset)
    },
    get waitingBytes() {
      return waitingBytes
    },
    get openLineBytes() {
      return splitter.heldBytes
    },
    get isDone() {
      return parser.isDone === true
    },
    cut: () => part(false, parser.flush('whole')),
    end() {
      const tail = splitter.tail()
      if (tail === null) return part(true, parser.flush('whole'))
      if (tail.bytes !== null && isCompleteObject(tail.bytes)) {
        keep(parser.push({ offset: tail.offset, bytes: tail.bytes }))
        nextOffset = tail.offset + tail.bytes.length
        return part(true, parser.flush('whole'))
      }
      return part(true, parser.flush('unfinished'))
    },
  }
}
