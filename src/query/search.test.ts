import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { noFilters } from './filters.ts'
import { search } from './search.ts'
import type { TestArchive, TestMessage } from '../../test/filled-archive.ts'
import { makeTestArchive, noon } from '../../test/filled-archive.ts'

let test: TestArchive
beforeEach(async () => {
  test = await makeTestArchive()
})
afterEach(() => test.close())

const page = { limit: 50, cursor: null }
const find = async (query: string) => await search(test.archive.driver, query, noFilters, page)
const ordinals = async (query: string) =>
  (await find(query)).hits.map(({ ordinal }) => ordinal).toSorted((one, other) => one - other)
const talk = async (texts: readonly (string | TestMessage)[], nativeId = 's') =>
  await test.add({ nativeId, messages: texts.map((text) => (typeof text === 'string' ? { text } : text)) })

describe('search', () => {
  it('wants all words, any of OR, the phrase in quotes, and none that are unwanted', async () => {
    await talk(['the quick brown fox', 'quick and slow', 'brown quick', 'lazy dog', 'quickly now'])
    expect(await ordinals('quick brown')).toEqual([0, 2])
    expect(await ordinals('"quick brown"')).toEqual([0])
    expect(await ordinals('fox OR dog')).toEqual([0, 3])
    expect(await ordinals('quick fox OR slow')).toEqual([0, 1])
    expect(await ordinals('quick -brown')).toEqual([1])
    expect(await ordinals('quick NOT brown NOT "and slow"')).toEqual([])
    expect(await ordinals('quick*')).toEqual([0, 1, 2, 4])
    expect(await ordinals('QUICK')).toEqual([0, 1, 2])
  })

  it('takes anything odd literally, and never fails', async () => {
    await talk(['or and not near', 'a AND b', 'src/app.ts:12', 'it is "quoted" (here)'])
    for (const query of [
      '"',
      '""',
      '*',
      '-',
      'OR',
      'NOT',
      'OR OR',
      'a OR',
      '(',
      'near/3',
      'text:foo',
      '^a',
      '{a b}',
      'a"b',
      '-"',
      "';--",
      '\u0000',
    ])
      await expect(find(query)).resolves.toBeDefined()
    expect(await ordinals('or')).toEqual([0])
    expect(await ordinals('OR')).toEqual([0])
    expect(await ordinals('-quoted')).toEqual([3])
    expect(await ordinals('src/app.ts')).toEqual([2])
    expect(await ordinals('"quoted (here')).toEqual([3])
    expect(await find('***')).toEqual({ hits: [], total: 0, nextCursor: null })
  })

  it('takes any text at all for a query', async () => {
    await talk(['some words', '一些文字'])
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('OR', 'NOT', '-', '"', '*', 'some', 'words*', '-words', '文字'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (words) => {
        const { hits, total } = await find(words.join(' '))
        expect(hits).toHaveLength(total)
        for (const { snippet, matches } of hits)
          for (const [from, to] of matches) expect(snippet.slice(from, to)).not.toBe('')
      }),
      { numRuns: 300 },
    )
  })

  it('finds words of two characters and one in scripts without spaces', async () => {
    await talk(['修复解析器的错误', '用libsql存储会话', 'データベースを移行する', '세션 목록'])
    expect(await ordinals('解析')).toEqual([0])
    expect(await ordinals('解析器')).toEqual([0])
    expect(await ordinals('错')).toEqual([0])
    expect(await ordinals('会话')).toEqual([1])
    expect(await ordinals('libsql')).toEqual([1])
    expect(await ordinals('移行')).toEqual([2])
    expect(await ordinals('목록')).toEqual([3])
    expect(await ordinals('析解')).toEqual([])
    const [hit] = (await find('解析')).hits
    expect(hit?.matches.map(([from, to]) => hit.snippet.slice(from, to))).toEqual(['解析'])
  })

  it('shows one line around the words and where they stand in it', async () => {
    const far = 'padding '.repeat(60)
    await talk([`${far}the Café\n\tis "open"; cafe\u0301 ${far}`])
    const [hit] = (await find('cafe')).hits
    expect(hit).toMatchObject({ field: 'text', ordinal: 0, sessionId: 'gpu~s', role: 'assistant' })
    expect(hit?.snippet).toContain('the Café is "open"')
    expect(hit?.snippet.startsWith('…')).toBe(true)
    expect(hit?.snippet.length).toBeLessThan(260)
    const marked = hit?.matches.map(([from, to]) => hit.snippet.slice(from, to))
    expect(marked).toEqual(['Café', 'cafe\u0301'])
  })

  it('says when the words stand in the thinking alone', async () => {
    await talk([
      { text: 'done', thinking: 'perhaps the parser' },
      { text: 'the parser', thinking: 'parser' },
    ])
    const { hits } = await find('parser')
    expect(hits.map(({ ordinal, field }) => [ordinal, field])).toEqual([
      [1, 'text'],
      [0, 'thinking'],
    ])
  })

  it('counts ordinals over visible messages and never shows hidden ones', async () => {
    await talk([
      { text: 'needle', columns: { hidden: 1 } },
      'hay',
      'needle',
      { text: 'first needle', columns: { pos: -1 } },
    ])
    expect(await ordinals('needle')).toEqual([0, 2])
  })

  it('ranks by fit, then newest, and pages without gaps or repeats', async () => {
    const messages = Array.from({ length: 25 }, (_, at) => ({ text: 'same words here', at: noon + (at % 5) * 1000 }))
    await test.add({ nativeId: 's', messages: [...messages, { text: 'words words', at: noon }] })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const found: Awaited<ReturnType<typeof find>> = await search(test.archive.driver, 'words', noFilters, {
        limit: 4,
        cursor,
      })
      expect(found.total).toBe(26)
      seen.push(...found.hits.map(({ ordinal }) => String(ordinal)))
      cursor = found.nextCursor
    } while (cursor !== null)
    expect(seen[0]).toBe('25')
    expect(seen[1]).toBe('24')
    expect(new Set(seen).size).toBe(26)
    expect(seen).toHaveLength(26)
  })

  it('shows a message in copies on several machines once, by the longest', async () => {
    const messages = [{ text: 'needle' }]
    await test.add({ nativeId: 's', machine: 'a', size: 5, messages })
    await test.add({ nativeId: 's', machine: 'b', size: 9, messages: [...messages, { text: 'more needle' }] })
    const { hits, total } = await find('needle')
    expect(total).toBe(2)
    expect(hits.map(({ sessionId }) => sessionId)).toEqual(['b~s', 'b~s'])
    const filtered = await search(test.archive.driver, 'needle', { ...noFilters, machines: ['a'] }, page)
    expect(filtered.hits.map(({ sessionId }) => sessionId)).toEqual(['a~s'])
  })

  it('leaves out messages outside the window', async () => {
    await talk([
      { text: 'needle', at: noon },
      { text: 'needle', at: noon + 5000 },
    ])
    const filters = { ...noFilters, window: { from: noon + 1, before: null } }
    expect((await search(test.archive.driver, 'needle', filters, page)).hits.map(({ ordinal }) => ordinal)).toEqual([1])
  })
})
