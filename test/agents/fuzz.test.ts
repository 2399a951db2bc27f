import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agentFormats } from '../../src/agents/index.ts'
import type { AgentFormat, ObjectContext } from '../../src/agents/index.ts'
import type { Json } from '../../src/base/index.ts'
import type { Line, SessionRecord } from '../../src/model/index.ts'
import { priceTable, priceUsage } from '../../src/pricing/index.ts'
import { contextOf, finalRecords } from '../contract/agent.ts'

/** Mutated lines that each format must stand; with two formats more than 100,000 in all. */
const linesPerFormat = 60_000
const linesPerLog = 40
const maxStateBytes = 32 * 1024
const maxTokens = 2_000_000

type Random = () => number

/** A small fast generator: fast-check's own would take most of the time here. */
function randomOf(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const below = (random: Random, end: number): number => Math.floor(random() * end)
function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[below(random, list.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

const oddTexts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e',
  '__proto__',
  'constructor',
  '~',
  '../x',
  '<skill>',
  'gAAAAA',
  '9'.repeat(40),
]
const oddNumbers = [-1, 0, 0.5, 1e300, -1e300, 2 ** 53, 99_999_999, Number.MAX_SAFE_INTEGER]
const oddValues: readonly unknown[] = [null, true, [], {}, [null], [[]], { type: 'text' }, ...oddTexts, ...oddNumbers]
const oddBytes = [0, 9, 13, 34, 92, 44, 58, 91, 93, 123, 125, 0xc3, 0xed, 0xff]

/** A line with one thing wrong: a value, a key, some bytes, its end, or all of it. */
function mutated(random: Random, lines: readonly Buffer[]): Buffer {
  const line = pick(random, lines)
  switch (below(random, 8)) {
    case 0:
      return line
    case 1:
      return line.subarray(0, below(random, line.length))
    case 2:
      return withOddBytes(random, line)
    case 3:
      return Buffer.concat([line.subarray(0, below(random, line.length)), pick(random, lines)])
    default:
      return withOddValue(random, line, lines)
  }
}

function withOddBytes(random: Random, line: Buffer): Buffer {
  const bytes = Buffer.from(line)
  for (let times = 1 + below(random, 4); times > 0 && bytes.length > 0; times -= 1)
    bytes[below(random, bytes.length)] = random() < 0.7 ? pick(random, oddBytes) : below(random, 256)
  // A newline would make two lines of it.
  return Buffer.from(bytes.map((byte) => (byte === 10 ? 32 : byte)))
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

/** Another value in some place, or one from another line, or another name for its key. */
function withOddValue(random: Random, line: Buffer, lines: readonly Buffer[]): Buffer {
  const entry = parsed(line)
  const places = placesIn(entry)
  if (places.length === 0) return line
  const { holder, key } = pick(random, places)
  const how = random()
  if (how < 0.2) {
    const other = placesIn(parsed(pick(random, lines)))
    if (other.length > 0) {
      const from = pick(random, other)
      holder[key] = from.holder[from.key]
    }
  } else if (how < 0.3) {
    holder[pick(random, oddTexts)] = holder[key]
    delete holder[key]
  } else {
    holder[key] = pick(random, oddValues)
  }
  return Buffer.from(JSON.stringify(entry))
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString()) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** All lines of a format's fixtures, and the places they are read at. */
function material(format: AgentFormat): {
  readonly lines: readonly Buffer[]
  readonly contexts: readonly ObjectContext[]
} {
  const folder = resolve(import.meta.dirname, '../../fixtures', format.id)
  const usual = readFileSync(join(folder, 'path.txt'), 'utf8').trim()
  const lines: Buffer[] = []
  const paths = new Set([usual])
  for (const name of readdirSync(folder)) {
    const log = join(folder, name, 'in.jsonl')
    if (!existsSync(log)) continue
    const own = join(folder, name, 'path.txt')
    if (existsSync(own)) paths.add(readFileSync(own, 'utf8').trim())
    for (const line of readFileSync(log).toString('latin1').split('\n'))
      if (line !== '') lines.push(Buffer.from(line, 'latin1'))
  }
  const contexts = [...paths].map((path) => contextOf(format, path)).filter(({ role }) => role !== 'sidecar')
  return { lines, contexts }
}

/** Reads lines as a sync would, stopping at `stop` and going on from what was saved. */
function readLog(
  format: AgentFormat,
  context: ObjectContext,
  lines: readonly Line[],
  stop: number,
): readonly SessionRecord[] {
  const records: SessionRecord[] = []
  let parser = format.open(context, null)
  for (let at = 0; at < lines.length; at += 1) {
    if (at === stop) {
      records.push(...parser.flush('whole'))
      const { offset, state } = parser.resume()
      const saved = JSON.stringify(state)
      expect(saved.length, 'characters of resume state').toBeLessThan(maxStateBytes)
      parser = format.open(context, JSON.parse(saved) as Json)
      if (offset !== null) at = lines.findIndex((line) => line.offset === offset)
      stop = -1
    }
    const line = lines[at]
    if (line !== undefined && line.bytes.length > 0) records.push(...parser.push(line))
  }
  records.push(...parser.flush('whole'))
  return finalRecords(records)
}

const prices = priceTable()
/* oxlint-disable-next-line no-control-regex */
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/

/** What is wrong with a record; null when nothing is. */
function faultOf(record: SessionRecord, end: number): string | null {
  if (record.kind === 'session') return record.sessionId === '' ? 'no session id' : null
  if (!Number.isSafeInteger(record.offset) || record.offset < 0 || record.offset >= end) return 'offset outside the log'
  if (record.kind === 'message') return textFault(record.text) ?? textFault(record.thinking)
  if (record.kind === 'tool-call') return textFault(record.input) ?? textFault(record.name)
  if (record.kind === 'tool-result') return textFault(record.text)
  if (record.kind !== 'usage') return null
  for (const counter of ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'reasoning'] as const) {
    const count = record[counter]
    if (!Number.isSafeInteger(count) || count < 0 || count > maxTokens) return `${counter} is ${count}`
  }
  if (record.model === '' || Buffer.byteLength(record.model) > 128) return 'model'
  const { tokensCost, feeCost } = priceUsage(prices, record)
  return [tokensCost ?? 0, feeCost].every((cost) => Number.isSafeInteger(cost) && cost >= 0) ? null : 'cost'
}

function textFault(text: string): string | null {
  if (control.test(text)) return 'a control character'
  return (text as string & { isWellFormed(): boolean }).isWellFormed() ? null : 'text that is not well-formed'
}

describe.each(agentFormats.map((format) => ({ id: format.id, format })))('the format $id', ({ format }) => {
  it(`stands ${linesPerFormat} damaged lines, and reads them the same wherever it stops`, { timeout: 60_000 }, () => {
    const seed = fc.readConfigureGlobal().seed ?? 1
    const random = randomOf(seed)
    const { lines, contexts } = material(format)
    let usage = 0
    for (let done = 0; done < linesPerFormat; done += linesPerLog) {
      let offset = 0
      const log = Array.from({ length: linesPerLog }, (): Line => {
        const bytes = mutated(random, lines)
        const line = { offset, bytes }
        offset += bytes.length + 1
        return line
      })
      const context = pick(random, contexts)
      const whole = readLog(format, context, log, -1)
      for (const record of whole) {
        const fault = faultOf(record, offset)
        if (fault !== null)
          expect.fail(`log ${done / linesPerLog} of seed ${seed}: ${fault} in ${JSON.stringify(record)}`)
        if (record.kind === 'usage') usage += 1
      }
      expect(
        readLog(format, context, log, below(random, linesPerLog)),
        `log ${done / linesPerLog} of seed ${seed}`,
      ).toEqual(whole)
    }
    expect(usage).toBeGreaterThan(linesPerFormat / 100)
  })
})
