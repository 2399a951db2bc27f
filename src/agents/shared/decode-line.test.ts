import { describe, expect, it } from 'vitest'
import { badLine, decodeLine } from './decode-line.ts'

const decode = (text: string | Uint8Array, offset = 0) => decodeLine({ offset, bytes: Buffer.from(text) })

describe('decodeLine', () => {
  it('reads an object, with or without a trailing carriage return', () => {
    expect(decode('{"a":1}')).toEqual({ kind: 'object', value: { a: 1 }, text: '{"a":1}' })
    expect(decode('{"a":1}\r')).toEqual(decode('{"a":1}'))
  })

  it('takes an empty line as blank and a line of spaces as bad', () => {
    expect(decode('').kind).toBe('blank')
    expect(decode('\r').kind).toBe('blank')
    expect(decode('   ').kind).toBe('bad')
  })

  it('accepts a byte order mark at the very start of the object only', () => {
    expect(decode('\uFEFF{"a":1}').kind).toBe('object')
    expect(decode('\uFEFF{"a":1}', 10).kind).toBe('bad')
  })

  it('says that JSON which is no object is something else', () => {
    expect(['[1]', '1', 'null', '"x"'].map((text) => decode(text).kind)).toEqual(['other', 'other', 'other', 'other'])
  })

  it('removes bytes that are not UTF-8 and keeps a genuine replacement character', () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"x'), Buffer.from([0xc3, 0x28]), Buffer.from('\uFFFDy"}')])
    expect(decode(bytes)).toMatchObject({ value: { a: 'x(\uFFFDy' } })
  })

  it('refuses a raw control character inside a string', () => {
    expect(decode('{"a":"x\u0000"}').kind).toBe('bad')
  })

  it('describes a bad line by its place and length', () => {
    expect(badLine({ offset: 7, bytes: Buffer.from('nope') })).toEqual({
      kind: 'bad-line',
      offset: 7,
      length: 4,
      reason: 'invalid-json',
    })
  })
})
