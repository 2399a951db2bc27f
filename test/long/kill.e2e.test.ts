import { afterAll, beforeAll, expect, it } from 'vitest'

import { killRounds } from '../soak/kill-rounds.ts'
import { describeEngines } from '../store/engines.ts'
import type { Program } from '../sync/program.ts'
import { buildProgram } from '../sync/program.ts'

let program: Program
beforeAll(async () => {
  program = await buildProgram()
})
afterAll(() => program.remove())

describeEngines('an archive whose syncs are killed', (engine) => {
  it('tells in the end what one tells that was never interrupted', async () => {
    const seed = process.env['AGENTSVIEW_SEED'] ?? '1'
    const kills = engine.name === 'file' ? 40 : 24
    const { killed } = await killRounds({ program, engine, seed, kills })
    expect(killed).toBeGreaterThan(kills / 2)
  }, 300_000)
})
