import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import { AgentsviewError } from '../base/index.ts'
import type { ServerContext } from './context.ts'
import { failureJson, statusOf } from './failure.ts'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * Answers only requests that were meant for this server. A page of another site can reach its port too: by
 * a name of its own that resolves there (the Host header tells), or with a request across sites (Origin and
 * Sec-Fetch-Site tell). Nothing is ever allowed to another origin.
 */
export function guardOf({ access, page }: ServerContext): MiddlewareHandler {
  const hosts = new Set([...loopback, ...(access?.hosts ?? [])].map((host) => host.toLowerCase()))
  const policy = page === undefined ? plainPolicy : pagePolicy
  return async (context, next) => {
    const refused = refusal(context, hosts)
    if (refused !== null) return refused
    await next()
    for (const [name, value] of Object.entries(safeHeaders)) context.res.headers.set(name, value)
    // What comes out of a log may have a stricter one.
    if (!context.res.headers.has(policyHeader)) context.res.headers.set(policyHeader, policy)
    if (!context.res.headers.has('Cache-Control')) context.res.headers.set('Cache-Control', 'no-store')
    return undefined
  }
}

function refusal(context: Context, hosts: ReadonlySet<string>): Response | null {
  const { req } = context
  const host = req.header('host') ?? new URL(req.url).host
  const origin = req.header('origin')
  const isOwnOrigin = origin === undefined || origin === `http://${host}` || origin === `https://${host}`
  const site = req.header('sec-fetch-site')
  const isRead = req.method === 'GET' || req.method === 'HEAD'
  // A link from elsewhere may open a page; it may neither ask the API nor change anything.
  const isForeign = site === 'cross-site' || site === 'same-site'
  const isBarred = isForeign && (!isRead || req.path.startsWith('/api/'))
  if (!hosts.has(nameOf(host)) || !isOwnOrigin || isBarred) {
    return context.text('This server does not answer requests from there.\n', 403)
  }
  if (isRead || req.method === 'POST') return null
  return context.text('Only GET and POST are answered.\n', 405, { Allow: 'GET, HEAD, POST' })
}

/**
 * Lets a POST through only with a body that no page of another site can send without asking first, which
 * is never allowed.
 * @throws AgentsviewError `usage.body`
 */
export const onlyJsonPosts: MiddlewareHandler = async (context, next) => {
  if (context.req.method === 'POST' && !/^application\/json\b/i.test(context.req.header('content-type') ?? '')) {
    throw new AgentsviewError({
      code: 'usage.body',
      message: 'the body is not JSON',
      hint: 'Send Content-Type: application/json.',
    })
  }
  await next()
}

/** Refuses bodies longer than this before they are read, in bytes. */
export function shortBodies(maxSize: number): MiddlewareHandler {
  const error = new AgentsviewError({ code: 'limit.body', message: 'the body is too long', hint: 'Send less.' })
  return bodyLimit({ maxSize, onError: () => Response.json(failureJson(error), { status: statusOf(error) }) })
}

/** Nothing runs and nothing is fetched from elsewhere, whatever a transcript holds. */
const plainPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** The built page's own files may run and ask this server; nothing inline, nothing from elsewhere. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const policyHeader = 'Content-Security-Policy'
const safeHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const

function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, '')
}
