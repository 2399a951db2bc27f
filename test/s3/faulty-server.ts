import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as the server saw it. */
export interface Seen {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** Answers one request; the tests' whole control over what goes wrong. */
export type Answerer = (response: ServerResponse, seen: Seen, index: number) => void

export interface FaultyServer {
  readonly endpoint: string
  readonly seen: readonly Seen[]
  /** Empties `seen`: the next request has index 0. */
  forget(): void
  /** Connections accepted so far. */
  connections(): number
  close(): Promise<void>
}

/** Starts an HTTP server that answers each request as `answer` says; `index` counts from 0. */
export async function startFaultyServer(answer: Answerer): Promise<FaultyServer> {
  const seen: Seen[] = []
  const server = createServer((request: IncomingMessage, response) => {
    request.resume()
    const one = {
      method: request.method ?? '',
      url: new URL(request.url ?? '/', 'http://localhost'),
      headers: request.headers,
    }
    seen.push(one)
    answer(response, one, seen.length - 1)
  })
  let connections = 0
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    seen,
    forget: () => {
      seen.length = 0
    },
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

/** An S3 error as servers send it. */
export function sendError(response: ServerResponse, status: number, code: string, more = ''): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message>${more}</Error>`)
}

/** A page of a listing (v2). */
export function sendListing(
  response: ServerResponse,
  keys: readonly string[],
  { more = '', isTruncated = false }: { readonly more?: string; readonly isTruncated?: boolean } = {},
): void {
  const contents = keys.map(
    (key) =>
      `<Contents><Key>${key}</Key><Size>5</Size><ETag>&quot;e-${key}&quot;</ETag><LastModified>2026-01-02T03:04:05.000Z</LastModified></Contents>`,
  )
  response.writeHead(200, { 'content-type': 'application/xml' })
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${isTruncated}</IsTruncated>${more}${contents.join('')}</ListBucketResult>`,
  )
}

/** The headers of an honest answer to a GET from `from` on. */
export function rangeHeaders(from: number, size: number, etag: string): Record<string, string> {
  return {
    etag: `"${etag}"`,
    'content-length': String(size - from),
    ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${size - 1}/${size}` }),
  }
}

/** First byte of the request's Range header; 0 without one. */
export function rangeStart(seen: Seen): number {
  return Number(/^bytes=(\d+)-/.exec(String(seen.headers['range'] ?? ''))?.[1] ?? 0)
}
