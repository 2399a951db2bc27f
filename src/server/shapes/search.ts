import type { ApiHit, ApiSearchFacets, FacetsAnswer, SearchAnswer } from '../api.ts'
import { count, list, named, number, numbers, object, oneOf, orNull, text, time } from '../shape.ts'
import { kind, pageFields, role, valueCount } from './common.ts'

const counts = list(valueCount)
const hit = named(
  'Hit',
  object<ApiHit>({
    sessionId: text,
    ordinal: count,
    machine: text,
    project: orNull(text),
    agent: text,
    title: text,
    role,
    timestamp: orNull(time),
    field: oneOf('text', 'thinking'),
    snippet: text,
    matches: list(numbers<readonly [number, number]>(2)),
    score: number,
  }),
)

export const search = object<SearchAnswer>({
  ...kind('searchHits'),
  hits: list(hit),
  ...pageFields,
  facets: orNull(
    object<ApiSearchFacets>({ machine: counts, agent: counts, project: counts, role: counts, month: counts }),
  ),
})

export const facets = object<FacetsAnswer>({
  ...kind('facets'),
  machines: counts,
  remotes: counts,
  projects: counts,
  agents: counts,
  models: counts,
  branches: counts,
})
