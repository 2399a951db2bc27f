import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { PricedUsage, StoredRecord } from './batch.ts'
import { recordPacker } from './pack-records.ts'
import type { PackedRecords } from './pack-records.ts'
import { textOf, unpackRecords } from './unpack-records.ts'
import type { TextBytes } from './unpack-records.ts'

const texts = fc.string({ unit: 'grapheme', maxLength: 120 })
const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null })
const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const moment = nullable(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }))
const place = { sessionId: texts, offset: fc.integer({ min: 0, max: 40 }), part: fc.nat(3) }

const usage: fc.Arbitrary<PricedUsage> = fc.record({
  kind: fc.constant('usage'),
  ...place,
  model: texts,
  tier: nullable(texts),
  dedupeKey: nullable(texts),
  isRelayed: fc.boolean(),
  at: moment,
  input: whole,
  output: whole,
  cacheRead: whole,
  cacheWrite5m: whole,
  cacheWrite1h: whole,
  reasoning: whole,
  webSearches: whole,
  tokensCost: nullable(whole),
  feeCost: whole,
  reportedCost: nullable(whole),
})

const record: fc.Arbitrary<StoredRecord> = fc.oneof(
  fc.record({ kind: fc.constant('session' as const), sessionId: texts, facts: fc.record({ title: texts }) }),
  fc.record({
    kind: fc.constant('message' as const),
    ...place,
    role: fc.constantFrom('user' as const, 'assistant' as const, 'system' as const),
    subtype: nullable(texts),
    uuid: nullable(texts),
    at: moment,
    model: nullable(texts),
    text: texts,
    thinking: texts,
    isUserTurn: fc.boolean(),
    isPrompt: fc.boolean(),
    isSidechain: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('tool-call' as const),
    ...place,
    index: fc.nat(5),
    callId: nullable(texts),
    name: texts,
    category: texts,
    input: texts,
  }),
  fc.record({
    kind: fc.constant('tool-result' as const),
    ...place,
    callId: texts,
    text: texts,
    isError: fc.boolean(),
    at: moment,
    outputRef: nullable(texts),
  }),
  usage,
  fc.record({ kind: fc.constant('output' as const), offset: place.offset, ref: texts, text: texts }),
  fc.record({
    kind: fc.constant('mark' as const),
    sessionId: texts,
    offset: place.offset,
    name: texts,
    key: texts,
    value: nullable(texts),
  }),
  fc.record({
    kind: fc.constant('bad-line' as const),
    offset: place.offset,
    length: whole,
    reason: fc.constantFrom('invalid-json' as const, 'too-long' as const),
  }),
)

/** A packed record as it was, its texts strings again. */
function unpacked(packed: PackedRecords): unknown[] {
  const isText = (value: unknown): value is TextBytes =>
    typeof value === 'object' && value !== null && 'isAscii' in value
  const rows = [...unpackRecords(packed)].map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]: [string, unknown]) => [key, isText(value) ? textOf(value) : value]),
    ),
  )
  return [...packed.patches, ...rows]
}

/** Session patches travel beside the rest. */
function patchesFirst(records: readonly StoredRecord[]): readonly StoredRecord[] {
  return [...records.filter(({ kind }) => kind === 'session'), ...records.filter(({ kind }) => kind !== 'session')]
}

describe('packed records', () => {
  it('come back as they were, in their order', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), (records) => {
        const packer = recordPacker()
        for (const one of records) packer.add(one)
        const packed = packer.take(null)
        expect(unpacked(packed)).toEqual(patchesFirst(records))
        expect(packed.count).toBe(records.length)
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it('are given out once each, those of later lines last, wherever they are cut', () => {
    const cuts = fc.array(fc.tuple(fc.array(record, { maxLength: 12 }), fc.integer({ min: 0, max: 41 })), {
      maxLength: 5,
    })
    fc.assert(
      fc.property(cuts, (steps) => {
        const packer = recordPacker()
        let waiting: StoredRecord[] = []
        for (const [records, before] of steps) {
          for (const one of records) packer.add(one)
          waiting.push(...records)
          const isReady = (one: StoredRecord): boolean => one.kind === 'session' || one.offset < before
          expect(unpacked(packer.take(before))).toEqual(patchesFirst(waiting.filter(isReady)))
          waiting = waiting.filter((one) => !isReady(one))
        }
        expect(unpacked(packer.take(null))).toEqual(waiting)
      }),
      { seed: 8, numRuns: 300 },
    )
  })

  it('keep long texts, and texts of any script, to the character', () => {
    const long = ['a'.repeat(300_000), 'é中😀'.repeat(50_000), `${'x'.repeat(70_000)}\u{1F600}`, '']
    const packer = recordPacker()
    for (const [offset, text] of long.entries()) packer.add({ kind: 'output', offset, ref: 'r', text })
    const rows = [...unpackRecords(packer.take(null))]
    expect(rows.map((row) => (row.kind === 'output' ? textOf(row.text) : null))).toEqual(long)
    expect(rows.map((row) => (row.kind === 'output' ? row.text.isAscii : null))).toEqual([true, false, false, true])
  })
})
