import { describe, expect, it } from 'vitest'

import { bareEtag, decodeKey } from './s3-list.ts'

describe('decodeKey', () => {
  it('undoes the URL encoding once', () => {
    expect(decodeKey('a+b%2Bc%20d%2525.jsonl')).toBe('a b+c d%25.jsonl')
    expect(decodeKey('%E4%B8%AD/%F0%9F%99%82')).toBe('中/🙂')
  })

  it('survives bytes that are no text', () => {
    expect(decodeKey('a%FFb%zz')).toBe('a\uFFFDb%zz')
  })
})

describe('bareEtag', () => {
  it('takes off quotes and the weak mark, and nothing else', () => {
    expect(bareEtag('"abc-2"')).toBe('abc-2')
    expect(bareEtag('W/"abc"')).toBe('abc')
    expect(bareEtag('abc')).toBe('abc')
    expect(bareEtag('"a"b"')).toBe('a"b')
  })
})
