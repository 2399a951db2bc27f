import { cleanText } from '../base/index.ts'
import { matchPhrase } from '../store/index.ts'

/** A word or phrase of a query. */
export interface Term {
  readonly text: string
  /** Words that begin so count too. */
  readonly isPrefix: boolean
}

/** A query taken apart: every group must be met by one of its terms, and no unwanted term may stand there. */
export interface SearchQuery {
  readonly groups: readonly (readonly Term[])[]
  readonly unwanted: readonly Term[]
}

/**
 * Reads what a person types: words (all must stand in the message), `"a phrase"`, `a OR b`, `NOT a` or
 * `-a`, `pref*`. There are no wrong queries: an operator with nothing to work on is an ordinary word,
 * and a query of unwanted terms alone looks for them.
 */
export function readSearchQuery(query: string): SearchQuery {
  // The index holds no control characters either, and its query language ends at a NUL.
  const pieces = piecesOf(cleanText(query))
  const groups: Term[][] = []
  const unwanted: Term[] = []
  let joins = false
  for (const [at, word] of pieces.entries()) {
    const next = pieces[at + 1]
    const hasNext = next !== undefined && next.isSearchable
    if (word.operator === 'OR' && groups.length > 0 && hasNext && !isNot(pieces[at - 1], pieces[at - 2])) {
      joins = true
      continue
    }
    if (word.operator === 'NOT' && hasNext) continue
    if (!word.isSearchable) continue
    const term = { text: word.text, isPrefix: word.isPrefix }
    const before = pieces[at - 1]
    if (word.isNegated || isNot(word, before)) unwanted.push(term)
    else if (joins) groups.at(-1)?.push(term)
    else groups.push([term])
    joins = false
  }
  return groups.length === 0 ? { groups: unwanted.map((term) => [term]), unwanted: [] } : { groups, unwanted }
}

/** The full-text query; empty when nothing in it can be looked for. */
export function matchOf(query: SearchQuery): string {
  const groups = query.groups.map((terms) => `(${terms.map(phraseOf).join(' OR ')})`)
  if (groups.length === 0) return ''
  return [groups.join(' AND '), ...query.unwanted.map(phraseOf)].join(' NOT ')
}

function phraseOf(term: Term): string {
  return matchPhrase(term.text, term.isPrefix)
}

interface Piece {
  readonly text: string
  readonly isPrefix: boolean
  readonly isNegated: boolean
  /** Whether the word index knows anything in it; an operator word is searchable as well. */
  readonly isSearchable: boolean
  readonly operator: 'OR' | 'NOT' | null
}

function piecesOf(query: string): readonly Piece[] {
  const found = query.matchAll(/(-?)"([^"]*)"?(\*?)|(\S+)/g)
  return [...found].flatMap(([, minus = '', phrase, star = '', word = '']): Piece[] => {
    if (phrase !== undefined) return phrase.trim() === '' ? [] : [pieceOf(phrase, star === '*', minus === '-')]
    if (word === 'OR' || word === 'NOT') return [{ ...pieceOf(word, false, false), operator: word }]
    const isNegated = /^-[^-]/.test(word)
    const bare = isNegated ? word.slice(1) : word
    const isPrefix = bare.length > 1 && bare.endsWith('*')
    return [pieceOf(isPrefix ? bare.slice(0, -1) : bare, isPrefix, isNegated)]
  })
}

function pieceOf(text: string, isPrefix: boolean, isNegated: boolean): Piece {
  return { text, isPrefix, isNegated, isSearchable: matchPhrase(text, isPrefix) !== '', operator: null }
}

function isNot(piece: Piece | undefined, before: Piece | undefined): boolean {
  return piece !== undefined && (piece.isNegated || before?.operator === 'NOT')
}
