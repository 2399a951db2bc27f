import type { Json } from '../base/index.ts'
import type {
  BadLine,
  ByteOffset,
  Mark,
  NanoUsd,
  ObjectInfo,
  ObjectRole,
  Place,
  Proof,
  SessionPatch,
  SessionRecord,
  SettleInput,
  SettleResult,
  Usage,
} from '../model/index.ts'
import type { PackedRecords } from './pack-records.ts'
import type {
  UnpackedMessage,
  UnpackedOutput,
  UnpackedRecord,
  UnpackedToolCall,
  UnpackedToolResult,
} from './unpack-records.ts'
import { unpackRecords } from './unpack-records.ts'

/** A usage record with its price, ready to be stored. */
export interface PricedUsage extends Usage {
  /** Null when the model has no price. */
  readonly tokensCost: NanoUsd | null
  readonly feeCost: NanoUsd
}

export type StoredRecord = Exclude<SessionRecord, Usage> | PricedUsage

/** Rows of one object together with the cursor that covers them: written whole or not at all. */
export interface Part {
  readonly object: ObjectInfo
  readonly place: Place
  readonly role: ObjectRole
  readonly nativeId: string
  readonly parentFromPath: string | null
  readonly rank: number
  /** The object's revision this part builds on; null for an object that is not in the archive yet. */
  readonly expectedRevision: number | null
  readonly generation: number
  /** The generation is filled while an older one is still shown. */
  readonly isStaged: boolean
  /** First part of this generation: whatever an interrupted try left of it goes. */
  readonly isFirst: boolean
  /** Last part: the object was read to its end; a staged generation now takes the older one's place. */
  readonly isLast: boolean
  /** Rows at or after this offset, from an earlier sync, were provisional and are replaced. */
  readonly from: ByteOffset
  /** What lies before `offset`, in the order it was read. */
  readonly records: readonly PackedRecords[]
  readonly offset: ByteOffset
  readonly proof: Proof | null
  readonly resume: Json
  readonly agentVersion: number
}

/** Concludes one session from its rows; `settle` of its format, or nothing where a format has none. */
export type Settler = (agent: string, input: SettleInput) => SettleResult

/** What a commit needs besides its parts; plain data, so that it can cross to another thread. */
export interface CommitOptions {
  /** Nano-dollars of one web search. */
  readonly webSearchFee: NanoUsd
  readonly now: number
}

/** What a commit did for one part. */
export interface PartResult {
  readonly part: Part
  /** Another program committed to this object meanwhile: nothing of the part was written. */
  readonly isConflict: boolean
  readonly objectId: number
  readonly revision: number
  /** Public ids of sessions that are new, and of those that changed. */
  readonly sessionsAdded: readonly string[]
  readonly sessionsTouched: readonly string[]
  readonly messagesAdded: number
  readonly badLines: number
}

/** Records of a part by their kind. */
export interface SortedRecords {
  readonly patches: readonly SessionPatch[]
  readonly messages: readonly UnpackedMessage[]
  readonly toolCalls: readonly UnpackedToolCall[]
  readonly toolResults: readonly UnpackedToolResult[]
  readonly usage: readonly PricedUsage[]
  readonly outputs: readonly UnpackedOutput[]
  readonly marks: readonly Mark[]
  readonly badLines: readonly BadLine[]
}

/**
 * Unpacks records and sorts them by kind, keeping their order; of two for the same place the later one stands,
 * where the earlier one stood.
 */
export function sortRecords(packed: readonly PackedRecords[]): SortedRecords {
  const sorted = {
    messages: new Map<string, UnpackedMessage>(),
    toolCalls: new Map<string, UnpackedToolCall>(),
    toolResults: new Map<string, UnpackedToolResult>(),
    usage: new Map<string, PricedUsage>(),
    outputs: new Map<string, UnpackedOutput>(),
    marks: new Map<string, Mark>(),
    badLines: new Map<string, BadLine>(),
  }
  for (const piece of packed) {
    for (const record of unpackRecords(piece)) {
      const key = recordKey(record)
      switch (record.kind) {
        case 'message':
          sorted.messages.set(key, record)
          break
        case 'tool-call':
          sorted.toolCalls.set(key, record)
          break
        case 'tool-result':
          sorted.toolResults.set(key, record)
          break
        case 'usage':
          sorted.usage.set(key, record)
          break
        case 'output':
          sorted.outputs.set(key, record)
          break
        case 'mark':
          sorted.marks.set(key, record)
          break
        case 'bad-line':
          sorted.badLines.set(key, record)
          break
      }
    }
  }
  return {
    patches: packed.flatMap(({ patches }) => patches),
    messages: [...sorted.messages.values()],
    toolCalls: [...sorted.toolCalls.values()],
    toolResults: [...sorted.toolResults.values()],
    usage: [...sorted.usage.values()],
    outputs: [...sorted.outputs.values()],
    marks: [...sorted.marks.values()],
    badLines: [...sorted.badLines.values()],
  }
}

/** The key a record has among its own kind. */
function recordKey(record: UnpackedRecord): string {
  switch (record.kind) {
    case 'bad-line':
    case 'output':
      return String(record.offset)
    case 'mark':
      return `${record.sessionId}\n${record.offset}\n${record.name}\n${record.key}`
    case 'tool-call':
      return `${record.sessionId}\n${record.offset}\n${record.part}\n${record.index}`
    case 'tool-result':
      return `${record.sessionId}\n${record.callId}\n${record.offset}\n${record.part}`
    case 'message':
    case 'usage':
      return `${record.sessionId}\n${record.offset}\n${record.part}`
  }
}
