import { Buffer } from 'node:buffer'
import { cleanText } from '../../base/index.ts'

const maxModelBytes = 128

/** The value as text fit to store; null when it is no string or nothing but space. */
export function cleanString(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = cleanText(value)
  return text.trim() === '' ? null : text
}

/** The longest start of `text` that takes at most `maxBytes` bytes of UTF-8. */
export function cutBytes(text: string, maxBytes: number): string {
  // A UTF-16 unit takes at most three bytes, so most texts need no counting.
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text
  let bytes = 0
  let cut = ''
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) break
    cut += character
  }
  return cut
}

/** A model's name as logged, cleaned and at most 128 bytes; null when the log names none. */
export function modelName(value: unknown): string | null {
  const name = cleanString(value)?.trim()
  return name === undefined ? null : cutBytes(name, maxModelBytes)
}
