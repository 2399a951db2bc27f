import type { Context } from 'hono'
import { html } from 'hono/html'

import type { SearchHit } from '../../query/index.ts'
import { clockOf, search, showCount } from '../../query/index.ts'
import type { ServerContext } from '../context.ts'
import type { Markup } from './page.ts'
import { page, sessionHref } from './page.ts'
import { filtersOf, pageOf, zoneOf } from '../request.ts'

/** `/search?q=`: messages that hold some words. */
export function searchRoute(context: ServerContext) {
  return async (request: Context): Promise<Response> => {
    const query = request.req.query('q') ?? ''
    const zone = zoneOf(request, context)
    const { hits, total, nextCursor } = await search(
      context.ask,
      query,
      await filtersOf(request, context),
      pageOf(request, 50),
    )
    const next =
      nextCursor === null ? null : `/search?${new URLSearchParams({ q: query, cursor: nextCursor }).toString()}`
    return request.html(
      page(
        { title: query === '' ? 'Search' : query, query },
        html`<h1>Search</h1>
          <p class="dim">
            ${query === '' ? 'Type words; “a phrase” in quotes, OR, -unwanted, begin*.' : `${showCount(total, false)} messages`}
          </p>
          <ol class="hits">
            ${hits.map((hit) => hitMarkup(hit, zone))}
          </ol>
          ${next === null ? '' : html`<p><a class="next" href="${next}">More</a></p>`}`,
      ),
    )
  }
}

function hitMarkup(hit: SearchHit, zone: string): Markup {
  const time = hit.timestamp === null ? null : clockOf(Date.parse(hit.timestamp), zone)
  const about = [hit.machine, hit.project, time, hit.role, hit.field === 'thinking' ? 'thinking' : null]
  return html`<li>
    <a href="${sessionHref(hit.sessionId, hit.ordinal)}">${hit.title} #${hit.ordinal}</a>
    <p class="facts dim">${about.filter((one) => one !== null).map((one) => html`<span>${one}</span>`)}</p>
    <p class="wrap">${marked(hit)}</p>
  </li>`
}

function marked(hit: SearchHit): readonly (string | Markup)[] {
  const pieces: (string | Markup)[] = []
  let end = 0
  for (const [from, to] of hit.matches) {
    pieces.push(hit.snippet.slice(end, from), html`<mark>${hit.snippet.slice(from, to)}</mark>`)
    end = to
  }
  return [...pieces, hit.snippet.slice(end)]
}
