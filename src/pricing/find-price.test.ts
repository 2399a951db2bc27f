import { describe, expect, it } from 'vitest'
import { priceFinder } from './find-price.ts'
import type { PriceList } from './price-list.ts'
import { shippedPriceList } from './shipped-price-list.ts'

function listOf(...names: string[]): PriceList {
  return {
    source: 'test',
    date: '2026-01-01',
    hash: 'h',
    models: Object.fromEntries(names.map((name) => [name, { rates: [1, 2] }])),
  }
}

function keyOf(list: PriceList, model: string): string {
  const finding = priceFinder(list)(model)
  return finding.kind === 'found' ? finding.price.name : finding.kind
}

describe('finding the price of a model', () => {
  it('takes the exact name before any other form of it', () => {
    const list = listOf('gpt-5.5', 'gpt-5-5', 'claude-x-1-20260101', 'claude-x-1')
    expect(keyOf(list, 'gpt-5.5')).toBe('gpt-5.5')
    expect(keyOf(list, 'gpt-5-5')).toBe('gpt-5-5')
    expect(keyOf(list, 'claude-x-1-20260101')).toBe('claude-x-1-20260101')
  })

  it('reads dots as dashes and drops what stands in brackets at the end', () => {
    const list = listOf('claude-opus-4-6')
    expect(keyOf(list, 'claude-opus-4.6')).toBe('claude-opus-4-6')
    expect(keyOf(list, 'claude-opus-4.6[1m]')).toBe('claude-opus-4-6')
    expect(keyOf(list, 'Claude Opus 4.6 (high)')).toBe('claude-opus-4-6')
    expect(keyOf(list, 'claude-opus-4-6[1m][2m]')).toBe('unknown')
  })

  it('goes by dashes and case before it goes by letters and digits alone', () => {
    const list = listOf('m-1-5', 'm-15')
    expect(keyOf(list, 'm-1.5')).toBe('m-1-5')
    expect(keyOf(list, 'M-1-5')).toBe('m-1-5')
    expect(keyOf(list, 'M-1.5')).toBe('m-1-5')
    expect(keyOf(list, 'm_1_5')).toBe('ambiguous')
    expect(keyOf(listOf('M-1-5', 'm-1-5'), 'm-1.5')).toBe('m-1-5')
  })

  it('drops the date of the model, but never that of a key', () => {
    const list = listOf('claude-x-1', 'claude-y-1-20260101')
    expect(keyOf(list, 'claude-x-1-20260101')).toBe('claude-x-1')
    expect(keyOf(list, 'claude-x-1-20260101[1m]')).toBe('claude-x-1')
    expect(keyOf(list, 'claude-x-1-20269901')).toBe('unknown')
    expect(keyOf(list, 'claude-y-1')).toBe('unknown')
  })

  it('never takes a part of a name', () => {
    const list = listOf('gpt-5.5', 'claude-opus-4')
    expect(keyOf(list, 'gpt-5.5-codex')).toBe('unknown')
    expect(keyOf(list, 'gpt-5')).toBe('unknown')
    expect(keyOf(list, 'claude-opus-4-8')).toBe('unknown')
  })

  it('refuses a key with the prefix of another provider', () => {
    expect(keyOf(listOf('azure/gpt-5.5'), 'openai/gpt-5.5')).toBe('unknown')
    expect(keyOf(listOf('azure/gpt-5.5', 'gpt-5.5'), 'openai/gpt-5.5')).toBe('gpt-5.5')
    expect(keyOf(listOf('azure/gpt-5.5', 'OpenAI/GPT-5.5'), 'openai/gpt_5.5')).toBe('OpenAI/GPT-5.5')
  })

  it('prefers the same provider, then no provider, then the only other one', () => {
    expect(keyOf(listOf('b/m-1', 'm-1', 'a/m-1'), 'a/m_1')).toBe('a/m-1')
    expect(keyOf(listOf('b/m-1', 'm-1', 'a/m-1'), 'm_1')).toBe('m-1')
    expect(keyOf(listOf('b/m-1'), 'm_1')).toBe('b/m-1')
  })

  it('calls a name ambiguous when two keys stand equally near', () => {
    expect(priceFinder(listOf('b/m-1', 'a/m-1'))('m1')).toEqual({ kind: 'ambiguous', keys: ['b/m-1', 'a/m-1'] })
    expect(keyOf(listOf('m-1', 'm.1'), 'm_1')).toBe('ambiguous')
    expect(keyOf(listOf('M-1', 'm-1'), 'M-1')).toBe('M-1')
  })

  it('finds nothing for hostile names', () => {
    const list = listOf('m')
    for (const name of ['', '[]', '()', '///', '__proto__', 'constructor', '-20260101', '漢字', '['.repeat(128)]) {
      expect(keyOf(list, name)).toBe('unknown')
    }
  })

  it('knows the models of the agents in the shipped list, the retired ones too', () => {
    const list = shippedPriceList()
    for (const model of [
      'claude-opus-4-8',
      'claude-haiku-4-5-20251001',
      'claude-sonnet-4-20250514',
      'gpt-5.5',
      'gpt-5-codex',
    ]) {
      expect(keyOf(list, model)).toBe(model)
    }
    expect(keyOf(list, 'claude-opus-4.6[1m]')).toBe('claude-opus-4-6')
    expect(keyOf(list, 'gpt-5.5-codex')).toBe('unknown')
  })
})
