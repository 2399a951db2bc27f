import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeFleet } from './fleet.ts'
import type { Corpus } from './fleet-work.ts'
import { growFleet } from './grow-fleet.ts'
import type { Sums, Truth } from './truth.ts'
import { noSums } from './truth.ts'

const base = mkdtempSync(join(tmpdir(), 'corpus-'))
const out = join(base, 'a')
let truth: Truth

function added(parts: readonly Sums[]): Sums {
  const total = noSums()
  for (const part of parts) for (const key of Object.keys(total) as (keyof Sums)[]) total[key] += part[key]
  return total
}

function expectSumsToAgree({ totals, byModel, byMachine, byDay, sessions }: Truth): void {
  for (const view of [byModel, byMachine, byDay]) expect(added(Object.values(view))).toEqual(totals)
  expect(added(sessions.map(({ own }) => own))).toEqual(totals)
}

beforeAll(() => {
  truth = makeFleet({ out, seed: 'test', bytes: 6_000_000, machines: 3 })
})
afterAll(() => rmSync(base, { recursive: true }))

describe('the made-up fleet', () => {
  it('is the same for the same seed, and another one for another', () => {
    const again = makeFleet({ out: join(base, 'b'), seed: 'test', bytes: 6_000_000, machines: 3 })
    expect(again).toEqual(truth)
    const { path } = truth.sessions[0] ?? { path: '' }
    expect(readFileSync(join(base, 'b', path)).equals(readFileSync(join(out, path)))).toBe(true)
    expect(makeFleet({ out: join(base, 'c'), seed: 'other', bytes: 100_000, machines: 1 }).totals).not.toEqual(
      truth.totals,
    )
  })

  it('tells a truth whose parts add up to its totals in every view', () => {
    expectSumsToAgree(truth)
    expect(truth.totals.tokensCostNanoUsd).toBeGreaterThan(0)
    expect(truth.unpricedModels.every((model) => truth.byModel[model]?.tokensCostNanoUsd === 0)).toBe(true)
  })

  it('grows by whole turns appended to what was there', () => {
    const grown = join(base, 'd')
    cpSync(out, grown, { recursive: true })
    const after = structuredClone(truth)
    const corpus = JSON.parse(readFileSync(join(grown, 'corpus.json'), 'utf8')) as Corpus
    const growth = growFleet({ out: grown, seed: '1', share: 0.3, turns: 1 }, after, corpus)
    expect(growth.objects.length).toBeGreaterThan(0)
    for (const { path, bytes } of growth.objects) {
      const [before, now] = [readFileSync(join(out, path)), readFileSync(join(grown, path))]
      expect(now.subarray(0, before.length).equals(before)).toBe(true)
      expect(now.length - before.length).toBe(bytes)
    }
    expectSumsToAgree(after)
    expect(after.totals.responses).toBeGreaterThan(truth.totals.responses)
  })
})
