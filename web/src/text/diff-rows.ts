import { diffLines, diffWordsWithSpace } from 'diff'

/** A stretch of a line; `isMarked` where it differs from its counterpart. */
export interface DiffPart {
  readonly text: string
  readonly isMarked: boolean
}

/** One line of a diff; a number is null on the side that does not have the line. */
export interface DiffRow {
  readonly kind: 'same' | 'removed' | 'added' | 'heading'
  readonly before: number | null
  readonly after: number | null
  readonly parts: readonly DiffPart[]
}

/** Beyond this a comparison may take the page's breath; both texts are then shown whole. */
const mostCharacters = 200_000
const mostWordCharacters = 2000

/** Lines of two texts side by side, with the words that differ marked. */
export function diffRows(before: string, after: string): readonly DiffRow[] {
  const isTooLarge = before.length + after.length > mostCharacters
  const changes = isTooLarge ? undefined : diffLines(before, after, { maxEditLength: 5000, timeout: 400 })
  const signed = (
    changes ?? [
      { value: before, added: false, removed: true },
      { value: after, added: true, removed: false },
    ]
  ).flatMap(({ value, added, removed }) => {
    const sign = added ? '+' : removed ? '-' : ' '
    return linesOf(value).map((line) => sign + line)
  })
  return signedRows(signed)
}

/** Rows of lines that carry their sign (`+`, `-`, space) in front, numbered from 1. */
export function signedRows(lines: readonly string[]): readonly DiffRow[] {
  const rows: DiffRow[] = []
  let before = 0
  let after = 0
  let at = 0
  while (at < lines.length) {
    const removed = runOf(lines, at, '-')
    const added = runOf(lines, at + removed.length, '+')
    at += removed.length + added.length
    if (removed.length + added.length > 0) {
      const pairs = removed.map((line, index) => pairOf(line, added[index]))
      for (const [index, line] of removed.entries()) {
        const parts = pairs[index]?.[0] ?? [{ text: line, isMarked: false }]
        rows.push({ kind: 'removed', before: (before += 1), after: null, parts })
      }
      for (const [index, line] of added.entries()) {
        const parts = pairs[index]?.[1] ?? [{ text: line, isMarked: false }]
        rows.push({ kind: 'added', before: null, after: (after += 1), parts })
      }
      continue
    }
    const parts = [{ text: (lines[at] ?? '').slice(1), isMarked: false }]
    rows.push({ kind: 'same', before: (before += 1), after: (after += 1), parts })
    at += 1
  }
  return rows
}

/** A side-by-side view: each entry has the left and the right line. */
export function sideBySide(rows: readonly DiffRow[]): readonly (readonly [DiffRow | null, DiffRow | null])[] {
  const pairs: [DiffRow | null, DiffRow | null][] = []
  let at = 0
  while (at < rows.length) {
    const removed = rowsOf(rows, at, 'removed')
    const added = rowsOf(rows, at + removed.length, 'added')
    at += removed.length + added.length
    for (let index = 0; index < Math.max(removed.length, added.length); index += 1) {
      pairs.push([removed[index] ?? null, added[index] ?? null])
    }
    const row = rows[at]
    if (removed.length + added.length === 0 && row !== undefined) {
      pairs.push([row, row])
      at += 1
    }
  }
  return pairs
}

function rowsOf(rows: readonly DiffRow[], from: number, kind: DiffRow['kind']): readonly DiffRow[] {
  let end = from
  while (rows[end]?.kind === kind) end += 1
  return rows.slice(from, end)
}

function runOf(lines: readonly string[], from: number, sign: string): readonly string[] {
  let end = from
  while (lines[end]?.startsWith(sign) === true) end += 1
  return lines.slice(from, end).map((line) => line.slice(1))
}

/** A removed and an added line with their words marked; nothing is marked when they have little in common. */
function pairOf(
  removed: string,
  added: string | undefined,
): readonly [readonly DiffPart[], readonly DiffPart[]] | null {
  if (added === undefined || removed.length + added.length > mostWordCharacters) return null
  const words = diffWordsWithSpace(removed, added)
  const common = words.filter((word) => !word.added && !word.removed).reduce((sum, word) => sum + word.value.length, 0)
  if (common * 3 < Math.max(removed.length, added.length)) return null
  return [
    words.filter((word) => !word.added).map((word) => ({ text: word.value, isMarked: word.removed })),
    words.filter((word) => !word.removed).map((word) => ({ text: word.value, isMarked: word.added })),
  ]
}

function linesOf(text: string): readonly string[] {
  if (text === '') return []
  const lines = text.split('\n')
  return text.endsWith('\n') ? lines.slice(0, -1) : lines
}
