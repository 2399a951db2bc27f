import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What goes wrong with one answer; the request itself reaches the server behind unless it says otherwise. */
export type Fault =
  /** The connection is cut once so many bytes of the body have gone out; 0: before the headers. */
  | { readonly kind: 'cut'; readonly after: number }
  /** Nothing more comes once so many bytes of the body have gone out; 0: not even headers. */
  | { readonly kind: 'stall'; readonly after: number }
  /** The rest of the body waits, once so many bytes of it have gone out, for a word. */
  | { readonly kind: 'hold'; readonly after: number; readonly until: Promise<void> }
  /** The body ends, as if it were whole, after so many bytes. */
  | { readonly kind: 'short'; readonly after: number }
  /** The body comes byte by byte. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** An answer without the server: an S3 error. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly retryAfter?: number }
  /** The server never sees these headers, as with servers that ignore them. */
  | { readonly kind: 'ignore'; readonly headers: readonly string[] }
  /** Headers of the answer are other ones. */
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  /** The text of the answer is changed: listings. */
  | { readonly kind: 'rewrite'; readonly change: (text: string) => string }
  /** The body is other bytes of the same length. */
  | { readonly kind: 'garble' }

/** A request as the proxy sees it. */
export interface Asked {
  readonly operation: 'list' | 'read' | 'head' | 'other'
  readonly url: URL
  /** Requests of the same operation that came before. */
  readonly index: number
}

export interface FaultProxy {
  readonly endpoint: string
  /** Says of each request what goes wrong; null for nothing. */
  fault: (asked: Asked) => Fault | null
  close(): Promise<void>
}

/** Stands between a client and a real S3 server; signatures stay good, since the host they name is passed on. */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const counts = new Map<string, number>()
  const proxy = { fault: (): Fault | null => null }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://proxy')
    const operation = operationOf(request, url)
    const index = counts.get(operation) ?? 0
    counts.set(operation, index + 1)
    const fault = (proxy.fault as FaultProxy['fault'])({ operation, url, index })
    pass(request, response, new URL(upstream), fault)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return Object.assign(proxy, {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

function operationOf({ method }: IncomingMessage, url: URL): Asked['operation'] {
  if (method === 'HEAD') return 'head'
  if (method !== 'GET') return 'other'
  return url.searchParams.has('list-type') || url.searchParams.has('prefix') ? 'list' : 'read'
}

function pass(request: IncomingMessage, response: ServerResponse, upstream: URL, fault: Fault | null): void {
  if (fault?.kind === 'error') {
    request.resume()
    const retry = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }
    response.writeHead(fault.status, { 'content-type': 'application/xml', ...retry })
    response.end(`<?xml version="1.0"?><Error><Code>${fault.code}</Code><Message>no</Message></Error>`)
    return
  }
  const headers = { ...request.headers }
  if (fault?.kind === 'ignore') for (const name of fault.headers) delete headers[name]
  const { hostname, port } = upstream
  const onward = send({ hostname, port, method: request.method, path: request.url, headers }, (answer) => {
    answerWith(answer, response, fault)
  })
  onward.on('error', () => response.destroy())
  request.pipe(onward)
}

function answerWith(answer: IncomingMessage, response: ServerResponse, fault: Fault | null): void {
  const headers = { ...answer.headers }
  const status = answer.statusCode ?? 500
  if (fault === null || fault.kind === 'ignore') {
    response.writeHead(status, headers)
    answer.pipe(response)
    return
  }
  const chunks: Buffer[] = []
  answer.on('data', (chunk: Buffer) => chunks.push(chunk))
  answer.on('end', () => {
    const body = Buffer.concat(chunks)
    spoil(body, headers, status, response, fault)
  })
}

function spoil(
  body: Buffer,
  headers: IncomingMessage['headers'],
  status: number,
  response: ServerResponse,
  fault: Fault,
): void {
  switch (fault.kind) {
    case 'cut':
    case 'stall': {
      const isCut = fault.kind === 'cut'
      if (fault.after === 0) {
        if (isCut) response.destroy()
        return
      }
      response.writeHead(status, headers)
      response.write(body.subarray(0, fault.after), () => {
        if (isCut) response.destroy()
      })
      return
    }
    case 'hold':
      response.writeHead(status, headers)
      response.write(body.subarray(0, fault.after))
      void fault.until.then(() => response.end(body.subarray(fault.after)))
      return
    case 'short':
      delete headers['content-length']
      response.writeHead(status, headers)
      response.end(body.subarray(0, fault.after))
      return
    case 'drip': {
      response.writeHead(status, headers)
      let at = 0
      const timer = setInterval(() => {
        if (at >= body.length || response.destroyed) {
          clearInterval(timer)
          response.end()
          return
        }
        response.write(body.subarray(at, at + 1))
        at += 1
      }, fault.everyMs)
      return
    }
    case 'header':
      response.writeHead(status, { ...headers, [fault.name]: fault.value })
      response.end(body)
      return
    case 'rewrite': {
      const text = Buffer.from(fault.change(body.toString('utf8')))
      response.writeHead(status, { ...headers, 'content-length': String(text.length) })
      response.end(text)
      return
    }
    case 'garble':
      response.writeHead(status, headers)
      response.end(body.map((byte) => byte ^ 1))
      return
    case 'error':
    case 'ignore':
      throw new Error(`${fault.kind} is no fault of an answer`)
  }
}
