import { describe, expect, it } from 'vitest'
import { readPriceList } from './price-list.ts'
import { reducePriceList } from './reduce-price-list.ts'

const about = { source: 'test', date: '2026-01-01' }

function rowOf(entry: Record<string, unknown>, name = 'm'): unknown {
  return reducePriceList({ [name]: { mode: 'chat', ...entry } }, about).models[name]
}

describe('reducing the published list', () => {
  it('turns dollars into whole pico-dollars and leaves unlisted columns out', () => {
    expect(rowOf({ input_cost_per_token: 3e-6, output_cost_per_token: 1.5e-5 })).toEqual({
      rates: [3_000_000, 15_000_000],
    })
    const cached = { cache_read_input_token_cost: 3e-7, cache_creation_input_token_cost_above_1hr: 6e-6 }
    expect(rowOf({ input_cost_per_token: 3e-6, output_cost_per_token: 0, ...cached })).toEqual({
      rates: [3_000_000, 0, 300_000, null, 6_000_000],
    })
    expect(rowOf({ input_cost_per_token: 1.1428571428571428e-6 })).toEqual({ rates: [1_142_857, 0] })
  })

  it('reads every band, and does not take the 1-hour rate for one', () => {
    expect(
      rowOf({
        input_cost_per_token: 1e-6,
        output_cost_per_token: 2e-6,
        cache_creation_input_token_cost_above_1hr: 2e-6,
        input_cost_per_token_above_272k_tokens: 4e-6,
        input_cost_per_token_above_128000_tokens: 2e-6,
        output_cost_per_token_above_128000_tokens: 3e-6,
        cache_creation_input_token_cost_above_1hr_above_272k_tokens: 8e-6,
        input_cost_per_token_above_272k_tokens_batches: 1e-9,
      }),
    ).toEqual({
      rates: [1e6, 2e6, null, null, 2e6],
      bands: [
        [128_000, 2e6, 3e6],
        [272_000, 4e6, null, null, null, 8e6],
      ],
    })
  })

  it('finds the fast multiplier where it is listed or where priority rates agree on one', () => {
    const rates = { input_cost_per_token: 2e-6, output_cost_per_token: 4e-6 }
    expect(rowOf({ ...rates, provider_specific_entry: { fast: 2.5 } })).toMatchObject({ fast: 2500 })
    const priority = { ...rates, input_cost_per_token_priority: 4e-6, output_cost_per_token_priority: 8e-6 }
    expect(rowOf({ ...priority, litellm_provider: 'openai' })).toMatchObject({ fast: 2000 })
    expect(rowOf({ ...priority, litellm_provider: 'elsewhere' })).not.toHaveProperty('fast')
    expect(rowOf({ ...priority, litellm_provider: 'openai', output_cost_per_token_priority: 7e-6 })).not.toHaveProperty(
      'fast',
    )
    expect(rowOf(rates, 'claude-opus-4-7')).toMatchObject({ fast: 6000 })
  })

  it('keeps only models that talk and have a rate, and leaves out rates nobody can mean', () => {
    expect(rowOf({ mode: 'embedding', input_cost_per_token: 1e-6 })).toBeUndefined()
    expect(rowOf({})).toBeUndefined()
    expect(rowOf({ input_cost_per_token: 0.003, output_cost_per_token: 0.009 })).toBeUndefined()
  })

  it('fails as a whole on a rate that is negative or not a number', () => {
    for (const rate of [-1e-6, '3e-6', {}, Number.NaN]) {
      expect(() => rowOf({ input_cost_per_token: rate })).toThrow(expect.objectContaining({ code: 'config.prices' }))
    }
  })

  it('keeps the last price of first-party models that have left the list', () => {
    const entry = { mode: 'chat', litellm_provider: 'anthropic' }
    const published = { kept: { ...entry, input_cost_per_token: 1e-6 } }
    const older = { kept: { ...entry, input_cost_per_token: 2e-6 }, gone: { ...entry, input_cost_per_token: 3e-6 } }
    const oldest = {
      gone: { ...entry, input_cost_per_token: 4e-6 },
      alien: { ...entry, litellm_provider: 'x', input_cost_per_token: 1 },
    }
    const list = reducePriceList(published, about, [older, oldest])
    expect(list.models).toEqual({ gone: { rates: [3e6, 0] }, kept: { rates: [1e6, 0] } })
  })

  it('gives a list that can be saved and read, with a hash that follows the rates', () => {
    const list = reducePriceList({ m: { mode: 'chat', input_cost_per_token: 1e-6 } }, about)
    expect(readPriceList(JSON.parse(JSON.stringify(list)))).toEqual(list)
    const dearer = reducePriceList({ m: { mode: 'chat', input_cost_per_token: 2e-6 } }, about)
    expect(dearer.hash).not.toBe(list.hash)
  })
})
