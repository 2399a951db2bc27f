import { expect, it } from 'vitest'

import { globProblem } from './glob-problem.ts'

it.each(['**/*.jsonl', 'a[0-9]*', '[!]]x', '{a,b}/**', '@(a|b)', 'a\\[b', 'copy) of ]', '**/[{]x'])(
  'takes %s',
  (glob) => {
    expect(globProblem(glob)).toBeNull()
  },
)

it.each([
  ['[', 'has a [ without its ]'],
  ['a/[b', 'has a [ without its ]'],
  ['[]', 'has a [ without its ]'],
  ['{a,b', 'has a { without its }'],
  ['!(a', 'has a ( without its )'],
  [' ', 'is empty'],
  ['/prod/**', 'begins with /, which no key does'],
])('refuses %s', (glob, problem) => {
  expect(globProblem(glob)).toBe(problem)
})
