import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AgentFormat, LineParser, ObjectContext } from '../../src/agents/index.ts'
import type { Json } from '../../src/base/index.ts'
import type { Line, SessionRecord } from '../../src/model/index.ts'

const fixturesRoot = resolve(import.meta.dirname, '../../fixtures')
const maxStateBytes = 32 * 1024

/** An object cut into the lines a parser gets, and whether it ends in the middle of one. */
export interface Log {
  readonly lines: readonly Line[]
  readonly tail: 'whole' | 'unfinished'
}

/** Cuts bytes into lines; a last line without newline counts when it is a whole JSON object. */
export function logOf(bytes: Uint8Array): Log {
  const lines: Line[] = []
  let offset = 0
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, offset)) {
    lines.push({ offset, bytes: bytes.subarray(offset, end) })
    offset = end + 1
  }
  const rest = bytes.subarray(offset)
  if (rest.length === 0) return { lines, tail: 'whole' }
  if (!isWholeObject(rest)) return { lines, tail: 'unfinished' }
  return { lines: [...lines, { offset, bytes: rest }], tail: 'whole' }
}

/** The rows that remain of records: later ones replace earlier ones with the same key, in a fixed order. */
export function finalRecords(records: readonly SessionRecord[]): readonly SessionRecord[] {
  const rows = new Map<string, SessionRecord>()
  for (const record of records) {
    const key = keyOf(record)
    const earlier = rows.get(key)
    const isPatch = record.kind === 'session' && earlier?.kind === 'session'
    rows.set(key, isPatch ? { ...record, facts: { ...earlier.facts, ...record.facts } } : record)
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record)
}

/** Reads a log in one go. */
export function readWhole(format: AgentFormat, context: ObjectContext, log: Log): readonly SessionRecord[] {
  return readWithStops(format, context, log, [])
}

/** Reads a log, stopping before the lines at `stops` (indexes) and going on with a new parser each time. */
export function readWithStops(
  format: AgentFormat,
  context: ObjectContext,
  log: Log,
  stops: readonly number[],
): readonly SessionRecord[] {
  const records: SessionRecord[] = []
  let parser: LineParser = format.open(context, null)
  let at = 0
  for (const stop of stops.toSorted((a, b) => a - b)) {
    for (; at < stop; at += 1) records.push(...parser.push(lineAt(log, at)))
    records.push(...parser.flush(stop % 2 === 0 ? 'whole' : 'unfinished'))
    const { offset, state } = parser.resume()
    expect(Buffer.byteLength(JSON.stringify(state)), 'bytes of resume state').toBeLessThan(maxStateBytes)
    parser = format.open(context, JSON.parse(JSON.stringify(state)) as Json)
    if (offset !== null) at = log.lines.findIndex((line) => line.offset === offset)
  }
  for (; at < log.lines.length; at += 1) records.push(...parser.push(lineAt(log, at)))
  records.push(...parser.flush(log.tail))
  return finalRecords(records)
}

/** What the path of an object tells a parser. */
export function contextOf(format: AgentFormat, path: string): ObjectContext {
  const place = format.locate(path)
  if (place === null) throw new Error(`${format.id} does not read ${path}`)
  return { ...place, path }
}

/** The laws every log format keeps, run over its fixtures (`fixtures/<id>/<case>/in.jsonl`). */
export function describeAgent(format: AgentFormat): void {
  const folder = join(fixturesRoot, format.id)
  if (!existsSync(join(folder, 'path.txt'))) {
    it(`finds fixtures of ${format.id}`, () => expect.fail(`fixtures/${format.id}/path.txt is missing`))
    return
  }
  const usualPath = readFileSync(join(folder, 'path.txt'), 'utf8').trim()
  const usual = contextOf(format, usualPath)
  const cases = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, ...readCase(format, join(folder, name), usualPath) }))

  describe(`the format ${format.id}`, () => {
    describe.each(cases)('case $name', ({ name, context, log }) => {
      it('gives the records that were checked by hand', async () => {
        const text = `${JSON.stringify(readWhole(format, context, log), null, 2)}\n`
        await expect(text).toMatchFileSnapshot(join(folder, name, 'records.json'))
      })

      it('gives the same rows wherever reading stops and goes on', () => {
        const whole = readWhole(format, context, log)
        for (let stop = 0; stop <= log.lines.length; stop += 1) {
          expect(readWithStops(format, context, log, [stop]), `stopped before line ${stop}`).toEqual(whole)
        }
        fc.assert(
          fc.property(fc.array(fc.nat(log.lines.length), { maxLength: 8 }), (stops) => {
            expect(readWithStops(format, context, log, stops)).toEqual(whole)
          }),
          { numRuns: 30 },
        )
      })

      it('never throws, however its lines are damaged', () => {
        fc.assert(
          fc.property(damagedLog(log), (damaged) => {
            const whole = readWhole(format, context, damaged)
            const middle = Math.floor(damaged.lines.length / 2)
            expect(readWithStops(format, context, damaged, [middle])).toEqual(whole)
          }),
          { numRuns: 40 },
        )
      })
    })

    it('says nothing of an empty object', () => {
      expect(readWhole(format, usual, logOf(new Uint8Array()))).toEqual([])
    })

    it('says nothing of a log of blank lines but that it is there', () => {
      const kinds = readWhole(format, usual, logOf(Buffer.from('\n\r\n\n'))).map((record) => record.kind)
      expect(kinds.filter((kind) => kind !== 'session')).toEqual([])
    })

    it('passes over record types it does not know', () => {
      const lines = ['{"type":"from-the-future","payload":{"type":"x"}}', '{}', '[]', '1', 'null', '{"type":7}']
      const kinds = readWhole(format, usual, logOf(Buffer.from(lines.join('\n')))).map((record) => record.kind)
      expect(kinds.filter((kind) => kind !== 'session')).toEqual([])
    })

    it('counts junk as bad lines, each with its place', () => {
      const junk = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00, 0x0a]), Buffer.from('{"type":\n   \n{}\n')])
      const bad = readWhole(format, usual, logOf(junk)).filter((record) => record.kind === 'bad-line')
      expect(bad.map(({ offset, length }) => [offset, length])).toEqual([
        [0, 3],
        [4, 8],
        [13, 3],
      ])
    })

    it('reads a line of a megabyte and a value nested beyond the stack', () => {
      const deep = '['.repeat(30_000) + ']'.repeat(30_000)
      const lines = cases.flatMap(({ log }) => log.lines.map((line) => Buffer.from(line.bytes).toString()))
      const long = lines.map((line) => line.replace(/"text":"/, `$&${'long '.repeat(220_000)}`))
      // In place of the outermost such value, and of the innermost.
      const outer = lines.map((line) => line.replace(/"(?:input|arguments|content|payload)":/, `$&${deep},"rest":`))
      const inner = lines.map((line) => line.replace(/^.*"(?:input|arguments|content|summary)":/s, `$&${deep},"rest":`))
      const swollen = [long, outer, inner].flatMap((variants) =>
        variants.filter((text, i) => text !== lines[i]).slice(0, 40),
      )
      expect(() => readWhole(format, usual, logOf(Buffer.from(swollen.join('\n'))))).not.toThrow()
    })

    it('takes no path that leads out of the folder', () => {
      for (const path of ['', '/', '..', '../x.jsonl', 'a/../b.jsonl', 'a\\b.jsonl', 'a//b.jsonl', './a.jsonl']) {
        expect(format.locate(path), path).toBeNull()
      }
    })
  })
}

