import type { Answer, ApiCount, ApiRole, Page } from './common.ts'

/** One message that a query found. */
export interface ApiHit {
  readonly sessionId: string
  readonly ordinal: number
  readonly machine: string
  readonly project: string | null
  readonly agent: string
  /** Title of the session. */
  readonly title: string
  readonly role: ApiRole
  readonly timestamp: string | null
  readonly field: 'text' | 'thinking'
  readonly snippet: string
  /** Where in the snippet the words stand: `[start, end)` in UTF-16 units. */
  readonly matches: readonly (readonly [number, number])[]
  readonly score: number
}

/** Hits by what they have in common, the most frequent first. */
export interface ApiSearchFacets {
  readonly machine: readonly ApiCount[]
  readonly agent: readonly ApiCount[]
  readonly project: readonly ApiCount[]
  readonly role: readonly ApiCount[]
  /** `YYYY-MM` in the zone, newest first. */
  readonly month: readonly ApiCount[]
}

/** `GET /search?q=` (`facets=1`: with counts over all hits) */
export interface SearchAnswer extends Answer<'searchHits'>, Page {
  readonly hits: readonly ApiHit[]
  readonly facets: ApiSearchFacets | null
}

/** `GET /facets`: what there is to filter by, with the number of sessions; the most frequent first. */
export interface FacetsAnswer extends Answer<'facets'> {
  readonly machines: readonly ApiCount[]
  readonly remotes: readonly ApiCount[]
  readonly projects: readonly ApiCount[]
  readonly agents: readonly ApiCount[]
  readonly models: readonly ApiCount[]
  readonly branches: readonly ApiCount[]
}
