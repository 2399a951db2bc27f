import { describe, expect, it } from 'vitest'
import { countOf, cutBytes, modelName, nanoUsdOf, timeOf, tokensOf, toolCategory } from './index.ts'

describe('timeOf', () => {
  it('reads RFC 3339 with any zone and fraction, and zone-less forms as UTC', () => {
    const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
    for (const text of [
      '2026-01-02T03:04:05.678Z',
      '2026-01-02T03:04:05.678999999Z',
      '2026-01-02T05:04:05.678+02:00',
      '2026-01-01T22:34:05.678-04:30',
      '2026-01-02T03:04:05.678',
      '2026-01-02 03:04:05.678000',
    ]) {
      expect(timeOf(text), text).toBe(at)
    }
    expect(timeOf('2026-01-02T03:04:05Z')).toBe(at - 678)
  })

  it('gives null for what is no usable time', () => {
    for (const value of [
      'not a date',
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '1999-12-31T23:59:59Z',
      '2101-01-01T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '2026-01-02',
      1767323045678,
      null,
    ]) {
      expect(timeOf(value), String(value)).toBeNull()
    }
  })
})

describe('counters', () => {
  it('clamps tokens to 0…2,000,000 and reads numeric strings', () => {
    expect([99_999_999, '12', -5, 1.9, 'x', null, '1e3', Number.NaN].map(tokensOf)).toEqual([
      2_000_000, 12, 0, 1, 0, 0, 0, 0,
    ])
    expect(countOf(99_999_999)).toBe(99_999_999)
  })

  it('turns dollars into whole nano-dollars', () => {
    expect([0.000003, '1.5', 0, -1, 'x', 1e12].map(nanoUsdOf)).toEqual([3000, 1_500_000_000, 0, null, null, null])
  })
})

describe('text', () => {
  it('cuts a model name at 128 bytes between characters', () => {
    expect(modelName(` ${'é'.repeat(100)} `)).toBe('é'.repeat(64))
    expect(modelName('\u0000')).toBeNull()
    expect(cutBytes('a€b', 3)).toBe('a')
  })

  it('groups tools by what they do', () => {
    expect(
      ['MultiEdit', 'Agent', 'mcp__x__subagent_run', 'mcp__x__y', 'constructor', 'apply_patch'].map(toolCategory),
    ).toEqual(['Edit', 'Task', 'Task', 'Other', 'Other', 'Edit'])
  })
})
