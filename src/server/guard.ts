import type { Context, MiddlewareHandler } from 'hono'

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Answers only what a browser or program on this machine asks for itself. A page of another site can
 * reach a loopback port too: by a name of its own that resolves there (the Host header tells), or
 * with a request across sites (Origin and Sec-Fetch-Site tell).
 */
export const guard: MiddlewareHandler = async (context, next) => {
  const refused = refusal(context)
  if (refused !== null) return refused
  await next()
  for (const [name, value] of Object.entries(headers)) context.header(name, value)
  return undefined
}

function refusal(context: Context): Response | null {
  const { req } = context
  const host = req.header('host') ?? new URL(req.url).host
  const origin = req.header('origin')
  const isOwnOrigin = origin === undefined || origin === `http://${host}`
  const isCrossSite = req.header('sec-fetch-site') === 'cross-site' && req.path.startsWith('/api/')
  if (!isLoopback(host) || !isOwnOrigin || isCrossSite) {
    return context.text('This server answers its own machine only.\n', 403)
  }
  if (req.method === 'GET' || req.method === 'HEAD') return null
  return context.text('Only GET is answered.\n', 405, { Allow: 'GET, HEAD' })
}

const headers = {
  // Nothing runs and nothing is fetched from elsewhere, whatever a transcript holds.
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const

function isLoopback(host: string): boolean {
  return loopback.has(host.toLowerCase().replace(/:\d{1,5}$/, ''))
}
