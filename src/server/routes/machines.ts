import { AgentsviewError } from '../../base/index.ts'
import type { Route } from '../route.ts'
import { defineRoute } from '../route.ts'
import { machineRenamed } from '../shapes/fleet.ts'
import { bodyOf, notPossible, refuseUnlessAllowed } from './actions.ts'

/** What changes machines: only for servers that were started to allow it. */
export const machineRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/machines/:name/rename',
    summary: 'Give a machine another name, in the config and the archive; with merge, the name of another machine',
    shape: machineRenamed,
    freshness: 'never',
    body: {
      type: 'object',
      properties: { to: { type: 'string' }, merge: { type: 'boolean' } },
      required: ['to'],
    },
    answer: async (request, context) => {
      refuseUnlessAllowed(context)
      if (context.renameMachine === undefined) throw notPossible('this server cannot rename machines')
      const { to, merge } = await bodyOf(request)
      if (typeof to !== 'string') {
        throw new AgentsviewError({ code: 'usage.body', message: 'no name is given', hint: 'Send {"to": "name"}.' })
      }
      const from = request.req.param('name') ?? ''
      const { objects, sessions } = await context.renameMachine(from, to, merge === true ? 'merge' : 'rename')
      return { kind: 'machineRenamed', from, to, objects, sessions }
    },
  }),
]
