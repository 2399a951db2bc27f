import { describe, expect, it } from 'vitest'

import { diffRows, sideBySide, signedRows } from './diff-rows.ts'

const shape = (rows: ReturnType<typeof diffRows>): readonly string[] =>
  rows.map(({ kind, before, after, parts }) =>
    [
      kind[0],
      before ?? '',
      after ?? '',
      parts.map((part) => (part.isMarked ? `[${part.text}]` : part.text)).join(''),
    ].join('|'),
  )

describe('diffRows', () => {
  it('marks the words that differ and numbers both sides', () => {
    expect(shape(diffRows('a\nconst one = 1\nz', 'a\nconst two = 1\nz'))).toEqual([
      's|1|1|a',
      'r|2||const [one] = 1',
      'a||2|const [two] = 1',
      's|3|3|z',
    ])
  })

  it('marks no words where the lines have little in common', () => {
    expect(shape(diffRows('alpha beta gamma', 'completely other words here'))).toEqual([
      'r|1||alpha beta gamma',
      'a||1|completely other words here',
    ])
  })

  it('shows new text as added lines only', () => {
    expect(shape(diffRows('', 'a\nb\n'))).toEqual(['a||1|a', 'a||2|b'])
  })

  it('gives up on comparing what is too large, and still shows all of it', () => {
    const rows = diffRows('x\n'.repeat(60_000), 'y\n'.repeat(60_000))
    expect(rows.length).toBe(120_000)
  })
})

describe('sideBySide', () => {
  it('puts removed and added lines beside each other', () => {
    const pairs = sideBySide(signedRows([' a', '-b', '-c', '+d', ' e']))
    expect(pairs.map(([left, right]) => [left?.parts[0]?.text ?? null, right?.parts[0]?.text ?? null])).toEqual([
      ['a', 'a'],
      ['b', 'd'],
      ['c', null],
      ['e', 'e'],
    ])
  })
})
