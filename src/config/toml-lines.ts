import { isUnder, scanToml } from './toml-scan.ts'
import type { Span, TomlPath } from './toml-scan.ts'

/** The line ending that a text uses first; `\n` for one without any. */
export function eolOf(text: string): '\n' | '\r\n' {
  const at = text.indexOf('\n')
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n'
}

/** Where the line of a position begins. */
export function lineStart(text: string, at: number): number {
  const start = text.lastIndexOf('\n', at - 1) + 1
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start
}

/** Where the line of a position ends, its line break included. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

/**
 * The stretches of whole lines that hold the table at `path` and the tables under it, each from its
 * header to its last key; stretches with only blank lines and comments between them are one.
 */
export function blockRanges(text: string, path: TomlPath): readonly Span[] {
  const ranges: { from: number; to: number }[] = []
  let isInside = false
  for (const node of scanToml(text)) {
    const to = lineEnd(text, node.kind === 'header' ? node.span.to : node.value.to)
    const last = ranges.at(-1)
    if (node.kind === 'header' && !isUnder(node.path, path)) isInside = false
    else if (node.kind === 'header' && (!isInside || last === undefined)) {
      isInside = true
      ranges.push({ from: lineStart(text, node.span.from), to })
    } else if (isInside && last !== undefined) last.to = Math.max(last.to, to)
  }
  return ranges
}

/**
 * Where the comment begins that stands right above a line, without a blank line between; the line itself
 * when there is none. A comment at the top of the file speaks of the file and is not counted.
 */
export function attachedCommentStart(text: string, line: number): number {
  let start = line
  while (start > 0) {
    const above = lineStart(text, start - 1)
    if (above >= start || !/^[ \t]*#/.test(text.slice(above, start))) return start
    start = above
  }
  return line
}

/** Where the comment lines end that follow a block at once; they are the next block's when that begins right after. */
export function trailingComment(text: string, from: number): number {
  let at = from
  while (at < text.length && /^[ \t]*#/.test(text.slice(at, lineEnd(text, at)))) at = lineEnd(text, at)
  return /^[ \t]*\[/.test(text.slice(at, lineEnd(text, at))) ? from : at
}
