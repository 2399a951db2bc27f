import { expect, it } from 'vitest'

import { inPairs, median, ratioOf } from './pairs.ts'

it('takes the middle number, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 2, 9])).toBe(3)
  expect(() => median([])).toThrow(RangeError)
})

it('runs two programs in turns and compares each run with its neighbour', async () => {
  const order: string[] = []
  const run = (name: string, factor: number) => async (round: number) => {
    order.push(`${name}${round}`)
    return { wallMs: factor * (round + 1) }
  }
  const pairs = await inPairs(3, run('ours', 30), run('bare', 10))
  expect(order).toEqual(['bare0', 'ours0', 'bare1', 'ours1', 'bare2', 'ours2'])
  expect(ratioOf(pairs)).toBe(3)
})
