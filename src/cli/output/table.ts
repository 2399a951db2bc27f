import stringWidth from 'string-width'
import { cleanLine } from '../../base/index.ts'
import type { Column } from './column.ts'
import { drawLine } from './paint.ts'
import type { Painted } from './paint.ts'

/** Letters, signs and punctuation that are one column each, whatever stands beside them. */
const narrow = /^[ -~\u00A1-\u00AC\u00AE-\u02FF\u2010-\u2027]*$/

const gap = '  '
const narrowest = 8
/** What is left of a cell when even the columns that must stay do not fit. */
const barest = 4

/**
 * The columns that a terminal has room for, the most wanted ones.
 * @param width columns of the terminal; null (a pipe) keeps all
 */
export function fittingColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | null,
): readonly Column<Row>[] {
  if (width === null) return columns
  const least = new Map(columns.map((column) => [column, leastWidth(column, naturalWidth(column, rows))]))
  let kept = columns
  while (lineWidth(kept.map((column) => least.get(column) ?? 0)) > width) {
    const [next] = kept.filter((one) => one.leaveOut !== undefined).toSorted((a, b) => rank(b) - rank(a))
    if (next === undefined) break
    kept = kept.filter((column) => column !== next)
  }
  return kept
}

/**
 * Draws rows as aligned columns, without borders.
 * @param width columns of the terminal; null (a pipe) cuts nothing
 * @returns lines, the head first
 */
export function drawTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  style: { readonly width: number | null; readonly hasColour: boolean },
): readonly string[] {
  const cells = rows.map((row) => columns.map((column) => cellOf(column, row)))
  const natural = columns.map((column) => naturalWidth(column, rows))
  const widths = style.width === null ? natural : shrink(natural, columns, style.width)
  const head = columns.map((column): Painted => ({ text: column.title, colour: 'bold' }))
  return [head, ...cells].map((line) => {
    const parts = line.flatMap((cell, at) => {
      const column = columns[at]
      const isLast = at === line.length - 1
      return [...pad(cell, widths[at] ?? 0, column?.align ?? 'left', isLast), isLast ? '' : gap]
    })
    return drawLine(parts, style.hasColour).trimEnd()
  })
}

/** What people read in a cell: cleaned, null as `–`. */
export function cellOf<Row>(column: Column<Row>, row: Row): string | Painted {
  if (column.show !== undefined) {
    const shown = column.show(row)
    return typeof shown === 'string' ? cleanLine(shown) : { ...shown, text: cleanLine(shown.text) }
  }
  const value = column.value(row)
  return value === null ? '–' : cleanLine(String(value))
}

/** The text of a cell without its colour. */
export function textOf(cell: string | Painted): string {
  return typeof cell === 'string' ? cell : cell.text
}

/** Columns that a text takes in a terminal. */
function widthOf(text: string): number {
  // Before it can tell the width of any other text, Node takes up to 50 ms, once.
  return narrow.test(text) ? text.length : stringWidth(text)
}

function pad(cell: string | Painted, width: number, align: 'left' | 'right', isLast: boolean): (string | Painted)[] {
  const text = cut(textOf(cell), width)
  const drawn = typeof cell === 'string' ? text : { ...cell, text }
  const room = ' '.repeat(Math.max(0, width - widthOf(text)))
  if (align === 'right') return [room, drawn]
  return isLast ? [drawn] : [drawn, room]
}

function naturalWidth<Row>(column: Column<Row>, rows: readonly Row[]): number {
  return rows.reduce((widest, row) => Math.max(widest, widthOf(textOf(cellOf(column, row)))), widthOf(column.title))
}

function leastWidth<Row>(column: Column<Row>, natural: number): number {
  return column.canShrink === true ? Math.min(natural, column.least ?? narrowest) : natural
}

function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one + gap.length, -gap.length)
}

function rank<Row>(column: Column<Row>): number {
  return column.leaveOut ?? 0
}

/** Takes from the widest of those that may shrink, until the line fits or nothing is left to take. */
function shrink<Row>(natural: readonly number[], columns: readonly Column<Row>[], width: number): readonly number[] {
  const widths = [...natural]
  const floors = [(column: Column<Row>, at: number) => leastWidth(column, natural[at] ?? 0), () => barest]
  for (const floor of floors) {
    let over = lineWidth(widths) - width
    while (over > 0) {
      let widest = -1
      columns.forEach((column, at) => {
        if (column.canShrink !== true || (widths[at] ?? 0) <= floor(column, at)) return
        if (widest < 0 || (widths[at] ?? 0) > (widths[widest] ?? 0)) widest = at
      })
      if (widest < 0) break
      widths[widest] = (widths[widest] ?? 0) - 1
      over -= 1
    }
  }
  return widths
}

/** Cuts text to a width in terminal columns; what is cut off becomes an ellipsis. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let used = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += widthOf(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept}…`
}
