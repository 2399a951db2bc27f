import { signal } from '@preact/signals'

import { readStored, store } from './settings.ts'

/** A session someone starred in this browser. */
export interface Star {
  readonly id: string
  readonly title: string
}

/** A search someone keeps, with how many hits it had when it was last opened. */
export interface SavedSearch {
  readonly query: string
  readonly seen: number
}

const starPlace = 'agentsview.stars'
const searchPlace = 'agentsview.searches'
const mostKept = 100

export const stars = signal<readonly Star[]>(
  listFrom(readStored(starPlace)).flatMap(({ id, title }) =>
    typeof id === 'string' && typeof title === 'string' ? [{ id, title }] : [],
  ),
)
export const savedSearches = signal<readonly SavedSearch[]>(
  listFrom(readStored(searchPlace)).flatMap(({ query, seen }) =>
    typeof query === 'string' && typeof seen === 'number' ? [{ query, seen }] : [],
  ),
)

function listFrom(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value)
    ? value.filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
    : []
}

export function isStarred(id: string): boolean {
  return stars.value.some((star) => star.id === id)
}

/** Stars a session, or takes its star away. */
export function toggleStar(star: Star): void {
  const others = stars.peek().filter(({ id }) => id !== star.id)
  stars.value = others.length < stars.peek().length ? others : [star, ...others].slice(0, mostKept)
  store(starPlace, stars.peek())
}

/** Keeps a search, or notes how many hits it has now. */
export function saveSearch(search: SavedSearch): void {
  const known = savedSearches.peek()
  const isKnown = known.some(({ query }) => query === search.query)
  savedSearches.value = isKnown
    ? known.map((one) => (one.query === search.query ? search : one))
    : [search, ...known].slice(0, mostKept)
  store(searchPlace, savedSearches.peek())
}

export function forgetSearch(query: string): void {
  savedSearches.value = savedSearches.peek().filter((one) => one.query !== query)
  store(searchPlace, savedSearches.peek())
}
