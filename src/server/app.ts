import type { Context } from 'hono'
import { Hono } from 'hono'
import { html } from 'hono/html'

import { AgentsviewError } from '../base/index.ts'
import { makeApi } from './api-app.ts'
import { compress } from './compress.ts'
import type { ServerContext } from './context.ts'
import { failureJson, knownError, statusOf } from './failure.ts'
import { guardOf } from './guard.ts'
import { addLogin } from './login.ts'
import { pageFileAt, sendPageFile } from './page-files.ts'
import { page } from './plain/page.ts'
import { searchRoute } from './plain/search.ts'
import { sessionRoute } from './plain/session.ts'
import { statusRoute } from './plain/status.ts'
import { styleSheet } from './plain/style.ts'

/** All routes, ready for `app.request()` and for a server. */
export function makeApp(context: ServerContext): Hono {
  const app = new Hono()
  app.use(guardOf(context))
  app.use(compress)
  app.get('/style.css', (request) => request.body(styleSheet, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
  addLogin(app, context)
  app.route('/api/v1', makeApi(context))
  addPages(app, context)
  app.notFound((request) => failure(request, notFound()))
  app.onError((error, request) => failure(request, error))
  return app
}

/** The built page where there is one; else the plain one, which needs no script. */
function addPages(app: Hono, context: ServerContext): void {
  const files = context.page
  if (files !== undefined) {
    app.get('/*', (request) => {
      const file = pageFileAt(files, request.req.path)
      return file === null ? failure(request, notFound()) : sendPageFile(request, file)
    })
    return
  }
  app.get('/favicon.ico', (request) => request.body(null, 204))
  app.get('/', statusRoute(context))
  app.get('/sessions/:id', sessionRoute(context))
  app.get('/search', searchRoute(context))
}

function notFound(): AgentsviewError {
  return new AgentsviewError({ code: 'not-found.page', message: 'there is no such page' })
}

/** An error as JSON under `/api/`, else as a page; what is not one of ours is not told to the browser. */
async function failure(request: Context, cause: unknown): Promise<Response> {
  const error = knownError(cause)
  const status = statusOf(error)
  const headers = { 'Cache-Control': 'no-store' }
  if (request.req.path.startsWith('/api/')) return Response.json(failureJson(error), { status, headers })
  const body = await page(
    { title: 'Error', query: '' },
    html`<h1>${status}</h1>
      <pre>${error.message}</pre>
      <p>${error.hint ?? ''}</p>`,
  )
  return new Response(String(body), { status, headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } })
}
