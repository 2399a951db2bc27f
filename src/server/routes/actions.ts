import type { Context } from 'hono'

import { AgentsviewError, asArray, isObject } from '../../base/index.ts'
import type { ServerContext } from '../context.ts'
import type { Route } from '../route.ts'
import { defineRoute } from '../route.ts'
import { remoteTest, syncStarted } from '../shapes/fleet.ts'

/** What changes or asks something outside the archive: only for servers that were started to allow it. */
export const actionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/sync',
    summary: 'Begin a sync; how it goes is told by /events',
    shape: syncStarted,
    freshness: 'never',
    body: { type: 'object', properties: { remotes: { type: 'array', items: { type: 'string' } } } },
    answer: async (request, context) => {
      refuseUnlessAllowed(context)
      const { sync } = context
      if (sync === undefined) throw notPossible('this server cannot sync')
      const names = asArray((await bodyOf(request))['remotes']).filter((name) => typeof name === 'string')
      return { kind: 'syncStarted', started: sync.start(names.length === 0 ? null : names) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/remotes/:name/test',
    summary: 'Check what reading a remote needs',
    shape: remoteTest,
    freshness: 'never',
    answer: async (request, context) => {
      refuseUnlessAllowed(context)
      if (context.testRemote === undefined) throw notPossible('this server cannot test remotes')
      const name = request.req.param('name') ?? ''
      const checks = await context.testRemote(name, request.req.raw.signal)
      return { kind: 'remoteTest', name, ok: checks.every(({ ok }) => ok), checks }
    },
  }),
]

/** @throws AgentsviewError `usage.actions-off` for a server that only shows */
export function refuseUnlessAllowed({ hasActions }: ServerContext): void {
  if (hasActions === true) return
  throw new AgentsviewError({
    code: 'usage.actions-off',
    message: 'this server only shows',
    hint: 'Start it with --allow-actions to let the page sync, test and rename.',
  })
}

/** Why an action cannot be taken here at all. */
export function notPossible(message: string): AgentsviewError {
  return new AgentsviewError({
    code: 'usage.actions-off',
    message,
    hint: 'Start it with the config that declares the remotes.',
  })
}

/** The body of a request as an object; empty when there is none. @throws AgentsviewError `usage.body` */
export async function bodyOf(request: Context): Promise<Readonly<Record<string, unknown>>> {
  const text = await request.req.text()
  if (text === '') return {}
  const value = parse(text)
  if (isObject(value)) return value
  throw new AgentsviewError({ code: 'usage.body', message: 'the body is not a JSON object', hint: 'Send {}.' })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Whoever sent it is told by the caller.
    return null
  }
}
