import { createHash, randomUUID } from 'node:crypto'

import type { Context } from 'hono'

import { archiveVersion, dayOf } from '../query/index.ts'
import type { ServerContext } from './context.ts'
import type { Freshness } from './route.ts'

/** Gives answers a mark by which a browser can ask whether they still hold, without making them anew. */
export interface EtagMaker {
  /** @returns null for answers that must be made each time */
  etagOf(request: Context, freshness: Freshness): Promise<string | null>
}

/** Marks follow from the archive's version, the address and the day; none outlives this server. */
export function etagMaker(context: ServerContext): EtagMaker {
  const server = randomUUID()
  const { ask, now, timezone } = context
  return {
    etagOf: async (request, freshness) => {
      if (freshness === 'never') return null
      const { pathname, search, searchParams } = new URL(request.req.url)
      const zone = searchParams.get('timezone') ?? ''
      // Days begin at their own time in each zone, and spans of hours and minutes end each moment.
      const isByDay = freshness === 'archive' && zone === '' && !/[?&](since|until)=\d+[hm]\b/.test(search)
      const time = isByDay ? dayOf(now(), timezone) : Math.floor(now() / 60_000)
      const parts = [server, await archiveVersion(ask), String(time), pathname, search]
      return `W/"${createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22)}"`
    },
  }
}

/** True when the reader already has the answer with this mark. */
export function isKnown(request: Context, etag: string): boolean {
  const given = request.req.header('if-none-match') ?? ''
  return given.split(',').some((one) => one.trim() === etag)
}
