import { describe, expect, it } from 'vitest'
import { jsonText } from './json-text.ts'

function textOf(line: string): string {
  const value = JSON.parse(line) as { a: { x: unknown }[] }
  return jsonText(value.a[1]?.x, line, ['a', 1, 'x'])
}

describe('jsonText', () => {
  it('writes an ordinary value out as compact JSON', () => {
    expect(textOf('{"a":[{}, {"x": {"n": 1, "s": "é", "list": [1.5, null, true]}}]}')).toBe(
      '{"n":1,"s":"é","list":[1.5,null,true]}',
    )
  })

  it('keeps integers and fractions beyond double precision digit by digit', () => {
    expect(textOf('{"a":[{"x":0},{"y":[1],"x": {"id": 9007199254740993123, "f":0.12345678901234567890}}],"z":1}')).toBe(
      '{"id": 9007199254740993123, "f":0.12345678901234567890}',
    )
    expect(textOf('{"a":[{},{"x":-0}]}')).toBe('-0')
    expect(textOf('{"a":[{},{"x":1e400}]}')).toBe('1e400')
  })

  it('takes the last of repeated keys, and reads escaped ones', () => {
    expect(textOf('{"a":[],"\\u0061":[{},{"x":1,"x":[12345678901234567890]}]}')).toBe('[12345678901234567890]')
  })

  it('is not confused by brackets and commas inside strings', () => {
    expect(textOf('{"b":"]},{[","a":[{"q":"\\"a\\":["},{"k":"x","x":{"big":12345678901234567890,"s":"}],"}}]}')).toBe(
      '{"big":12345678901234567890,"s":"}],"}',
    )
  })

  it('survives nesting that would overflow the stack', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000)
    expect(textOf(`{"a":[0,{"x":${deep}}]}`)).toBe(deep)
  })

  it('removes control characters, written plainly or as escapes, and nothing else', () => {
    expect(textOf(`{"a":[0,{"x":"a\\u0000b\\u007f\u0085c\\\\u0000\\n\\td\\be"}]}`)).toBe('"abc\\\\u0000\\n\\tde"')
  })
})
