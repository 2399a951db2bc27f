import type { SearchQuery, Term } from './search-query.ts'

/** A piece of a text around what was found. */
export interface Snippet {
  /** One line; `…` where the text goes on. */
  readonly text: string
  /** Where in it the words stand: `[start, end)` in UTF-16 units. */
  readonly matches: readonly (readonly [number, number])[]
}

const before = 60
const length = 220
const unspaced = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}'
const wordCharacter = '\\p{L}\\p{N}\\p{M}'

/** Finds a query's words the way the word index does: without case and accents, punctuation as gaps. */
export function finderOf(query: SearchQuery): RegExp | null {
  const patterns = query.groups.flat().flatMap((term) => patternOf(term) ?? [])
  return patterns.length === 0 ? null : new RegExp(patterns.join('|'), 'gu')
}

/**
 * The piece of a text around the first words found in it.
 * @returns null when the text holds none of them
 */
export function snippetOf(text: string, finder: RegExp): Snippet | null {
  finder.lastIndex = 0
  const first = finder.exec(fold(text))
  if (first === null) return null
  const start = wordStart(text, Math.max(0, first.index - before))
  const end = Math.min(text.length, Math.max(first.index + first[0].length, start + length))
  return cutOut(text, start, end, finder)
}

/** The start of a text, where nothing found can be pointed at. */
export function headOf(text: string): Snippet {
  return { ...cutOut(text, 0, Math.min(text.length, length), /(?!)/gu), matches: [] }
}

function cutOut(text: string, start: number, end: number, finder: RegExp): Snippet {
  const safeEnd = isHighSurrogate(text, end - 1) && end < text.length ? end - 1 : end
  const line = text
    .slice(start, safeEnd)
    // oxlint-disable-next-line no-control-regex -- the snippet must fit on one line of a terminal
    .replace(/[\s\u0000-\u001F\u007F-\u009F]+/gu, ' ')
    .trim()
  const lead = start > 0 ? '…' : ''
  const shown = `${lead}${line}${safeEnd < text.length ? '…' : ''}`
  finder.lastIndex = 0
  const matches = [...fold(shown).matchAll(finder)].map(({ index, 0: found }) => [index, index + found.length] as const)
  return { text: shown, matches }
}

/** The next start of a word, so that a snippet does not begin in the middle of one. */
function wordStart(text: string, from: number): number {
  if (from === 0) return 0
  const space = text.slice(from, from + 20).search(/\s/u)
  const at = space < 0 ? from : from + space + 1
  return isHighSurrogate(text, at - 1) ? at + 1 : at
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xd800 && unit <= 0xdbff
}

function patternOf(term: Term): string | null {
  const tokens = fold(term.text).match(new RegExp(`[${unspaced}]|(?:(?![${unspaced}])[${wordCharacter}])+`, 'gu'))
  const [first] = tokens ?? []
  const last = tokens?.at(-1)
  if (tokens === null || first === undefined || last === undefined) return null
  const isWord = (token: string): boolean => !new RegExp(`^[${unspaced}]`, 'u').test(token)
  const edge = `(?:(?![${unspaced}])[${wordCharacter}])`
  const joined = tokens.reduce((pattern, token, at) => {
    const previous = tokens[at - 1]
    if (previous === undefined) return token
    // Signs of one run stand side by side; everything else may have punctuation between.
    const gap = isWord(previous) && isWord(token) ? '+' : '*'
    return `${pattern}[^${wordCharacter}]${gap}${token}`
  }, '')
  const start = isWord(first) ? `(?<!${edge})` : ''
  const end = isWord(last) ? (term.isPrefix ? `${edge}*` : `\\p{M}*(?!${edge})`) : ''
  return `${start}${joined}${end}`
}

/** The text with case and accents taken off, each UTF-16 unit in its place. */
function fold(text: string): string {
  // oxlint-disable-next-line no-control-regex -- ASCII is a range of characters
  if (/^[\u0000-\u007F]*$/.test(text)) return text.toLowerCase()
  // oxlint-disable-next-line no-control-regex -- as above
  return text.replace(/[^\u0000-\u007F]|[A-Z]/gu, (sign) => {
    const bare = sign
      .normalize('NFD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
    return bare.length === sign.length ? bare : sign
  })
}
