import { cleanLine, cleanLines } from '../../base/index.ts'
import type { Column } from './column.ts'
import { cellOf, textOf } from './table.ts'

type Cell = string | number | boolean | null

/**
 * Rows as CSV lines (RFC 4180), line breaks inside a value kept; text that a spreadsheet would run as a formula
 * gets a leading `'`.
 */
export function drawCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly string[] {
  return drawDelimited(columns, rows, ',', (cell) => {
    if (cell === null) return ''
    const clean = cleanLines(String(cell))
    const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(clean) ? `'${clean}` : clean
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  })
}

/** Rows as TSV lines; tabs and line breaks inside a value become spaces. */
export function drawTsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly string[] {
  return drawDelimited(columns, rows, '\t', (cell) => (cell === null ? '' : cleanLine(String(cell))))
}

/** Rows as a Markdown table, as people read them. */
export function drawMarkdown<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const escape = (text: string): string => text.replace(/[\\|<`*_[\]]/g, (sign) => `\\${sign}`)
  return [
    line(columns.map((column) => escape(column.title))),
    line(columns.map((column) => (column.align === 'right' ? '--:' : '---'))),
    ...rows.map((row) => line(columns.map((column) => escape(textOf(cellOf(column, row)))))),
  ]
}

function drawDelimited<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  separator: string,
  draw: (cell: Cell) => string,
): readonly string[] {
  const head = columns.map((column) => draw(column.key)).join(separator)
  return [head, ...rows.map((row) => columns.map((column) => draw(column.value(row))).join(separator))]
}
