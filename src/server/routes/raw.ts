import { readableOf } from '../readable.ts'
import { countOf, sessionOf } from '../request.ts'
import type { Route } from '../route.ts'
import { defineRoute } from '../route.ts'
import { raw } from '../shapes/sessions.ts'

/** Most bytes one answer holds. */
const mostBytes = 2 ** 20

/** The bytes a message came from, as proof of its origin. */
export const rawRoutes: readonly Route[] = [
  defineRoute({
    path: '/sessions/:id/raw',
    summary: 'A line of the log itself, read from the bucket',
    params: ['offset', 'length'],
    shape: raw,
    freshness: 'never',
    answer: async (request, context) => {
      const found = await sessionOf(request, context)
      const { object, readObject } = await readableOf(found, context)
      const offset = countOf(request, 'offset') ?? 0
      const asked = countOf(request, 'length')
      const wanted = { most: Math.min(asked ?? mostBytes, mostBytes), isLine: asked === null }
      const { bytes, isCut, hasGrown } = await readObject(object, offset, wanted, request.req.raw.signal)
      const { remote, bucket, key } = object
      return {
        kind: 'sessionRaw',
        remote,
        bucket,
        key,
        offset,
        length: bytes.length,
        isCut: isCut && (asked === null || asked > wanted.most),
        hasGrown,
        text: new TextDecoder().decode(bytes),
      }
    },
  }),
]
