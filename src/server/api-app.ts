import { Hono } from 'hono'

import type { ServerContext } from './context.ts'
import type { EtagMaker } from './etag.ts'
import { etagMaker, isKnown } from './etag.ts'
import { eventStream } from './events/stream.ts'
import { onlyJsonPosts, shortBodies } from './guard.ts'
import { openApiOf } from './openapi.ts'
import type { FileRoute, Route } from './route.ts'
import { actionRoutes } from './routes/actions.ts'
import { exportRoutes } from './routes/export.ts'
import { fleetRoutes } from './routes/fleet.ts'
import { imageRoutes } from './routes/images.ts'
import { machineRoutes } from './routes/machines.ts'
import { rawRoutes } from './routes/raw.ts'
import { searchRoutes } from './routes/search.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { usageRoutes } from './routes/usage.ts'

/** Every address of the API. */
export const routes: readonly Route[] = [
  ...sessionRoutes,
  ...rawRoutes,
  ...searchRoutes,
  ...usageRoutes,
  ...fleetRoutes,
  ...actionRoutes,
  ...machineRoutes,
]

/** Every address that gives a file. */
export const fileRoutes: readonly FileRoute[] = [...imageRoutes, ...exportRoutes]

/** Longest body of a POST, in bytes. */
const longestBody = 64 * 1024

/** The API below `/api/v1`: the questions of the command line by address, with its names and filters. */
export function makeApi(context: ServerContext): Hono {
  const api = new Hono()
  const etags = etagMaker(context)
  api.use(onlyJsonPosts)
  api.use(shortBodies(longestBody))
  for (const route of routes) addRoute(api, route, context, etags)
  for (const { path, answer } of fileRoutes) api.on('GET', path, (request) => answer(request, context))
  const description = openApiOf(routes, fileRoutes, context.version ?? 'unknown')
  api.get('/openapi.json', (request) => request.json(description, 200, { 'Cache-Control': 'no-cache' }))
  if (context.events !== undefined) api.get('/events', eventStream(context, context.events))
  return api
}

function addRoute(api: Hono, route: Route, context: ServerContext, etags: EtagMaker): void {
  api.on(route.method.toUpperCase(), route.path, async (request) => {
    const marks = await etags.marksOf(request, route.freshness)
    if (marks !== null) {
      request.header('ETag', marks.etag)
      request.header('Archive-Version', marks.archive)
      request.header('Cache-Control', 'private, no-cache')
      if (isKnown(request, marks.etag)) return request.body(null, 304)
    }
    return request.json(await route.answer(request, context))
  })
}
