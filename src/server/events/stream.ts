import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'

import { archiveVersion } from '../../query/index.ts'
import type { HelloEvent } from '../api.ts'
import type { ServerContext } from '../context.ts'
import type { EventHub, SentEvent } from './hub.ts'

/** A silent connection says this often that it is alive, in milliseconds. */
const beatEveryMs = 15_000
/** A reader that is this many events behind is told to load anew rather than sent them. */
const mostWaiting = 1000

/** `GET /events`: what the hub tells, to one reader, until it leaves. */
export function eventStream(context: ServerContext, hub: EventHub) {
  return async (request: Context): Promise<Response> => {
    const lastId = request.req.header('last-event-id') ?? request.req.query('lastEventId') ?? null
    const hello: HelloEvent = {
      kind: 'hello',
      version: await archiveVersion(context.ask),
      isSyncing: context.sync?.isRunning() ?? false,
    }
    request.header('Cache-Control', 'no-cache, no-transform')
    request.header('X-Accel-Buffering', 'no')
    return streamSSE(request, async (stream) => {
      const waiting: SentEvent[] = [{ id: null, name: 'hello', data: JSON.stringify(hello) }]
      let wake: () => void = () => undefined
      const stop = hub.listen(lastId, (event) => {
        if (waiting.length >= mostWaiting) waiting.splice(0, waiting.length, { ...event, ...reset })
        else waiting.push(event)
        wake()
      })
      stream.onAbort(() => {
        stop()
        wake()
      })
      try {
        while (!stream.aborted && !stream.closed) {
          const event = waiting.shift()
          if (event !== undefined) {
            const { id, name, data } = event
            await stream.writeSSE(id === null ? { event: name, data } : { event: name, data, id })
            continue
          }
          const isWoken = await wokenWithin(beatEveryMs, (told) => (wake = told))
          if (!isWoken) await stream.write(': still here\n\n')
        }
      } finally {
        stop()
      }
    })
  }
}

const reset = { name: 'reset', data: '{"kind":"reset"}' } as const

/** Waits until the function handed out is called; false when that took too long. */
function wokenWithin(ms: number, handOut: (wake: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms)
    timer.unref()
    handOut(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}
