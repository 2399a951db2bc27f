import { createHash, randomUUID } from 'node:crypto'

import type { Context } from 'hono'

import { archiveVersion, dayOf } from '../query/index.ts'
import type { ServerContext } from './context.ts'
import { declaredOf } from './context.ts'
import type { Freshness } from './route.ts'

/** What an answer is made from. */
export interface Marks {
  /** By this a browser can ask whether the answer still holds, without making it anew. */
  readonly etag: string
  /** Version of the archive, as events tell it: a page sees by it which of its answers are older than an event. */
  readonly archive: string
}

/** Marks answers. */
export interface EtagMaker {
  /** @returns null for answers that must be made each time */
  marksOf(request: Context, freshness: Freshness): Promise<Marks | null>
}

/** Marks follow from the archive's version, the address and the day; none outlives this server. */
export function etagMaker(context: ServerContext): EtagMaker {
  const server = randomUUID()
  const { ask, now, timezone } = context
  return {
    marksOf: async (request, freshness) => {
      if (freshness === 'never') return null
      const { pathname, search, searchParams } = new URL(request.req.url)
      const zone = searchParams.get('timezone') ?? ''
      // Days begin at their own time in each zone, and spans of hours and minutes end each moment.
      const isByDay = freshness === 'archive' && zone === '' && !/[?&](since|until)=\d+[hm]\b/.test(search)
      const time = isByDay ? dayOf(now(), timezone) : Math.floor(now() / 60_000)
      const archive = await archiveVersion(ask)
      // Remotes are told with what the config says of them now.
      const declared = JSON.stringify(declaredOf(context))
      const parts = [server, archive, String(time), declared, pathname, search]
      const digest = createHash('sha256').update(parts.join('\n')).digest('base64url')
      return { etag: `W/"${digest.slice(0, 22)}"`, archive }
    },
  }
}

/** True when the reader already has the answer with this mark. */
export function isKnown(request: Context, etag: string): boolean {
  const given = request.req.header('if-none-match') ?? ''
  return given.split(',').some((one) => one.trim() === etag)
}
