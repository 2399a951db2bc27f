import { expect, it } from 'vitest'

import { intervalOf, roundsOf } from './rounds.ts'

it('has every remote due at first, and then each after its own interval', () => {
  const rounds = roundsOf(
    new Map([
      ['slow', 100],
      ['quick', 30],
    ]),
  )
  expect([rounds.due(0), rounds.waitMs(0)]).toEqual([['slow', 'quick'], 0])
  rounds.done(['slow', 'quick', 'unknown'], 10)
  expect([rounds.due(10), rounds.waitMs(10)]).toEqual([[], 30])
  expect(rounds.due(40)).toEqual(['quick'])
  rounds.done(['quick'], 50)
  expect(rounds.waitMs(50)).toBe(30)
  rounds.done(['quick'], 90)
  expect(rounds.waitMs(90)).toBe(20)
  expect(rounds.due(120)).toEqual(['slow', 'quick'])
})

it('waits no longer than an interval when the clock is set back', () => {
  const rounds = roundsOf(new Map([['one', 100]]))
  rounds.done(['one'], 1_000_000)
  expect(rounds.waitMs(5)).toBe(100)
})

it('reads intervals from a second to a day', () => {
  expect(['1s', '2m', '24h', '1d'].map(intervalOf)).toEqual([1000, 120_000, 86_400_000, 86_400_000])
  for (const text of ['0s', '25h', 'soon']) expect(() => intervalOf(text)).toThrow(/no time between 1s and 24h/)
})
