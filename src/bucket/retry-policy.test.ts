import { describe, expect, it } from 'vitest'

import { backoffMs, defaultRetryPolicy, pause } from './retry-policy.ts'

describe('backoffMs', () => {
  it('grows with each failure, stays above 0 and below one and a half times the longest', () => {
    for (const random of [0, 0.5, 0.999]) {
      const pauses = Array.from({ length: 12 }, (_, index) => backoffMs(defaultRetryPolicy, index + 1, () => random))
      expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
      expect(pauses[0]).toBeGreaterThanOrEqual(defaultRetryPolicy.baseDelayMs / 2)
      expect(pauses.at(-1)).toBeLessThanOrEqual(defaultRetryPolicy.maxDelayMs * 1.5)
    }
    expect(backoffMs({ ...defaultRetryPolicy, baseDelayMs: 0 }, 1, () => 0)).toBe(1)
  })

  it('spreads readers that failed together', () => {
    expect(backoffMs(defaultRetryPolicy, 3, () => 0.1)).not.toBe(backoffMs(defaultRetryPolicy, 3, () => 0.9))
  })
})

describe('pause', () => {
  it('ends as soon as it is cancelled', async () => {
    const controller = new AbortController()
    const waiting = pause(1_000_000, controller.signal)
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
  })
})
