import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contextOf } from '../../../test/agents/claude-log.ts'
import type { Json } from '../../base/index.ts'
import type { SessionRecord } from '../../model/index.ts'
import { OutputParser, openSidecar } from './sidecar.ts'

const context = contextOf('p/s1/tool-results/t.txt')
const metaContext = contextOf('p/s1/subagents/agent-z.meta.json')

function textOf(records: readonly SessionRecord[]): string {
  const pieces = records.flatMap((record) => (record.kind === 'output' ? [record] : []))
  // Of two at one place the later one stands.
  return [...new Map(pieces.map((piece) => [piece.offset, piece])).values()]
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ text }) => text)
    .join('')
}

/** Reads bytes in pieces, with a new parser after each of them. */
function readInPieces(bytes: Buffer, cuts: readonly number[], limit: number): string {
  const records: SessionRecord[] = []
  let state: Json = null
  let from = 0
  for (const to of [...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length]) {
    const parser = new OutputParser(context, state, limit)
    if (to > from) records.push(...parser.push({ offset: from, bytes: bytes.subarray(from, to) }))
    ;({ offset: from, state } = parser.resume())
  }
  return textOf(records)
}

describe('an output beside its log', () => {
  it('is the same text however its bytes arrive, line breaks and all', () => {
    const text = 'a\r\nπ€\u{1F600}é\n\nend'
    const cuts = fc.array(fc.nat(30), { maxLength: 6 })
    fc.assert(
      fc.property(cuts, (at) => {
        expect(readInPieces(Buffer.from(text), at, 1000)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  it('ends with a word about it after the limit, never within a character', () => {
    const bytes = Buffer.from('aé'.repeat(50))
    for (const limit of [9, 10, 11]) {
      const text = readInPieces(bytes, [], limit)
      expect(text).toMatch(/^(?:aé)+a?\n\[output cut after 16 MiB\]$/)
      expect(readInPieces(bytes, [limit - 1, limit, limit + 1], limit)).toBe(text)
    }
    expect(readInPieces(bytes, [], bytes.length)).toBe(bytes.toString())
  })

  it('says that the rest need not be fetched once the limit is passed', () => {
    const parser = new OutputParser(context, null, 10)
    parser.push({ offset: 0, bytes: Buffer.alloc(10, 'x') })
    expect(parser.isDone).toBe(false)
    parser.push({ offset: 10, bytes: Buffer.alloc(1, 'x') })
    expect(parser.isDone).toBe(true)
  })

  it('holds no control characters', () => {
    expect(readInPieces(Buffer.from('a\u0000\u001b[31mb'), [], 100)).toBe('a[31mb')
  })
})

describe('what is told of a subagent beside its log', () => {
  const marks = (...pieces: readonly string[]) => {
    const parser = openSidecar(metaContext, null)
    for (const text of pieces) parser.push({ offset: 0, bytes: Buffer.from(text) })
    return parser
      .flush('whole')
      .map((record) => (record.kind === 'mark' ? [record.name, record.key, record.value] : []))
  }

  it('is its kind, its task and its call', () => {
    const text = JSON.stringify({ agentType: 'Explore', description: ' look\naround ', toolUseId: 't1' })
    const expected = [
      ['label', '', 'Explore'],
      ['description', '', 'look around'],
      ['spawn', 't1', 'agent-z'],
    ]
    expect(marks(text)).toEqual(expected)
    expect(marks(text.slice(0, 20), text.slice(20))).toEqual(expected)
  })

  it('is nothing where the file is damaged, too long or of other types', () => {
    for (const text of ['', '{', '[]', '{"agentType":7,"description":[],"toolUseId":{}}', ' '.repeat(70_000) + '{}'])
      expect(marks(text), text.slice(0, 40)).toEqual([])
  })

  it('is read from its start each time', () => {
    const parser = openSidecar(metaContext, null)
    parser.push({ offset: 0, bytes: Buffer.from('{') })
    expect(parser.resume()).toEqual({ offset: 0, state: null })
  })
})
