import { describe, expect, it } from 'vitest'

import { firstWord } from './global-options.ts'

describe('firstWord', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['sync --remote', 'sync'],
    ['--config a.toml --json sync', 'sync'],
    ['--db=file:x -q usage daily', 'usage'],
    ['--limit 5 session list', 'session'],
    ['--config sync', null],
    ['--help', null],
    ['--colour usage', null],
    ['', null],
  ]
  for (const [line, word] of cases) {
    it(`of "${line}" is ${word ?? 'not to be told'}`, () => {
      expect(firstWord(line === '' ? [] : line.split(' '))).toBe(word)
    })
  }
})
