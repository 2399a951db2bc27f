import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

describe('ByteWriter and ByteReader', () => {
  it('give back numbers and texts as they were written, whatever room there was to begin with', () => {
    const value = fc.oneof(
      fc.record({ kind: fc.constant('byte' as const), value: fc.nat(255) }),
      fc.record({ kind: fc.constant('count' as const), value: fc.nat(2 ** 32 - 1) }),
      fc.record({ kind: fc.constant('number' as const), value: fc.option(fc.double({ noNaN: true }), { nil: null }) }),
      fc.record({ kind: fc.constant('text' as const), value: fc.string({ unit: 'grapheme', maxLength: 200 }) }),
    )
    fc.assert(
      fc.property(fc.array(value), fc.nat(64), (values, capacity) => {
        const writer = new ByteWriter(capacity)
        for (const one of values) {
          if (one.kind === 'text') writer.text(one.value)
          else if (one.kind === 'number') writer.number(one.value)
          else writer[one.kind](one.value)
        }
        const reader = new ByteReader(writer.slice(0, writer.length))
        for (const one of values) {
          const read = one.kind === 'number' ? reader.numberOrNull() : reader[one.kind]()
          expect(read).toBe(one.value)
        }
        expect(reader.isAtEnd).toBe(true)
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  it('hand over what was written and begin anew', () => {
    const writer = new ByteWriter(4)
    writer.text('first, and longer than its room')
    const first = writer.handOver(1024)
    writer.text('second')
    expect(new ByteReader(first).text()).toBe('first, and longer than its room')
    expect(new ByteReader(writer.slice(0, writer.length)).text()).toBe('second')
  })

  it('write half a character as the sign that stands for what cannot be told', () => {
    const writer = new ByteWriter(4)
    writer.text('a\uD83Db')
    expect(new ByteReader(writer.slice(0, writer.length)).text()).toBe('a\uFFFDb')
  })
})
