import { listFacets, search, searchFacets } from '../../query/index.ts'
import type { ApiRole } from '../api.ts'
import { filterParams, pageParams } from '../params.ts'
import { filtersOf, isAsked, pageOf, zoneOf } from '../request.ts'
import type { Route } from '../route.ts'
import { defineRoute } from '../route.ts'
import { facets, search as found } from '../shapes/search.ts'

/** Words in messages, and what there is to filter by. */
export const searchRoutes: readonly Route[] = [
  defineRoute({
    path: '/search',
    summary: 'Messages that hold some words, best first: words, "a phrase", a OR b, -unwanted, begin*',
    params: ['q', ...filterParams, ...pageParams, 'facets'],
    shape: found,
    answer: async (request, context) => {
      const { ask } = context
      const query = request.req.query('q') ?? ''
      const filters = await filtersOf(request, context)
      const page = await search(ask, query, filters, pageOf(request, 50))
      return {
        kind: 'searchHits',
        ...page,
        hits: page.hits.map((hit) => ({ ...hit, role: hit.role as ApiRole })),
        facets: isAsked(request, 'facets') ? await searchFacets(ask, query, filters, zoneOf(request, context)) : null,
      }
    },
  }),
  defineRoute({
    path: '/facets',
    summary: 'Machines, remotes, projects, agents, models and branches, with the number of sessions',
    shape: facets,
    answer: async (_request, { ask }) => ({ kind: 'facets', ...(await listFacets(ask)) }),
  }),
]
