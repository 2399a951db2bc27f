import { AgentsviewError } from '../../base/index.ts'
import { sessionObject } from '../../query/index.ts'
import { countOf, sessionOf } from '../request.ts'
import type { Route } from '../route.ts'
import { defineRoute } from '../route.ts'
import { raw } from '../shapes/sessions.ts'

/** Most bytes one answer holds. */
const mostBytes = 2 ** 20
const newline = 0x0a

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
      const object = await sessionObject(context.ask, found)
      if (object === null || context.readObject === undefined) throw notReadable()
      const offset = countOf(request, 'offset') ?? 0
      const asked = countOf(request, 'length')
      const wanted = Math.min(asked ?? mostBytes, mostBytes)
      const bytes = await context.readObject(object, offset, wanted, request.req.raw.signal)
      const end = asked === null ? bytes.indexOf(newline) : -1
      const line = end < 0 ? bytes : bytes.subarray(0, end)
      const { remote, bucket, key } = object
      return {
        kind: 'sessionRaw',
        remote,
        bucket,
        key,
        offset,
        length: line.length,
        isCut: end < 0 && bytes.length === wanted && (asked === null || asked > wanted),
        text: new TextDecoder().decode(line),
      }
    },
  }),
]

function notReadable(): AgentsviewError {
  return new AgentsviewError({
    code: 'not-found.source',
    message: 'the source of this session cannot be read from here',
    hint: 'Start the server with the config that declares its remote.',
  })
}
