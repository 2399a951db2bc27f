import { describe, expect, it } from 'vitest'

import { levelsOf, ticksOf } from './scale.ts'

describe('levelsOf', () => {
  it('gives nothing the first level and the most the last', () => {
    const level = levelsOf([1, 2, 3, 4, 100])
    expect([0, 1, 100].map(level)).toEqual([0, 1, 5])
  })

  it('stands a single value and none', () => {
    expect(levelsOf([7])(7)).toBe(5)
    expect(levelsOf([])(7)).toBe(0)
  })
})

describe('ticksOf', () => {
  it('reaches over the highest value in round steps', () => {
    expect(ticksOf(9)).toEqual([0, 2.5, 5, 7.5, 10])
    expect(ticksOf(0.8)).toEqual([0, 0.2, 0.4, 0.6000000000000001, 0.8])
  })
})
