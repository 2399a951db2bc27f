import { Buffer } from 'node:buffer'

import type { SqlValue } from './driver.ts'

type Cell = null | number | string

/** Rows and bytes of one packed insert: a request stays well under what servers take. */
const rowsPerInsert = 500
const bytesPerInsert = 4_000_000
/** sqld refuses any value of 10 MB or more, the packed rows themselves included. */
const bytesPerRow = 9_000_000

/** Rows as JSON arrays of arrays, each of a size that a server takes; a row that is too long alone is cut. */
export function packRows(rows: readonly (readonly SqlValue[])[]): readonly string[] {
  const packed: string[] = []
  let waiting: string[] = []
  let bytes = 0
  const close = (): void => {
    if (waiting.length > 0) packed.push(`[${waiting.join(',')}]`)
    waiting = []
    bytes = 0
  }
  for (const row of rows) {
    const json = fitted(row.map(asCell))
    const length = Buffer.byteLength(json)
    if (waiting.length >= rowsPerInsert || bytes + length > bytesPerInsert) close()
    waiting.push(json)
    bytes += length
  }
  close()
  return packed
}

function asCell(value: SqlValue): Cell {
  if (!(value instanceof Uint8Array)) return value
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString('utf8')
}

/** A row as JSON; the longest of its texts are cut, and say so, until a server can hold it. */
function fitted(row: readonly Cell[]): string {
  let cells = row
  for (;;) {
    const json = JSON.stringify(cells)
    if (Buffer.byteLength(json) <= bytesPerRow) return json
    const lengths = cells.map((cell) => (typeof cell === 'string' ? cell.length : 0))
    const longest = lengths.indexOf(Math.max(...lengths))
    cells = cells.map((cell, at) => (at === longest && typeof cell === 'string' ? halved(cell, row[at]) : cell))
  }
}

function halved(text: string, whole: Cell | undefined): string {
  const kept = text.slice(0, Math.floor(text.length / 2)).replace(/[\uD800-\uDBFF]$/, '')
  return `${kept}\n[cut: ${String(whole).length} characters are more than the archive server takes]`
}
