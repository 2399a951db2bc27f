import { expect, it } from 'vitest'

import { isFolderMarker, keyProblem } from './key-problem.ts'

it('finds nothing wrong with ordinary keys', () => {
  for (const key of [
    'prod/box/raw/claude/p/a.jsonl',
    'a',
    'a/..b/c..',
    '.hidden/x',
    'schlüssel/日本 🎉.jsonl',
    'a b/%2F+&?#',
  ]) {
    expect(keyProblem(key), key).toBeNull()
  }
})

it('refuses keys that could become another path, or write on a terminal', () => {
  const hostile = [
    '../x',
    'a/../b',
    'a/..',
    './a',
    'a/./b',
    '/a',
    'a//b',
    'a/',
    '',
    'a\\b',
    'a\nb',
    'a\u0000',
    'a\u001b[31m',
    'a\u007f',
    'a\u0085b',
    'a\u2028b',
  ]
  for (const key of hostile) expect(keyProblem(key), JSON.stringify(key)).toMatch(/^the key holds /)
})

it('knows the empty object that stands for a folder', () => {
  expect(isFolderMarker('a/b/', 0)).toBe(true)
  expect(isFolderMarker('a/b/', 1)).toBe(false)
  expect(isFolderMarker('a/b', 0)).toBe(false)
})
