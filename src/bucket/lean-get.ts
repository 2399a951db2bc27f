import { randomUUID } from 'node:crypto'

import type { S3Client } from '@aws-sdk/client-s3'

type Signer = Awaited<ReturnType<S3Client['config']['signer']>>
/** A request as the SDK's signer takes it and its HTTP handler sends it. */
export type WireRequest = Parameters<Signer['sign']>[0]

/** What all GETs of one connection share, learned from one that the SDK made and the server answered. */
export interface GetPattern {
  /** Without key, signature, and the headers that belong to one request. */
  readonly request: WireRequest
  /** The path up to the key. */
  readonly folder: string
  /** Signs with the SDK's own signer and its credentials, which it renews by itself. */
  readonly sign: (request: WireRequest, at: Date) => Promise<WireRequest>
}

/** The object, and from which byte on, that one GET asks for. */
export interface Wanted {
  readonly key: string
  readonly etag: string
  readonly from: number
}

/** Headers of one request alone: made anew for the next one, or by the signer. */
const ownHeaders: readonly string[] = ['authorization', 'x-amz-date', 'x-amz-security-token', 'if-match', 'range']

/**
 * Learns the pattern of a GET of the SDK.
 * @param signed  the request as it left
 * @param key     the key it asked for
 * @returns null when the key is not where it is expected, or when signing the same request anew, for the same
 *   moment, gives another signature than the SDK's: such a connection has something of its own, and stays with the SDK
 */
export async function learnPattern(client: S3Client, signed: WireRequest, key: string): Promise<GetPattern | null> {
  const path = escapeKey(key)
  if (path === null || key === '' || !signed.path.endsWith(`/${path}`)) return null
  const signature = signed.headers['authorization']
  const scope = scopeOf(signature)
  const at = dateOf(signed.headers['x-amz-date'])
  // Without a signature the remote is anonymous, and its signer adds none.
  if (signature !== undefined && (scope === null || at === null)) return null
  const signer = await client.config.signer()
  const sign: GetPattern['sign'] = (request, signingDate) => signer.sign(request, { signingDate, ...scope })
  const again = await sign({ ...signed, headers: without(signed.headers, ['authorization']) }, at ?? new Date())
  if (again.headers['authorization'] !== signature) return null
  const request = { ...signed, path: '', headers: without(signed.headers, ownHeaders) }
  return { request, folder: signed.path.slice(0, -path.length), sign }
}

/** The request of one GET, not yet signed; null when the key cannot be written in a path. */
export function unsignedGet(pattern: GetPattern, wanted: Wanted): WireRequest | null {
  const path = escapeKey(wanted.key)
  if (path === null || wanted.key === '') return null
  const headers: WireRequest['headers'] = { ...pattern.request.headers, 'if-match': `"${wanted.etag}"` }
  if (wanted.from > 0) headers['range'] = `bytes=${wanted.from}-`
  if (headers['amz-sdk-invocation-id'] !== undefined) headers['amz-sdk-invocation-id'] = randomUUID()
  const attempt = headers['amz-sdk-request']
  if (attempt !== undefined) headers['amz-sdk-request'] = attempt.replace(/^attempt=\d+/, 'attempt=1')
  return { ...pattern.request, path: pattern.folder + path, headers }
}

/** A key as it stands in a path: all but letters, digits, `-._~` and `/` as percent signs; null for half characters. */
function escapeKey(key: string): string | null {
  try {
    return encodeURIComponent(key)
      .replaceAll('%2F', '/')
      .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
  } catch {
    return null
  }
}

/** Region and service of a signature of version 4; null when it is none. */
function scopeOf(authorization: string | undefined): { signingRegion: string; signingService: string } | null {
  const scope = /^AWS4-HMAC-SHA256 Credential=[^,]*\/\d{8}\/([^/,]+)\/([^/,]+)\/aws4_request,/.exec(authorization ?? '')
  const [, signingRegion, signingService] = scope ?? []
  return signingRegion === undefined || signingService === undefined ? null : { signingRegion, signingService }
}

/** The moment of an `x-amz-date`: `20260801T101112Z`. */
function dateOf(text: string | undefined): Date | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '')
  if (parts === null) return null
  const [, year, month, day, hour, minute, second] = parts.map(Number)
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second))
}

function without(headers: WireRequest['headers'], names: readonly string[]): WireRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())))
}
