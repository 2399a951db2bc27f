import { ByteWriter } from '../base/index.ts'
import type { ByteOffset, Message, SessionPatch, ToolCall, ToolResult } from '../model/index.ts'
import type { PricedUsage, StoredRecord } from './batch.ts'

/**
 * Records as bytes: what a parser gives is written down at once, so that no text of it outlives its line, and goes
 * to the writing thread without being copied. `unpackRecords` reads it back.
 */
export interface PackedRecords {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Words that stand in many records, by the number that stands for them. */
  readonly names: readonly string[]
  readonly patches: readonly SessionPatch[]
  /** Records in all. */
  readonly count: number
}

/** What the first byte of a packed record says it is. */
export const recordKinds = [
  'message',
  'tool-call',
  'tool-result',
  'usage',
  'output',
  'mark',
  'bad-line',
] as const satisfies readonly Exclude<StoredRecord['kind'], 'session'>[]

/** Flags of a packed message. */
export const messageFlags = { isUserTurn: 1, isPrompt: 2, isSidechain: 4 } as const

/** Room that a writer keeps while nothing waits in it. */
const capacity = 2 ** 18
const firstCapacity = 2 ** 13
/** Room that one is given at most before it is known what for. */
const maxCapacity = 2 ** 21
/** Writers that no packer needs now: small objects come by the thousand, and room made anew for each is slow to go. */
const idle: ByteWriter[] = []
const maxIdle = 16

/** Takes the records of one object as they come. */
export interface RecordPacker {
  add(record: StoredRecord): void
  /**
   * Gives the records of lines before an offset, in the order they came, and keeps the rest for later.
   * @param before  null for all
   */
  take(before: ByteOffset | null): PackedRecords
}

type Packable = Exclude<StoredRecord, SessionPatch>

/** Makes the packer of one object. */
export function recordPacker(): RecordPacker {
  /** Lent to this packer while records wait in it; what it was before then is somebody else's. */
  let writer = new ByteWriter(0)
  let isLent = false
  const ids = new Map<string, number>()
  let names: string[] = []
  let patches: SessionPatch[] = []
  /** Offset of the line of each record, and where the record ends. */
  let offsets: number[] = []
  let ends: number[] = []

  const name = (word: string | null): void => {
    if (word === null) {
      writer.count(0)
      return
    }
    let id = ids.get(word)
    if (id === undefined) {
      names.push(word)
      id = names.length
      ids.set(word, id)
    }
    writer.count(id)
  }
  const textOrNull = (text: string | null): void => {
    writer.byte(text === null ? 0 : 1)
    if (text !== null) writer.text(text)
  }
  const place = (record: { readonly sessionId: string; readonly part: number }): void => {
    name(record.sessionId)
    writer.number(record.part)
  }
  const message = (record: Message): void => {
    place(record)
    name(record.role)
    name(record.subtype)
    name(record.model)
    textOrNull(record.uuid)
    writer.number(record.at)
    writer.byte(
      (record.isUserTurn ? messageFlags.isUserTurn : 0) |
        (record.isPrompt ? messageFlags.isPrompt : 0) |
        (record.isSidechain ? messageFlags.isSidechain : 0),
    )
    writer.text(record.text)
    writer.text(record.thinking)
  }
  const toolCall = (record: ToolCall): void => {
    place(record)
    writer.number(record.index)
    textOrNull(record.callId)
    name(record.name)
    name(record.category)
    writer.text(record.input)
  }
  const toolResult = (record: ToolResult): void => {
    place(record)
    writer.text(record.callId)
    writer.byte(Number(record.isError))
    writer.number(record.at)
    textOrNull(record.outputRef ?? null)
    writer.text(record.text)
  }
  const usage = (record: PricedUsage): void => {
    place(record)
    name(record.model)
    name(record.tier)
    textOrNull(record.dedupeKey)
    writer.byte(Number(record.isRelayed))
    writer.number(record.at)
    writer.number(record.input)
    writer.number(record.output)
    writer.number(record.cacheRead)
    writer.number(record.cacheWrite5m)
    writer.number(record.cacheWrite1h)
    writer.number(record.reasoning)
    writer.number(record.webSearches)
    writer.number(record.tokensCost)
    writer.number(record.feeCost)
    writer.number(record.reportedCost)
  }
  const pack = (record: Packable): void => {
    writer.byte(recordKinds.indexOf(record.kind))
    writer.number(record.offset)
    switch (record.kind) {
      case 'message':
        return message(record)
      case 'tool-call':
        return toolCall(record)
      case 'tool-result':
        return toolResult(record)
      case 'usage':
        return usage(record)
      case 'output':
        name(record.ref)
        return writer.text(record.text)
      case 'mark':
        name(record.sessionId)
        name(record.name)
        writer.text(record.key)
        return textOrNull(record.value)
      case 'bad-line':
        writer.number(record.length)
        return name(record.reason)
    }
  }

  return {
    add(record) {
      if (record.kind === 'session') {
        patches.push(record)
        return
      }
      if (!isLent) {
        writer = idle.pop() ?? new ByteWriter(firstCapacity)
        isLent = true
      }
      pack(record)
      offsets.push(record.offset)
      ends.push(writer.length)
    },
    take(before) {
      if (!isLent) {
        const told = patches
        patches = []
        return { bytes: new Uint8Array(0), names: [], patches: told, count: told.length }
      }
      const { bytes, kept } = before === null ? everything() : split(before)
      const packed = { bytes, names, patches, count: offsets.length - kept.length + patches.length }
      patches = []
      names = kept.length > 0 ? [...names] : []
      offsets = kept.map(({ offset }) => offset)
      let end = 0
      ends = kept.map(({ length }) => (end += length))
      if (kept.length === 0) {
        ids.clear()
        if (idle.length < maxIdle) idle.push(writer)
        isLent = false
      }
      return packed
    },
  }

  function everything(): Split {
    // Much of it changes hands as it is; of little, the room would be the larger part.
    const isMuch = writer.length > capacity
    const bytes = isMuch ? writer.handOver(maxCapacity) : writer.slice(0, writer.length)
    writer.clear(capacity)
    return { bytes, kept: [] }
  }

  /** Takes out the records of lines before an offset; the others move to the front. */
  function split(before: ByteOffset): Split {
    const lengths = ends.map((end, at) => end - (ends[at - 1] ?? 0))
    const kept = offsets.flatMap((offset, at) => (offset < before ? [] : [{ offset, length: lengths[at] ?? 0 }]))
    if (kept.length === 0) return everything()
    const firstKept = offsets.findIndex((offset) => offset >= before)
    const start = ends[firstKept - 1] ?? 0
    if (kept.length === offsets.length - firstKept) {
      // Mostly the ready ones stand before all others.
      const bytes = writer.slice(0, start)
      writer.dropFront(start)
      return { bytes, kept }
    }
    const pieces = offsets.map((offset, at) => ({
      isReady: offset < before,
      bytes: writer.slice(ends[at - 1] ?? 0, ends[at] ?? 0),
    }))
    const ready = new ByteWriter(writer.length)
    writer.clear(capacity)
    for (const piece of pieces) (piece.isReady ? ready : writer).append(piece.bytes)
    return { bytes: ready.slice(0, ready.length), kept }
  }
}

interface Split {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Line and length of each record that stays, in order. */
  readonly kept: readonly { readonly offset: ByteOffset; readonly length: number }[]
}
