import { Buffer, isAscii } from 'node:buffer'
import { type JsonObject, isObject } from '../../base/index.ts'
import type { BadLine, Line } from '../../model/index.ts'

/**
 * What one line holds. `blank` is an empty line, `other` valid JSON that is no object (it says
 * nothing), `bad` anything else. `text` is the JSON text `value` was parsed from.
 */
export type DecodedLine =
  | { readonly kind: 'object'; readonly value: JsonObject; readonly text: string }
  | { readonly kind: 'blank' | 'other' | 'bad' }

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
const byteOrderMark = '\uFEFF'
const replacement = '\uFFFD'

/**
 * Reads one JSON line: drops one trailing carriage return and a byte order mark at the object's very
 * start; bytes that are not UTF-8 vanish. A line of nothing but spaces is bad, not blank.
 */
export function decodeLine(line: Line): DecodedLine {
  const bytes = withoutReturn(line.bytes)
  if (bytes.length === 0) return { kind: 'blank' }
  const decoded = decodeUtf8(bytes)
  const text = line.offset === 0 && decoded.startsWith(byteOrderMark) ? decoded.slice(1) : decoded
  if (text === '') return { kind: 'blank' }
  const value = parse(text)
  if (value === undefined) return { kind: 'bad' }
  return isObject(value) ? { kind: 'object', value, text } : { kind: 'other' }
}

/** The record of a line that is no JSON. */
export function badLine(line: Line): BadLine {
  return { kind: 'bad-line', offset: line.offset, length: line.bytes.length, reason: 'invalid-json' }
}

function withoutReturn(bytes: Uint8Array): Uint8Array {
  return bytes[bytes.length - 1] === 0x0d ? bytes.subarray(0, -1) : bytes
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  // Most lines are ASCII, and telling so is far cheaper than decoding: one byte is one character then.
  if (isAscii(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  try {
    return strict.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return decodeBroken(bytes)
    throw error
  }
}

/** A replacement character that the log really holds is kept; those of the decoder are removed. */
function decodeBroken(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const genuine = Buffer.from(replacement)
  const parts: string[] = []
  let from = 0
  for (let at = buffer.indexOf(genuine); at !== -1; at = buffer.indexOf(genuine, from)) {
    parts.push(lenient.decode(buffer.subarray(from, at)).replaceAll(replacement, ''))
    from = at + genuine.length
  }
  parts.push(lenient.decode(buffer.subarray(from)).replaceAll(replacement, ''))
  return parts.join(replacement)
}
