import { Buffer } from 'node:buffer'

import { ByteReader } from '../base/index.ts'
import type { BadLine, Mark, Message, Output, ToolCall, ToolResult } from '../model/index.ts'
import type { PricedUsage } from './batch.ts'
import { messageFlags, recordKinds } from './pack-records.ts'
import type { PackedRecords } from './pack-records.ts'

/** A long text on its way to its row: bytes of UTF-8 that were never made a string again. */
export interface TextBytes {
  readonly bytes: Uint8Array
  readonly isAscii: boolean
}

/** The text itself. */
export function textOf({ bytes }: TextBytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}

type WithTextBytes<T, K extends keyof T> = Omit<T, K> & { readonly [key in K]: TextBytes }

export type UnpackedMessage = WithTextBytes<Message, 'text' | 'thinking'>
export type UnpackedToolCall = WithTextBytes<ToolCall, 'input'>
export type UnpackedToolResult = WithTextBytes<ToolResult, 'text'>
export type UnpackedOutput = WithTextBytes<Output, 'text'>

/** A record as it was packed, but for its long texts. */
export type UnpackedRecord =
  | UnpackedMessage
  | UnpackedToolCall
  | UnpackedToolResult
  | UnpackedOutput
  | PricedUsage
  | Mark
  | BadLine

/** Reads packed records in their order. */
export function* unpackRecords(packed: PackedRecords): Generator<UnpackedRecord, void> {
  const reader = new ByteReader(packed.bytes)
  const nameOrNull = (): string | null => {
    const id = reader.count()
    return id === 0 ? null : (packed.names[id - 1] ?? broken())
  }
  const name = (): string => nameOrNull() ?? broken()
  const textOrNull = (): string | null => (reader.byte() === 0 ? null : reader.text())
  while (!reader.isAtEnd) {
    const kind = recordKinds[reader.byte()] ?? broken()
    yield recordOf(kind, reader.number(), { reader, name, nameOrNull, textOrNull })
  }
}

interface Fields {
  readonly reader: ByteReader
  name(): string
  nameOrNull(): string | null
  textOrNull(): string | null
}

function recordOf(kind: (typeof recordKinds)[number], offset: number, fields: Fields): UnpackedRecord {
  const { reader, name, textOrNull } = fields
  switch (kind) {
    case 'message':
      return messageOf(offset, fields)
    case 'tool-call':
      return {
        kind,
        offset,
        sessionId: name(),
        part: reader.number(),
        index: reader.number(),
        callId: textOrNull(),
        name: name(),
        category: name(),
        input: reader.textBytes(),
      }
    case 'tool-result':
      return {
        kind,
        offset,
        sessionId: name(),
        part: reader.number(),
        callId: reader.text(),
        isError: reader.byte() === 1,
        at: reader.numberOrNull(),
        outputRef: textOrNull(),
        text: reader.textBytes(),
      }
    case 'usage':
      return usageOf(offset, fields)
    case 'output':
      return { kind, offset, ref: name(), text: reader.textBytes() }
    case 'mark':
      return { kind, offset, sessionId: name(), name: name(), key: reader.text(), value: textOrNull() }
    case 'bad-line':
      return { kind, offset, length: reader.number(), reason: name() as BadLine['reason'] }
  }
}

function messageOf(offset: number, { reader, name, nameOrNull, textOrNull }: Fields): UnpackedRecord {
  const sessionId = name()
  const part = reader.number()
  const role = name() as Message['role']
  const subtype = nameOrNull()
  const model = nameOrNull()
  const uuid = textOrNull()
  const at = reader.numberOrNull()
  const flags = reader.byte()
  return {
    kind: 'message',
    offset,
    sessionId,
    part,
    role,
    subtype,
    model,
    uuid,
    at,
    isUserTurn: (flags & messageFlags.isUserTurn) !== 0,
    isPrompt: (flags & messageFlags.isPrompt) !== 0,
    isSidechain: (flags & messageFlags.isSidechain) !== 0,
    text: reader.textBytes(),
    thinking: reader.textBytes(),
  }
}

function usageOf(offset: number, { reader, name, nameOrNull, textOrNull }: Fields): PricedUsage {
  return {
    kind: 'usage',
    offset,
    sessionId: name(),
    part: reader.number(),
    model: name(),
    tier: nameOrNull(),
    dedupeKey: textOrNull(),
    isRelayed: reader.byte() === 1,
    at: reader.numberOrNull(),
    input: reader.number(),
    output: reader.number(),
    cacheRead: reader.number(),
    cacheWrite5m: reader.number(),
    cacheWrite1h: reader.number(),
    reasoning: reader.number(),
    webSearches: reader.number(),
    tokensCost: reader.numberOrNull(),
    feeCost: reader.number(),
    reportedCost: reader.numberOrNull(),
  }
}

function broken(): never {
  throw new Error('packed records that are not whole')
}
