import { describe, expect, it } from 'vitest'

import { oneAhead } from './one-ahead.ts'

describe('oneAhead', () => {
  it('gives all items in order, each asked for while the one before is used', async () => {
    const asked: number[] = []
    async function* items(): AsyncGenerator<number, void> {
      for (const number of [1, 2, 3]) {
        asked.push(number)
        await Promise.resolve()
        yield number
      }
    }
    const seen: string[] = []
    for await (const item of oneAhead(items())) {
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(`${item} after ${asked.join(' ')}`)
    }
    expect(seen).toEqual(['1 after 1 2', '2 after 1 2 3', '3 after 1 2 3'])
  })

  it('tells a failure only after the items before it', async () => {
    async function* items(): AsyncGenerator<number, void> {
      yield 1
      await Promise.resolve()
      throw new Error('the second page')
    }
    const seen: number[] = []
    const read = async (): Promise<void> => {
      for await (const item of oneAhead(items())) {
        await new Promise((resolve) => setImmediate(resolve))
        seen.push(item)
      }
    }
    await expect(read()).rejects.toThrow('the second page')
    expect(seen).toEqual([1])
  })

  it('ends what it reads from when it is left', async () => {
    let hasEnded = false
    async function* items(): AsyncGenerator<number, void> {
      try {
        yield 1
        yield 2
        yield 3
      } finally {
        hasEnded = true
      }
    }
    for await (const item of oneAhead(items())) if (item === 1) break
    expect(hasEnded).toBe(true)
  })
})
