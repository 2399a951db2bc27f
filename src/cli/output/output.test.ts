import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readGlobalOptions } from '../global-options.ts'
import type { Column } from './column.ts'
import { drawCsv, drawMarkdown, drawTsv } from './delimited.ts'
import { hasColour } from './paint.ts'
import { makeOutput } from './output.ts'
import { drawTable, fittingColumns } from './table.ts'

interface Row {
  readonly name: string
  readonly count: number | null
}

const columns: readonly Column<Row>[] = [
  { key: 'name', title: 'NAME', value: (row) => row.name, canShrink: true },
  { key: 'count', title: 'COUNT', value: (row) => row.count, align: 'right' },
]
const plain = { width: null, hasColour: false }

describe('a table', () => {
  it('aligns numbers to the right and counts wide characters as two columns', () => {
    const rows = [
      { name: '日本', count: 5 },
      { name: 'abc', count: 1234 },
    ]
    expect(drawTable(columns, rows, plain)).toEqual(['NAME  COUNT', '日本      5', 'abc    1234'])
  })

  it('cuts the widest text column to fit the terminal, and nothing in a pipe', () => {
    const rows = [{ name: 'a'.repeat(50), count: 1 }]
    expect(drawTable(columns, rows, { width: 30, hasColour: false }).map((line) => line.length)).toEqual([30, 30])
    expect(drawTable(columns, rows, { width: 30, hasColour: false })[1]).toContain('…')
    expect(drawTable(columns, rows, plain)[1]).toContain('a'.repeat(50))
  })

  it('leaves out the least wanted columns where the terminal is too narrow for all, and none in a pipe', () => {
    const wide: readonly Column<Row>[] = [
      { key: 'name', title: 'NAME', value: (row) => row.name, canShrink: true, least: 12 },
      { key: 'a', title: 'A', value: () => 'a'.repeat(20), leaveOut: 1 },
      { key: 'b', title: 'B', value: () => 'b'.repeat(20), leaveOut: 2 },
      { key: 'c', title: 'C', value: () => 'c', leaveOut: 3 },
    ]
    const rows = [{ name: 'n'.repeat(90), count: 1 }]
    const keysAt = (width: number | null) => fittingColumns(wide, rows, width).map(({ key }) => key)
    expect(keysAt(null)).toEqual(['name', 'a', 'b', 'c'])
    expect(keysAt(59)).toEqual(['name', 'a', 'b', 'c'])
    expect(keysAt(58)).toEqual(['name', 'a', 'b'])
    expect(keysAt(55)).toEqual(['name', 'a'])
    expect(keysAt(20)).toEqual(['name'])
    const narrow = drawTable(fittingColumns(wide, rows, 6), rows, { width: 6, hasColour: false })
    expect(narrow.map((line) => line.length)).toEqual([4, 6])
  })

  it('takes escapes and line breaks out of what it shows', () => {
    const [, line = ''] = drawTable(columns, [{ name: 'a\u001B[31m\nb\tc', count: null }], plain)
    for (const sign of ['\u001B', '\n', '\t']) expect(line).not.toContain(sign)
    expect(line.endsWith('–')).toBe(true)
  })
})

describe('rows for other programs', () => {
  it('quotes CSV and disarms formulas', () => {
    const rows = [
      { name: 'a,"b"\n', count: 1 },
      { name: '=cmd()', count: null },
    ]
    expect(drawCsv(columns, rows)).toEqual(['name,count', '"a,""b""\n",1', "'=cmd(),"])
  })

  it('keeps TSV to one line a row', () => {
    expect(drawTsv(columns, [{ name: 'a\tb\nc', count: 2 }])).toEqual(['name\tcount', 'a b c\t2'])
  })

  it('escapes what Markdown would read', () => {
    expect(drawMarkdown(columns, [{ name: 'a|*b*<i>', count: 2 }])[2]).toBe('| a\\|\\*b\\*\\<i> | 2 |')
  })
})

describe('one list in every format', () => {
  const rows: readonly Row[] = [{ name: 'a', count: 1 }]
  const print = (args: Readonly<Record<string, unknown>>): string => {
    const chunks: string[] = []
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk.toString('utf8'))
        done()
      },
    })
    const io = {
      stdin: process.stdin,
      stdout: stream,
      stderr: stream,
      env: {},
      cwd: '/',
      home: '/',
      hostname: 'h',
      isTTY: { stdin: false, stdout: false, stderr: false },
      columns: 80,
      now: () => 0,
      signal: new AbortController().signal,
    }
    const json = (row: Row): { name: string; more: string[] } => ({ name: row.name, more: ['x'] })
    makeOutput(io, readGlobalOptions(args, {})).rows({
      kind: 'things',
      key: 'things',
      rows,
      columns,
      json,
      extra: { total: 1 },
    })
    return chunks.join('')
  }

  it('is one object with --json, a line for each row with ndjson', () => {
    expect(JSON.parse(print({ json: true }))).toEqual({
      schemaVersion: 1,
      kind: 'things',
      things: [{ name: 'a', more: ['x'] }],
      total: 1,
    })
    expect(print({ format: 'ndjson' })).toBe('{"name":"a","more":["x"]}\n')
  })

  it('prints the fields asked for, in that order, from columns and JSON alike', () => {
    expect(print({ format: 'csv', fields: 'more,name' })).toBe('more,name\nx,a\n')
    expect(JSON.parse(print({ json: true, fields: 'count,name' }))).toMatchObject({ things: [{ count: 1, name: 'a' }] })
    expect(() => print({ fields: 'nope' })).toThrow('there is no field "nope"')
  })
})

describe('colours', () => {
  it.each([
    ['auto', {}, true, true],
    ['auto', {}, false, false],
    ['auto', { NO_COLOR: '1' }, true, false],
    ['auto', { NO_COLOR: '' }, true, true],
    ['auto', { TERM: 'dumb' }, true, false],
    ['auto', { FORCE_COLOR: '1' }, false, true],
    ['always', { NO_COLOR: '1' }, false, true],
    ['never', { FORCE_COLOR: '1' }, true, false],
  ] as const)('with --color %s, %j and a terminal: %s', (flag, env, isTTY, expected) => {
    expect(hasColour(flag, env, isTTY)).toBe(expected)
  })
})
