import { expect, it } from 'vitest'

import { changeRounds } from '../soak/change-rounds.ts'

it('an archive equals its bucket after each of 50 rounds of changes, and does not swell', async () => {
  const { bytesOverFresh } = await changeRounds({ seed: process.env['AGENTSVIEW_SEED'] ?? '1', rounds: 50 })
  expect(bytesOverFresh).toBeLessThan(2)
}, 180_000)
