import { createScanner } from 'jsonc-parser'
import { cleanText } from '../../base/index.ts'

/** Beyond this depth a value is cut from its line's text: writing it out anew could overflow the stack. */
const maxDepth = 200

/**
 * The JSON text of a value inside a line, every number as the log wrote it.
 *
 * A value whose numbers survive `JSON.parse` is written out from the parsed value; one that holds a
 * number beyond double precision is cut from the line's own text. Control characters are removed.
 * @param value  the value as parsed
 * @param text   the JSON text of the whole line
 * @param path   keys and indexes that lead from the line's object to the value
 */
export function jsonText(value: unknown, text: string, path: readonly (string | number)[]): string {
  const raw = isExact(value) ? null : sliceAt(text, path)
  return cleanText(withoutEscapedControls(raw ?? JSON.stringify(value) ?? 'null'))
}

/** True when parsing lost nothing: no number at the edge of a double's precision, no extreme nesting. */
function isExact(root: unknown): boolean {
  let level: unknown[] = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return false
    const next: unknown[] = []
    for (const value of level) {
      if (typeof value === 'number' && !isExactNumber(value)) return false
      if (typeof value !== 'object' || value === null) continue
      for (const child of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
        if (typeof child === 'object' || typeof child === 'number') next.push(child)
      }
    }
    level = next
  }
  return true
}

function isExactNumber(value: number): boolean {
  if (Number.isInteger(value)) return Number.isSafeInteger(value) && !Object.is(value, -0)
  // A fraction that needs all 16 digits may have had more of them in the log.
  return Number.isFinite(value) && String(value).length < 17
}

/** The text at `path`; of repeated keys the last counts, as in `JSON.parse`. Null when it is not there. */
function sliceAt(text: string, path: readonly (string | number)[]): string | null {
  let found: readonly [number, number] | null = [0, text.length]
  for (const step of path) {
    found = childAt(text, found[0], step)
    if (found === null) return null
  }
  return text.slice(found[0], found[1])
}

/** Start and end of one member of the container that begins at `from`. */
function childAt(text: string, from: number, step: string | number): readonly [number, number] | null {
  const scanner = createScanner(text, true)
  scanner.setPosition(from)
  scanner.scan()
  const isList = text[scanner.getTokenOffset()] === '['
  let found: readonly [number, number] | null = null
  let depth = 1
  let index = 0
  let key: string | number | null = isList ? 0 : null
  let start: number | null = null
  let end = 0
  while (depth > 0) {
    scanner.scan()
    const at = scanner.getTokenOffset()
    const sign = text[at]
    if (sign === undefined) return null
    const isTop = depth === 1
    if (sign === '{' || sign === '[') depth += 1
    if (sign === '}' || sign === ']') depth -= 1
    if (depth === 0 || (isTop && sign === ',')) {
      if (start !== null && key === step) found = [start, end]
      index += 1
      key = isList ? index : null
      start = null
    } else if (key === null) {
      key = scanner.getTokenValue()
    } else if (!isTop || sign !== ':') {
      start ??= at
      end = at + scanner.getTokenLength()
    }
  }
  return found
}

/** Escapes of C0 (but `\n \t \r`), DEL and C1 inside JSON text; any other escape is skipped over whole. */
const escapes = /\\(?:[bf]|u00(?:0[0-8bcef]|1[\da-f]|7f|[89][\da-f])|(u[\da-f]{4}|.))/gi

function withoutEscapedControls(json: string): string {
  // Most texts have escapes, of line breaks and quotes; few have one of these.
  if (!json.includes('\\u00') && !json.includes('\\b') && !json.includes('\\f')) return json
  return json.replace(escapes, (escape, kept: string | undefined) => (kept === undefined ? '' : escape))
}
