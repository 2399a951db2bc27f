import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isCompleteObject, splitLines } from './split-lines.ts'

interface Cut {
  readonly offset: number
  readonly length: number
  readonly text: string | null
}

/** Everything a splitter says of bytes given in pieces, the tail last. */
function split(pieces: readonly Uint8Array[], start = 0, maxLineBytes = 1000): readonly Cut[] {
  const splitter = splitLines(start, maxLineBytes)
  const cuts: Cut[] = []
  const note = (line: { offset: number; bytes: Uint8Array | null; length?: number }): void => {
    const text = line.bytes === null ? null : Buffer.from(line.bytes).toString('latin1')
    cuts.push({ offset: line.offset, length: line.bytes?.length ?? line.length ?? -1, text })
  }
  for (const piece of pieces) for (const line of splitter.push(piece)) note(line)
  const tail = splitter.tail()
  if (tail !== null) note(tail)
  return cuts
}

/** The same by the plainest means. */
function expected(bytes: Uint8Array, start: number, maxLineBytes: number): readonly Cut[] {
  const lines = Buffer.from(bytes).toString('latin1').split('\n')
  let offset = start
  const cuts = lines.map((text) => {
    const cut = { offset, length: text.length, text: text.length > maxLineBytes ? null : text }
    offset += text.length + 1
    return cut
  })
  return cuts.at(-1)?.length === 0 ? cuts.slice(0, -1) : cuts
}

/** Bytes in which newlines are common. */
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => array.map((byte) => (byte % 5 === 0 ? 10 : byte)))

describe('splitLines', () => {
  it('gives the same lines, offsets and tail however the bytes are cut', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(300)), fc.nat(2 ** 40), fc.nat(40), (whole, cuts, start, maxLineBytes) => {
        const ends = [...new Set([0, whole.length, ...cuts.filter((cut) => cut < whole.length)])].toSorted(
          (a, b) => a - b,
        )
        const pieces = ends.slice(1).map((end, at) => whole.slice(ends[at], end))
        expect(split(pieces, start, maxLineBytes)).toEqual(expected(whole, start, maxLineBytes))
      }),
      { numRuns: 500 },
    )
  })

  it('gathers a line of many megabytes from its pieces, and lets go of one that is too long', () => {
    const piece = Buffer.from(Array.from({ length: 2 ** 20 }, (_, at) => 32 + (at % 90)))
    const pieces = [Buffer.from('a\nb'), ...Array.from({ length: 6 }, () => piece), Buffer.from('c\nd\n')]
    const line = `b${piece.toString('latin1').repeat(6)}c`
    const [, cut] = split(pieces, 0, line.length)
    expect(cut?.offset).toBe(2)
    expect(cut?.text === line).toBe(true)
    expect(split(pieces, 0, line.length - 1).slice(1)).toEqual([
      { offset: 2, length: line.length, text: null },
      { offset: 3 + line.length, length: 1, text: 'd' },
    ])
    expect(split(pieces.slice(0, -1), 0, line.length)[1]?.text === line.slice(0, -1)).toBe(true)
  })

  it('lets a line go that is one byte too long, and keeps the next one', () => {
    const pieces = ['aaaa', 'aaaaaaa\nbb\n'].map((text) => Buffer.from(text))
    expect(split(pieces, 0, 10)).toEqual([
      { offset: 0, length: 11, text: null },
      { offset: 12, length: 2, text: 'bb' },
    ])
    expect(split(pieces, 0, 11)[0]).toEqual({ offset: 0, length: 11, text: 'aaaaaaaaaaa' })
  })

  it('gives an unfinished line that is too long as its place alone', () => {
    expect(split([Buffer.from('ok\nxxxxxx')], 0, 5)).toEqual([
      { offset: 0, length: 2, text: 'ok' },
      { offset: 3, length: 6, text: null },
    ])
  })

  it('has no tail after a newline, and none in nothing', () => {
    expect(splitLines(7, 10).tail()).toBeNull()
    expect(split([Buffer.from('\n\n')])).toEqual([
      { offset: 0, length: 0, text: '' },
      { offset: 1, length: 0, text: '' },
    ])
  })
})

describe('isCompleteObject', () => {
  const encode = (text: string): Uint8Array => Buffer.from(text)

  it('takes an object, with space around it', () => {
    for (const text of ['{}', '{"a":{"b":[1]}}', ' {"a":1} \r', '{"a":"日本"}'])
      expect(isCompleteObject(encode(text))).toBe(true)
  })

  it('takes nothing else: neither other values nor what could go on', () => {
    for (const text of ['', ' ', '1', '12', 'null', '"{}"', '[{}]', '{"a":1', '{"a":"}', '}{', '{}{}']) {
      expect(isCompleteObject(encode(text)), text).toBe(false)
    }
  })

  it('never takes the beginning of an object', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (value, share) => {
          const whole = encode(JSON.stringify(value))
          const cut = Math.min(whole.length - 1, Math.floor(whole.length * share))
          expect(isCompleteObject(whole)).toBe(true)
          expect(isCompleteObject(whole.subarray(0, cut))).toBe(false)
        },
      ),
    )
  })
})
