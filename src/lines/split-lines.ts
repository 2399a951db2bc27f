import { Buffer } from 'node:buffer'
import type { ByteOffset, Line } from '../model/index.ts'
import { concatBytes } from '../base/index.ts'

/** A line longer than the limit: its bytes were let go. */
export interface LongLine {
  readonly offset: ByteOffset
  /** Bytes of the line, newline not counted. */
  readonly length: number
  readonly bytes: null
}

/** What stands after the last newline. */
export type Tail = { readonly offset: ByteOffset; readonly bytes: Uint8Array } | LongLine

const newline = 0x0a

/** A line that grows beyond this is gathered in one place as it comes: joining its pieces at its end takes twice its bytes. */
const gatheredBytes = 4 * 2 ** 20

/** Cuts byte chunks into lines; a newline byte never stands inside a UTF-8 sequence, so no decoding is needed. */
export interface LineSplitter {
  /** Lines that end in this chunk, each with the offset of its first byte. */
  push(chunk: Uint8Array): Generator<Line | LongLine, void>
  /** Bytes held of the line that is not yet finished. */
  readonly heldBytes: number
  /** The unfinished line at the end; null when the last byte was a newline (or there was none). */
  tail(): Tail | null
}

/**
 * @param start  offset of the first byte that will be pushed
 * @param maxLineBytes  a longer line is let go as it streams, and reported when it ends
 */
export function splitLines(start: ByteOffset, maxLineBytes: number): LineSplitter {
  let lineStart = start
  let held: Uint8Array[] = []
  let heldBytes = 0
  let isTooLong = false
  /** All that is held, at its front. Pages of it that are never written to take no memory. */
  let gathered: Uint8Array | null = null

  const hold = (piece: Uint8Array): void => {
    const before = heldBytes
    heldBytes += piece.length
    isTooLong ||= heldBytes > maxLineBytes
    if (isTooLong) {
      held = []
      gathered = null
    } else if (gathered !== null) gathered.set(piece, before)
    else if (heldBytes > gatheredBytes) {
      gathered = Buffer.allocUnsafeSlow(maxLineBytes)
      let at = 0
      for (const part of [...held, piece]) {
        gathered.set(part, at)
        at += part.length
      }
      held = []
    } else if (piece.length > 0) held.push(piece)
  }
  const whole = (): Uint8Array => gathered?.subarray(0, heldBytes) ?? concatBytes(held)
  const take = (): Line | LongLine => {
    const line = isTooLong
      ? { offset: lineStart, length: heldBytes, bytes: null }
      : { offset: lineStart, bytes: whole() }
    lineStart += heldBytes + 1
    held = []
    gathered = null
    heldBytes = 0
    isTooLong = false
    return line
  }

  return {
    *push(chunk) {
      let from = 0
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
        hold(chunk.subarray(from, at))
        yield take()
        from = at + 1
      }
      hold(chunk.subarray(from))
    },
    get heldBytes() {
      return isTooLong ? 0 : heldBytes
    },
    tail() {
      if (heldBytes === 0) return null
      if (isTooLong) return { offset: lineStart, length: heldBytes, bytes: null }
      return { offset: lineStart, bytes: whole() }
    },
  }
}

/**
 * True when bytes without a newline are a complete JSON object. No such object is the beginning of a
 * longer one, so a last line like this may be used before its newline arrives.
 */
export function isCompleteObject(bytes: Uint8Array): boolean {
  if (bytes.at(-1) === undefined) return false
  const text = new TextDecoder().decode(bytes).trim()
  if (!text.startsWith('{') || !text.endsWith('}')) return false
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
