import { once } from 'node:events'
import { AgentsviewError, cleanLines } from '../../base/index.ts'
import type { JsonObject } from '../../base/index.ts'
import type { GlobalOptions } from '../global-options.ts'
import type { Io } from '../io.ts'
import type { Column } from './column.ts'
import { drawCsv, drawMarkdown, drawTsv } from './delimited.ts'
import { drawLine, hasColour } from './paint.ts'
import type { Painted } from './paint.ts'
import { drawTable, fittingColumns } from './table.ts'

/** A list to print: the same rows give every format. */
export interface RowsToPrint<Row> {
  /** `kind` of the JSON object: `sessionList`, `remoteList`, … */
  readonly kind: string
  /** Key of the array in the JSON object: `sessions`, `remotes`, … */
  readonly key: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  /** A row as JSON and NDJSON show it; without it, the columns' keys and values. */
  readonly json?: ((row: Row) => JsonObject) | undefined
  /** What stands beside the array in the JSON object: `total`, `nextCursor`, `totals`, … */
  readonly extra?: JsonObject | undefined
  /** Said on stderr in place of an empty table. */
  readonly empty?: string | undefined
}

/** Prints what a command has to say: data on stdout, talk on stderr, every text cleaned of escapes. */
export interface Output {
  /** `--format`; `json` when `--json`. */
  readonly format: GlobalOptions['format']
  /** Colours on stdout. */
  readonly hasColour: boolean
  /** Colours on stderr. */
  readonly hasColourOnStderr: boolean
  /** Width of the terminal behind stdout; null when there is none. */
  readonly width: number | null
  /** One line of data for people. */
  line(...parts: readonly (string | Painted)[]): void
  /** Several lines of plain text; a newline is added when there is none. */
  text(text: string): void
  /** The one JSON object of `--json`: `schemaVersion` and `kind` come first. */
  json(kind: string, value: JsonObject): void
  /** A list in the format asked for. @throws AgentsviewError `usage.fields` for an unknown field */
  rows<Row>(list: RowsToPrint<Row>): void
  /** Bytes as they are, waiting while the reader is slow. */
  raw(bytes: Uint8Array | string): Promise<void>
  /** A line of talk on stderr; not with --quiet. */
  note(...parts: readonly (string | Painted)[]): void
  /** A line of talk on stderr, only with --verbose. */
  detail(...parts: readonly (string | Painted)[]): void
}

/** The output of one run. */
export function makeOutput(io: Io, globals: GlobalOptions): Output {
  const colour = hasColour(globals.color, io.env, io.isTTY.stdout)
  const colourOnStderr = hasColour(globals.color, io.env, io.isTTY.stderr)
  const width = io.isTTY.stdout ? io.columns : null
  const write = (lines: readonly string[]): void => {
    if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`)
  }
  const note = (...parts: readonly (string | Painted)[]): void => {
    if (!globals.isQuiet) io.stderr.write(`${drawLine(parts, colourOnStderr)}\n`)
  }
  return {
    format: globals.format,
    hasColour: colour,
    hasColourOnStderr: colourOnStderr,
    width,
    line: (...parts) => write([drawLine(parts, colour)]),
    text: (text) => write([cleanLines(text.endsWith('\n') ? text.slice(0, -1) : text)]),
    json: (kind, value) => write([safeJson({ schemaVersion: 1, kind, ...value }, 2)]),
    rows: (list) => {
      if (list.rows.length === 0 && list.empty !== undefined && globals.format === 'table') return note(list.empty)
      write(drawRows(list, globals, { width, hasColour: colour }))
    },
    raw: async (bytes) => {
      if (!io.stdout.write(bytes)) await once(io.stdout, 'drain', { signal: io.signal })
    },
    note,
    detail: (...parts) => {
      if (globals.isVerbose) note(...parts)
    },
  }
}

/** JSON text in which the controls that JSON leaves bare (DEL, C1) are escaped too: a terminal would act on them. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function drawRows<Row>(
  list: RowsToPrint<Row>,
  globals: GlobalOptions,
  style: { readonly width: number | null; readonly hasColour: boolean },
): readonly string[] {
  const toJson = list.json ?? ((row: Row) => Object.fromEntries(list.columns.map((one) => [one.key, one.value(row)])))
  const columns = chosenColumns(list, globals)
  switch (globals.format) {
    case 'json': {
      const rows = list.rows.map((row) => pick(row, toJson(row), columns, globals.fields))
      return [safeJson({ schemaVersion: 1, kind: list.kind, [list.key]: rows, ...list.extra }, 2)]
    }
    case 'ndjson':
      return list.rows.map((row) => safeJson(pick(row, toJson(row), columns, globals.fields)))
    case 'csv':
      return drawCsv(columns, list.rows)
    case 'tsv':
      return drawTsv(columns, list.rows)
    case 'md':
      return drawMarkdown(columns, list.rows)
    case 'table': {
      // Columns asked for by name stay, cut if need be.
      const fitting = globals.fields === null ? fittingColumns(columns, list.rows, style.width) : columns
      return drawTable(fitting, list.rows, style)
    }
  }
}

/** The columns that `--fields` names, in its order; keys that only the JSON has become plain columns. */
function chosenColumns<Row>(list: RowsToPrint<Row>, globals: GlobalOptions): readonly Column<Row>[] {
  const { fields, format } = globals
  if (fields === null) return list.columns.filter((one) => one.isExtra !== true || format === 'csv' || format === 'tsv')
  const first = list.rows[0]
  const toJson = list.json
  const jsonKeys = first === undefined || toJson === undefined ? [] : Object.keys(toJson(first))
  const known = [...new Set([...list.columns.map((one) => one.key), ...jsonKeys])]
  return fields.map((field): Column<Row> => {
    const column = list.columns.find((one) => one.key === field)
    if (column !== undefined) return column
    // Without a row the JSON keys are not known, so any field may be right.
    if (toJson !== undefined && (first === undefined || jsonKeys.includes(field)))
      return { key: field, title: field, value: (row) => plain(toJson(row)[field]), canShrink: true }
    throw new AgentsviewError({
      code: 'usage.fields',
      message: `there is no field "${field}"`,
      hint: `Choose from: ${known.join(', ')}.`,
    })
  })
}

function plain(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(' ')
  return JSON.stringify(value)
}

/** The fields asked for, as the JSON has them; what only the table has comes from its column. */
function pick<Row>(
  row: Row,
  json: JsonObject,
  columns: readonly Column<Row>[],
  fields: readonly string[] | null,
): JsonObject {
  if (fields === null) return json
  const valueOf = (field: string): unknown =>
    field in json ? json[field] : columns.find((one) => one.key === field)?.value(row)
  return Object.fromEntries(fields.map((field) => [field, valueOf(field)]))
}
