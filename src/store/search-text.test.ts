import Database from 'libsql'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { cutForIndex, matchPhrase, needsCut } from './search-text.ts'

let database: Database.Database
beforeAll(() => {
  database = new Database(':memory:')
  database.exec(`CREATE VIRTUAL TABLE words USING fts5(text, content='', contentless_delete=1,
    tokenize="unicode61 remove_diacritics 2")`)
})
afterAll(() => {
  database.close()
})

/** Whether a text, indexed as the archive does, is found by a word. */
function finds(text: string, word: string, isPrefix = false): boolean {
  database.exec('DELETE FROM words')
  database.prepare('INSERT INTO words (rowid, text) VALUES (1, ?)').run(cutForIndex(text))
  const query = matchPhrase(word, isPrefix)
  if (query === '') return false
  return database.prepare('SELECT rowid FROM words WHERE words MATCH ?').all(query).length === 1
}

/** Letters of scripts without spaces: Han (also beyond the first plane), kana, Hangul. */
const letters = [...'評価漢字東京大阪日本語中文検索あいうえカキクケコー한국어검색𠮷𩸽々']
const unspaced = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 12 })

describe('words of text without spaces', () => {
  it('of one, two, three and more characters are found wherever they stand', () => {
    const around = fc.constantFrom('', 'see ', 'x', '12 ', '。', '「')
    fc.assert(
      fc.property(
        unspaced,
        around,
        around,
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        (run, before, after, at, length) => {
          const from = at % run.length
          const word = run.slice(from, from + length).join('')
          const isLatinBeside = before === 'x' || after === 'x'
          const text = `${before}${run.join('')}${after}`
          expect(finds(text, word), `${word} in ${text}${isLatinBeside ? ' (letters beside)' : ''}`).toBe(true)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('that are not there are not found', () => {
    expect(finds('東京大阪', '京都')).toBe(false)
    expect(finds('東京 大阪', '京大')).toBe(false)
    expect(finds('東京大阪', '東大')).toBe(false)
    expect(finds('評価スクリプト', '価評')).toBe(false)
  })
})

describe('words of other text', () => {
  it('are found whole, and by their beginning when that is asked', () => {
    expect(finds('the quick brown fox', 'quick')).toBe(true)
    expect(finds('the quick brown fox', 'qui')).toBe(false)
    expect(finds('the quick brown fox', 'qui', true)).toBe(true)
    expect(finds('Crème brûlée', 'creme')).toBe(true)
    expect(finds('the quick brown fox', 'quick brown')).toBe(true)
    expect(finds('the quick brown fox', 'brown quick')).toBe(false)
  })

  it('never become syntax of the index, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.boolean(), (word, isPrefix) => {
        const text = `${word} and more`
        expect([true, false]).toContain(finds(text, word, isPrefix))
      }),
      { numRuns: 400 },
    )
    for (const word of ['a"b', 'a AND b', 'NEAR(a b)', 'text:a', 'a*', '^a', '-a', 'a OR "']) {
      expect(finds(`before ${word} after`, word), word).toBe(true)
    }
  })

  it('of nothing but signs ask nothing', () => {
    for (const word of ['', ' ', '"', '***', '→', '🎉']) expect(matchPhrase(word, false), word).toBe('')
  })
})

it('knows every character that is cut', () => {
  const missed: string[] = []
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code)
    if (cutForIndex(character) !== character && !needsCut(character)) missed.push(code.toString(16))
  }
  expect(missed).toEqual([])
  expect([needsCut('plain text, Ünïcödé, 🎉'), needsCut('日本')]).toEqual([false, true])
})
