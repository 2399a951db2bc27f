import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { hashOf, proofBytes, recentBytes } from './recent-bytes.ts'

/** Bytes that differ from place to place. */
function bytesOf(from: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => ((from + at) * 31 + ((from + at) >> 8)) % 251)
}

describe('recentBytes', () => {
  it('proves any line start by the bytes before it, however they came and whatever long line was thinned', () => {
    const step = fc.record({ length: fc.integer({ min: 1, max: 6000 }), isLong: fc.boolean() })
    fc.assert(
      fc.property(fc.nat(9000), fc.array(step, { minLength: 1, maxLength: 8 }), (start, lines) => {
        const recent = recentBytes(start)
        let offset = start
        for (const { length, isLong } of lines) {
          const lineStart = offset
          // A long line comes in many pieces and is thinned after each.
          for (let piece = 0; piece < (isLong ? 5 : 1); piece += 1) {
            recent.push(bytesOf(offset, length))
            offset += length
            if (isLong) recent.thin(lineStart)
          }
        }
        const from = Math.max(start, offset - proofBytes)
        expect(recent.proofAt(offset)).toEqual({
          length: offset - from,
          hash: hashOf(bytesOf(from, offset - from)),
        })
      }),
      { seed: 11, numRuns: 200 },
    )
  })

  it('still proves the start of a long line that is not finished', () => {
    const recent = recentBytes(0)
    recent.push(bytesOf(0, 5000))
    for (let offset = 5000; offset < 80_000; offset += 5000) {
      recent.push(bytesOf(offset, 5000))
      recent.thin(5000)
    }
    expect(recent.proofAt(5000)).toEqual({ length: 4096, hash: hashOf(bytesOf(904, 4096)) })
  })

  it('proves nothing where nothing was read', () => {
    expect(recentBytes(7).proofAt(7)).toBeNull()
  })
})
