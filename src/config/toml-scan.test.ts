import { expect, it } from 'vitest'
import { lineOf, scanToml } from './toml-scan.ts'

it('finds every key with its place, whatever the values look like', () => {
  const text = `a.b = 1
"q\\u0041" = """
# not a comment
x = 1
"""
[[r]]
l = [ "]", { k = '}' }, # [
 2 ]
[[r]]
[r.s.'t u']
v = 1 # w = 2
`
  const found = scanToml(text).map((node) => {
    const at = node.kind === 'entry' ? node.key.from : node.span.from
    return `${lineOf(text, at)} ${JSON.stringify(node.path)}`
  })
  expect(found).toEqual([
    '1 ["a","b"]',
    '2 ["qA"]',
    '6 ["r",0]',
    '7 ["r",0,"l"]',
    '7 ["r",0,"l",1,"k"]',
    '9 ["r",1]',
    '10 ["r",1,"s","t u"]',
    '11 ["r",1,"s","t u","v"]',
  ])
})

it('cuts a value at its end, not at the comment behind it', () => {
  const text = 'a = 1979-05-27 07:32:00Z   # b\nc = "x#y"#z\n'
  const values = scanToml(text).map((node) => (node.kind === 'entry' ? text.slice(node.value.from, node.value.to) : ''))
  expect(values).toEqual(['1979-05-27 07:32:00Z', '"x#y"'])
})
