import { describe, expect, it } from 'vitest'

import { packRows } from './pack-rows.ts'

const unpack = (packed: readonly string[]): unknown[][] => packed.flatMap((json) => JSON.parse(json) as unknown[][])

describe('rows packed for a server', () => {
  it('keep their order and their values', () => {
    const rows = Array.from({ length: 1201 }, (_, at) => [at, null, `text ${at} "ü"\n`])
    const packed = packRows(rows)
    expect(packed.length).toBe(3)
    expect(unpack(packed)).toEqual(rows)
  })

  it('stay under what a server takes, many together and one alone', () => {
    const long = '界'.repeat(1_000_000)
    const packed = packRows([
      [1, long, 'a'],
      [2, long, 'b'],
      [3, '\u0001'.repeat(3_000_000), long],
    ])
    expect(Math.max(...packed.map((json) => Buffer.byteLength(json)))).toBeLessThan(9_100_000)
    const rows = unpack(packed)
    // Compared as yes or no: a failure must not print megabytes.
    expect(rows.map((row) => row.includes(long))).toEqual([true, true, true])
    expect(String(rows[2]?.[1]).slice(-80)).toContain('[cut: 3000000 characters')
  })

  it('of nothing are nothing', () => {
    expect(packRows([])).toEqual([])
  })
})
