import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

import type { Context, Hono, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'

import type { Clock, Secret } from '../base/index.ts'
import { AgentsviewError } from '../base/index.ts'
import type { ServerContext } from './context.ts'
import { failureJson, statusOf } from './failure.ts'
import { shortBodies } from './guard.ts'
import { page } from './plain/page.ts'

const cookieName = 'agentsview'
const cookieSeconds = 30 * 86_400
/** What anyone may load: it says nothing of what is in the archive. */
const openPaths: ReadonlySet<string> = new Set(['/login', '/style.css', '/favicon.ico'])

/**
 * Asks for the token on every request, as a bearer token or as the cookie that `/login` gives for it; does
 * nothing when the server has no token.
 */
export function addLogin(app: Hono, context: ServerContext): void {
  const token = context.access?.token ?? null
  if (token === null) return
  const limit = attemptLimit(context.now)
  app.use(askForToken(token, limit))
  const enter = async (request: Context, given: string): Promise<Response> => {
    const from = addressOf(request)
    if (limit.isReached(from)) return refused(request, tooMany())
    if (!isSame(given, token.reveal())) {
      limit.failed(from)
      return refused(request, wrongToken())
    }
    const options = { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: cookieSeconds } as const
    setCookie(request, cookieName, cookieOf(token), options)
    // The token must not stay in the address.
    return request.redirect('/', 303)
  }
  const show = async (request: Context): Promise<Response> => {
    const given = request.req.query('token')
    return given === undefined ? await loginPage(request, null) : await enter(request, given)
  }
  const take = async (request: Context): Promise<Response> =>
    await enter(request, new URLSearchParams(await request.req.text()).get('token') ?? '')
  app.get('/login', (request) => show(request))
  app.post('/login', shortBodies(longestForm), (request) => take(request))
}

/** Longest form that is read, in bytes. */
const longestForm = 4096

function askForToken(token: Secret, limit: AttemptLimit): MiddlewareHandler {
  return async (request, next) => {
    if (openPaths.has(request.req.path)) return await next()
    const bearer = /^Bearer +(\S+)$/i.exec(request.req.header('authorization') ?? '')?.[1]
    const cookie = getCookie(request, cookieName)
    if (bearer === undefined && cookie === undefined) return await refused(request, noToken())
    const from = addressOf(request)
    if (limit.isReached(from)) return await refused(request, tooMany())
    const isKnown = bearer === undefined ? isSame(cookie ?? '', cookieOf(token)) : isSame(bearer, token.reveal())
    if (isKnown) return await next()
    limit.failed(from)
    return await refused(request, wrongToken())
  }
}

/** Follows from the token, so that it lasts as long as that; the token does not follow from it. */
function cookieOf(token: Secret): string {
  return createHmac('sha256', token.reveal()).update('agentsview cookie').digest('base64url')
}

/** Compares in a time that does not tell how much of it was right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

async function refused(request: Context, error: AgentsviewError): Promise<Response> {
  const headers = {
    'Cache-Control': 'no-store',
    ...(error.code === 'limit.logins' ? { 'Retry-After': '60' } : { 'WWW-Authenticate': 'Bearer realm="agentsview"' }),
  }
  if (request.req.path.startsWith('/api/'))
    return Response.json(failureJson(error), { status: statusOf(error), headers })
  return await loginPage(request, error)
}

async function loginPage(request: Context, error: AgentsviewError | null): Promise<Response> {
  const content = html`<form action="/login" method="post">
    <h1>Log in</h1>
    <p>${error === null || error.code === 'usage.login' ? 'This server asks for its token.' : error.message}</p>
    <input type="password" name="token" aria-label="Token" autocomplete="current-password" required autofocus />
    <p><input type="submit" value="Log in" /></p>
  </form>`
  const body = await page({ title: 'Log in', query: '' }, content)
  return request.html(body, error === null ? 200 : statusOf(error))
}

function noToken(): AgentsviewError {
  return new AgentsviewError({
    code: 'usage.login',
    message: 'this server asks for its token',
    hint: 'Send Authorization: Bearer TOKEN, or open /login in a browser.',
  })
}

function wrongToken(): AgentsviewError {
  return new AgentsviewError({
    code: 'usage.login',
    message: 'this is not the token',
    hint: 'Look into the token file.',
  })
}

function tooMany(): AgentsviewError {
  return new AgentsviewError({
    code: 'limit.logins',
    message: 'too many wrong tokens came from this address',
    hint: 'Wait a minute.',
  })
}

interface AttemptLimit {
  isReached(from: string): boolean
  failed(from: string): void
}

const mostFailures = 10
const windowMs = 60_000
const mostAddresses = 10_000

/** Counts wrong tokens by address; ten within a minute shut it out until the minute is over. */
function attemptLimit(now: Clock): AttemptLimit {
  const failures = new Map<string, { count: number; since: number }>()
  const current = (from: string) => {
    const known = failures.get(from)
    return known === undefined || now() - known.since >= windowMs ? null : known
  }
  return {
    isReached: (from) => (current(from)?.count ?? 0) >= mostFailures,
    failed: (from) => {
      const known = current(from) ?? { count: 0, since: now() }
      failures.delete(from)
      failures.set(from, { count: known.count + 1, since: known.since })
      // Whoever has many addresses must not fill the memory: the one not seen for longest goes.
      const [oldest] = failures.keys()
      if (failures.size > mostAddresses && oldest !== undefined) failures.delete(oldest)
    },
  }
}

interface Incoming {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } | undefined } | undefined
}

/** The address a request came from, as the socket tells it: headers can be made up. */
function addressOf(request: Context): string {
  return (request.env as Incoming | undefined)?.incoming?.socket?.remoteAddress ?? 'unknown'
}
