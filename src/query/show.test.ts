import { describe, expect, it } from 'vitest'

import { showAge, showCall, showCount, showUsd } from './show.ts'

describe('values for people', () => {
  it('show money with two decimals from a dollar on, four below, and a sign for no price', () => {
    expect([null, 0, 0.00001, 0.0042, 0.5, 1, 1234.5, 1_234_567.891].map(showUsd)).toEqual([
      '–',
      '$0.00',
      '<$0.0001',
      '$0.0042',
      '$0.5000',
      '$1.00',
      '$1,234.50',
      '$1,234,567.89',
    ])
  })

  it('show counts in full or short', () => {
    expect([0, 999, 1000, 1_234_567].map((count) => showCount(count, false))).toEqual([
      '0',
      '999',
      '1,000',
      '1,234,567',
    ])
    expect([999, 1000, 12_345, 999_949, 999_950, 4_500_000, 2e9].map((count) => showCount(count, true))).toEqual([
      '999',
      '1.0k',
      '12.3k',
      '999.9k',
      '1.0M',
      '4.5M',
      '2.0B',
    ])
  })

  it('show ages in one unit', () => {
    expect([0, 59_999, 60_000, 7_200_000, 86_400_000 * 3].map(showAge)).toEqual(['now', 'now', '1 min', '2 h', '3 d'])
  })

  it('show the telling part of a call on one line, whatever the input is', () => {
    expect(showCall('{"description":"x","command":"ls\\n-la"}')).toBe('ls -la')
    expect(showCall('{"command":["bash","-lc","ls"]}')).toBe('bash -lc ls')
    expect(showCall('{"a":1}')).toBe('{"a":1}')
    expect(showCall('{"command":"cut')).toBe('{"command":"cut')
    expect(showCall('*** Begin Patch\n')).toBe('*** Begin Patch')
  })
})
