import { expect, it } from 'vitest'

import { parseTimeSpan } from './time.ts'

it('reads spans of time, and nothing else', () => {
  const spans = ['30s', ' 2m ', '1 h', '7d', '0s'].map(parseTimeSpan)
  expect(spans).toEqual([30_000, 120_000, 3_600_000, 604_800_000, 0])
  for (const text of ['', '5', 'h', '1.5h', '-1h', '1w', '1h30m', '12345678s']) expect(parseTimeSpan(text)).toBeNull()
})