function readCase(format: AgentFormat, folder: string, usualPath: string): { context: ObjectContext; log: Log } {
  const own = join(folder, 'path.txt')
  const path = existsSync(own) ? readFileSync(own, 'utf8').trim() : usualPath
  return { context: contextOf(format, path), log: logOf(readFileSync(join(folder, 'in.jsonl'))) }
}

function lineAt({ lines }: Log, index: number): Line {
  const line = lines[index]
  if (line === undefined) throw new Error(`there is no line ${index}`)
  return line
}

function isWholeObject(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString())
    return typeof value === 'object' && value !== null
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

function keyOf(record: SessionRecord): string {
  if (record.kind === 'session') return ` ${record.sessionId}`
  const place = String(record.offset).padStart(12, '0')
  if (record.kind === 'bad-line' || record.kind === 'output') return `${place} ${record.kind}`
  if (record.kind === 'mark') return `${place} ${record.kind} ${record.sessionId} ${record.name} ${record.key}`
  const part = String(record.part).padStart(6, '0')
  const index = record.kind === 'tool-call' ? String(record.index).padStart(6, '0') : ''
  return `${place} ${record.kind} ${record.sessionId} ${part} ${index}`
}

/** The log with some values replaced by others, some bytes overwritten, and some lines swapped or doubled. */
function damagedLog(log: Log): fc.Arbitrary<Log> {
  const damage = fc.record({
    line: fc.nat(Math.max(0, log.lines.length - 1)),
    seed: fc.nat(),
    value: fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(null, '', [], {}, -1, 1e300, '\u0000', '__proto__', [null], { type: 'text' }, [[]]),
    ),
    how: fc.constantFrom('value', 'bytes', 'double', 'swap' as const),
  })
  return fc.array(damage, { minLength: 1, maxLength: 6 }).map((damages) => {
    const texts: Buffer[] = log.lines.map((line) => Buffer.from(line.bytes))
    for (const { line, seed, value, how } of damages) {
      const text = texts[line]
      if (text === undefined) continue
      if (how === 'value') texts[line] = withOtherValue(text, seed, value)
      if (how === 'bytes') texts[line] = withOtherBytes(text, seed)
      if (how === 'double') texts.splice(line, 0, text)
      if (how === 'swap') texts.push(...texts.splice(line, 1))
    }
    return logOf(Buffer.from(texts.map((text) => text.toString('latin1')).join('\n'), 'latin1'))
  })
}

function withOtherValue(line: Buffer, seed: number, value: unknown): Buffer {
  let entry: unknown
  try {
    entry = JSON.parse(line.toString())
  } catch (error) {
    if (error instanceof SyntaxError) return line
    throw error
  }
  const places = placesIn(entry)
  const place = places[seed % Math.max(1, places.length)]
  if (place === undefined) return line
  place.holder[place.key] = value
  return Buffer.from(JSON.stringify(entry))
}

interface Place {
  readonly holder: Record<string, unknown>
  readonly key: string
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])])
}

function withOtherBytes(line: Buffer, seed: number): Buffer {
  const bytes = Buffer.from(line)
  if (bytes.length > 0) bytes[seed % bytes.length] = (seed >>> 8) % 256
  return bytes
}
