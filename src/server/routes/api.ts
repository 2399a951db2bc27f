import type { Context } from 'hono'
import { Hono } from 'hono'

import { AgentsviewError } from '../../base/index.ts'
import {
  findSession,
  listMachines,
  listSessions,
  listSyncRuns,
  search,
  sessionDetail,
  sessionMessages,
  usageDimensions,
  usageReport,
} from '../../query/index.ts'
import type { ServerContext } from '../context.ts'
import { filtersOf, fromOf, isAsked, pageOf, zoneOf } from '../request.ts'

type Answer = (request: Context, context: ServerContext) => Promise<{ readonly kind: string } & object>

/** The JSON of the command line, by address: the same names, shapes and filters. */
export function apiRoutes(context: ServerContext): Hono {
  const api = new Hono()
  for (const [path, answer] of Object.entries(answers)) {
    api.get(path, (request) => answer(request, context).then((value) => request.json({ schemaVersion: 1, ...value })))
  }
  return api
}

const answers: Readonly<Record<string, Answer>> = {
  '/sessions': async (request, context) => {
    const list = await listSessions(context.ask, {
      filters: await filtersOf(request, context),
      hasChildren: isAsked(request, 'include-children'),
      hasCopies: isAsked(request, 'copies'),
      hasEmpty: isAsked(request, 'all'),
      ...pageOf(request, 50),
    })
    return { kind: 'sessionList', ...list }
  },
  '/sessions/:id': async (request, { ask }) => {
    const session = await sessionDetail(ask, await findSession(ask, request.req.param('id') ?? ''))
    if (session !== null) return { kind: 'session', session }
    throw new AgentsviewError({ code: 'not-found.session', message: 'this session has just left the archive' })
  },
  '/sessions/:id/messages': async (request, { ask }) => {
    const found = await findSession(ask, request.req.param('id') ?? '')
    const page = await sessionMessages(ask, found, { ...pageOf(request, 50), from: fromOf(request) })
    return { kind: 'sessionMessages', sessionId: found.id, ...page }
  },
  '/search': async (request, context) => {
    const filters = await filtersOf(request, context)
    const found = await search(context.ask, request.req.query('q') ?? '', filters, pageOf(request, 50))
    return { kind: 'searchHits', ...found }
  },
  '/usage/daily': async (request, context) => {
    const timezone = zoneOf(request, context)
    const asked = (request.req.queries('by') ?? []).flatMap((value) => value.split(','))
    const by = usageDimensions.filter((dimension) => asked.includes(dimension))
    const filters = await filtersOf(request, context)
    const { periods, totals } = await usageReport(context.ask, { unit: 'day', filters, by, timezone })
    return { kind: 'usageDaily', daily: periods, totals, timezone }
  },
  '/machines': async (_request, { ask, now }) => ({ kind: 'machineList', machines: await listMachines(ask, now()) }),
  '/sync/runs': async (request, { ask }) => ({
    kind: 'syncRunList',
    runs: await listSyncRuns(ask, pageOf(request, 20).limit),
  }),
}
