import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

import type { MiddlewareHandler } from 'hono'

const packBrotli = promisify(brotliCompress)
const packGzip = promisify(gzip)

/** Below this, packing saves nothing, in bytes. */
const leastBytes = 1024
const packable = /^(application\/json|text\/(?!event-stream)|image\/svg|application\/manifest)/

/** Packs texts for those who take it; streams stay as they are. */
export const compress: MiddlewareHandler = async (context, next) => {
  await next()
  const { res, req } = context
  // Files may be longer than memory is wide: they go out as they come.
  const isFile = res.headers.get('Content-Disposition')?.startsWith('attachment') === true
  const isText = !isFile && packable.test(res.headers.get('Content-Type') ?? '')
  if (!isText || res.body === null || res.headers.has('Content-Encoding') || req.method === 'HEAD') return
  res.headers.append('Vary', 'Accept-Encoding')
  const encoding = encodingOf(req.header('accept-encoding') ?? '')
  if (encoding === null) return
  const bytes = new Uint8Array(await res.arrayBuffer())
  const isLong = bytes.length >= leastBytes
  const body = isLong ? await pack(bytes, encoding) : bytes
  const headers = new Headers(res.headers)
  headers.delete('Content-Length')
  if (isLong) headers.set('Content-Encoding', encoding)
  context.res = undefined
  context.res = new Response(body, { status: res.status, headers })
}

async function pack(bytes: Uint8Array, encoding: 'br' | 'gzip'): Promise<Uint8Array<ArrayBuffer>> {
  if (encoding === 'gzip') return new Uint8Array(await packGzip(bytes, { level: 5 }))
  // The quality at which it is about as fast as gzip.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  return new Uint8Array(await packBrotli(bytes, { params }))
}

/** What the reader takes best; null when it takes neither. */
function encodingOf(accepted: string): 'br' | 'gzip' | null {
  const taken = accepted
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
    .filter((one) => !/;\s*q=0(\.0*)?$/.test(one))
    .map((one) => one.split(';')[0]?.trim() ?? '')
  if (taken.includes('br')) return 'br'
  return taken.includes('gzip') ? 'gzip' : null
}
