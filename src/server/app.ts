import { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

import { AgentsviewError, exitCodeOf } from '../base/index.ts'
import type { ServerContext } from './context.ts'
import { guard } from './guard.ts'
import { page } from './page.ts'
import { html } from 'hono/html'
import { apiRoutes } from './routes/api.ts'
import { searchRoute } from './routes/search.ts'
import { sessionRoute } from './routes/session.ts'
import { statusRoute } from './routes/status.ts'
import { styleSheet } from './style.ts'

/** HTTP status by exit code; everything else is a failure of ours. */
const statusOf: Readonly<Record<number, ContentfulStatusCode>> = { 2: 400, 3: 404, 8: 413, 10: 503 }

/** All routes, ready for `app.request()` and for a server. */
export function makeApp(context: ServerContext): Hono {
  const app = new Hono()
  app.use(guard)
  app.get('/style.css', (request) => request.body(styleSheet, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
  app.get('/favicon.ico', (request) => request.body(null, 204))
  app.get('/', statusRoute(context))
  app.get('/sessions/:id', sessionRoute(context))
  app.get('/search', searchRoute(context))
  app.route('/api/v1', apiRoutes(context))
  app.notFound((request) =>
    failure(request.req.path, new AgentsviewError({ code: 'not-found.page', message: 'there is no such page' })),
  )
  app.onError((error, request) => failure(request.req.path, error))
  return app
}

/** An error as JSON under `/api/`, else as a page; what is not one of ours is not told to the browser. */
async function failure(path: string, error: unknown): Promise<Response> {
  const known =
    error instanceof AgentsviewError
      ? error
      : new AgentsviewError({ code: 'internal', message: 'this is a bug of agentsview', cause: error })
  const status = statusOf[exitCodeOf(known)] ?? 500
  const headers = { 'Cache-Control': 'no-store' }
  if (path.startsWith('/api/')) {
    return Response.json({ error: { code: known.code, message: known.message, hint: known.hint } }, { status, headers })
  }
  const body = await page(
    { title: 'Error', query: '' },
    html`<h1>${status}</h1>
      <pre>${known.message}</pre>
      <p>${known.hint ?? ''}</p>`,
  )
  return new Response(String(body), { status, headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } })
}
