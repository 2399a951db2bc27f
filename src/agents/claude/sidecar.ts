import { type Json, type JsonObject, cleanText, isObject } from '../../base/index.ts'
import type { Line, SessionRecord } from '../../model/index.ts'
import type { LineParser, ObjectContext } from '../agent.ts'
import { cleanString, cutBytes } from '../shared/index.ts'
import { idOf } from './ids.ts'
import { refOfSidecar } from './outputs.ts'

/** Bytes of an output that are kept. */
const maxOutputBytes = 16 * 2 ** 20
const maxMetaBytes = 64 * 2 ** 10
const cutMarker = '\n[output cut after 16 MiB]'
const maxTitleBytes = 1024

/**
 * Reads an output that was too large for its log, piece by piece, as text; line breaks stay as they are.
 * A character cut in two at the end of a piece waits for the next one.
 */
export class OutputParser implements LineParser {
  readonly #ref: string
  readonly #limit: number
  #held: Uint8Array = new Uint8Array(0)
  /** Where the next byte belongs that is not yet given out. */
  #next: number
  isDone = false

  constructor(context: ObjectContext, saved: Json, limit = maxOutputBytes) {
    this.#ref = refOfSidecar(context.path)
    this.#limit = limit
    this.#next = typeof saved === 'number' ? saved : 0
  }

  push({ bytes }: Line): readonly SessionRecord[] {
    if (this.isDone) return []
    const all = Buffer.concat([this.#held, bytes])
    const room = this.#limit - this.#next
    this.isDone = all.length > room
    const kept = all.subarray(0, room)
    const end = kept.length - openBytes(kept)
    const records: SessionRecord[] = []
    if (end > 0) records.push(this.#piece(this.#next, cleanText(kept.toString('utf8', 0, end))))
    this.#next += end
    this.#held = kept.subarray(end)
    if (this.isDone) {
      this.#next = this.#limit
      records.push(this.#piece(this.#limit, cutMarker))
    }
    return records
  }

  flush(): readonly SessionRecord[] {
    return []
  }

  resume(): { readonly offset: number; readonly state: Json } {
    return { offset: this.#next, state: this.#next }
  }

  #piece(offset: number, text: string): SessionRecord {
    return { kind: 'output', offset, ref: this.#ref, text }
  }
}

/** Bytes at the end that begin a character which is not complete. */
function openBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? back : 0
  }
  return 0
}

/** Reads what is told of a subagent beside its log; a small file that is always read whole. */
export class MetaParser implements LineParser {
  readonly #context: ObjectContext
  #bytes: Uint8Array = new Uint8Array(0)

  constructor(context: ObjectContext) {
    this.#context = context
  }

  get isDone(): boolean {
    return this.#bytes.length > maxMetaBytes
  }

  push({ bytes }: Line): readonly SessionRecord[] {
    if (!this.isDone) this.#bytes = Buffer.concat([this.#bytes, bytes])
    return []
  }

  flush(): readonly SessionRecord[] {
    const meta = this.isDone ? null : objectIn(this.#bytes)
    if (meta === null) return []
    const { sessionId, parentId } = this.#context
    const about = (name: string, value: string | null): SessionRecord[] =>
      value === null ? [] : [{ kind: 'mark', sessionId, offset: 0, name, key: '', value }]
    const description = cleanString(meta['description'])?.replace(/\s+/g, ' ').trim()
    const callId = idOf(meta['toolUseId'])
    const spawn: SessionRecord[] =
      callId === null || parentId === null
        ? []
        : [{ kind: 'mark', sessionId: parentId, offset: 0, name: 'spawn', key: callId, value: sessionId }]
    return [
      ...about('label', idOf(meta['agentType'])),
      ...about('description', description === undefined ? null : cutBytes(description, maxTitleBytes)),
      ...spawn,
    ]
  }

  resume(): { readonly offset: number; readonly state: Json } {
    return { offset: 0, state: null }
  }
}

function objectIn(bytes: Uint8Array): JsonObject | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isObject(value) ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** A parser for an object that speaks about a session without being its log. */
export function openSidecar(context: ObjectContext, saved: Json): LineParser {
  const isMeta = /\.meta\.json(?:\.gz|\.zst)?$/.test(context.path) && !context.path.includes('/tool-results/')
  return isMeta ? new MetaParser(context) : new OutputParser(context, saved)
}
