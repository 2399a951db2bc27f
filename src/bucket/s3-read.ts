import { Readable } from 'node:stream'

import type { GetObjectCommandOutput } from '@aws-sdk/client-s3'

import type { ByteOffset, ObjectInfo, Remote } from '../model/index.ts'
import type { Wanted } from './lean-get.ts'
import { unsignedGet } from './lean-get.ts'
import type { OpenBody } from './resume-read.ts'
import type { S3Connection } from './s3-client.ts'
import { askedOf } from './s3-client.ts'
import type { Asked } from './s3-error.ts'
import { cancelledBy, remoteError, remoteFailure } from './s3-error.ts'
import { bareEtag } from './s3-list.ts'

/** An answered GET whose headers were found to be about the wanted bytes of the listed object. */
export interface GetAnswer extends OpenBody {
  readonly metadata: Readonly<Record<string, string>>
}

/** What an answer to a GET says about its body. */
interface Told {
  readonly status: number | undefined
  readonly etag: string | undefined
  readonly length: number | undefined
  readonly range: string | undefined
  readonly metadata: Readonly<Record<string, string>>
  readonly body: unknown
}

/**
 * Sends one GET for an object's bytes from `from` on, pinned to its listed ETag, and checks what the
 * answer says about itself before any byte of it is used.
 *
 * The SDK takes longer to make a request than to send it. Once it has made one, the next are copies of it that its
 * signer signs and its HTTP handler sends; one that fails is handed back to it, as the first try of a request of its own,
 * so that retries and errors are the SDK's on either way.
 * @throws AgentsviewError as `Bucket.open`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Range, If-Match)
 */
export async function getObject(
  connection: S3Connection,
  remote: Remote,
  object: ObjectInfo,
  from: ByteOffset,
  signal: AbortSignal,
): Promise<GetAnswer> {
  const asked = askedOf(remote, 'read', object.key)
  let told: Told
  try {
    const wanted = { key: object.key, etag: object.etag, from }
    const first = await tryLean(connection, wanted, signal)
    told = first?.kind === 'good' ? first.told : await throughSdk(connection, remote.bucket, wanted, signal, first)
  } catch (error) {
    throw remoteError(error, asked, signal)
  }
  const { body } = told
  if (!(body instanceof Readable)) throw remoteFailure('unreachable.protocol', asked, 'the answer to read has no body')
  // A destroyed body may still report an error; whoever pulls from it has heard it by then.
  body.on('error', () => undefined)
  try {
    const skip = bytesToSkip(told, object, from, asked)
    if (signal.aborted) throw cancelledBy(signal)
    return { body, skip, isLengthKnown: told.length !== undefined, metadata: told.metadata }
  } catch (error) {
    body.destroy()
    throw error
  }
}

/** How a lean try ended: with the bytes, with an answer that only the SDK can read, or with no answer. */
type FirstTry =
  | { readonly kind: 'good'; readonly told: Told }
  | { readonly kind: 'answered'; readonly response: WireResponse }
  | { readonly kind: 'failed'; readonly error: unknown }

interface WireResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable
}

/** One GET made from the connection's pattern; null, without a request, when there is none or it does not fit. */
async function tryLean(connection: S3Connection, wanted: Wanted, signal: AbortSignal): Promise<FirstTry | null> {
  const { client, pattern, tally } = connection
  const unsigned = pattern === null ? null : unsignedGet(pattern, wanted)
  if (pattern === null || unsigned === null || signal.aborted) return null
  const { requestHandler, systemClockOffset } = client.config
  const request = await pattern.sign(unsigned, new Date(Date.now() + systemClockOffset))
  tally.get += 1
  try {
    const { response } = (await requestHandler.handle(request, { abortSignal: signal })) as {
      readonly response: WireResponse
    }
    const { statusCode, headers } = response
    connection.serverDate = headers['date'] ?? connection.serverDate
    if (statusCode === 200 || statusCode === 206) return { kind: 'good', told: toldByHeaders(response) }
    // A refusal may be about what requests have in common: the SDK makes the next one, and it is learned from anew.
    if (statusCode < 404) connection.pattern = null
    return { kind: 'answered', response }
  } catch (error) {
    return { kind: 'failed', error }
  }
}

/** One GET of the SDK; its first try is the one already made, if there is one. */
async function throughSdk(
  { sdk, client }: S3Connection,
  bucket: string,
  { key, etag, from }: Wanted,
  signal: AbortSignal,
  first: Exclude<FirstTry, { kind: 'good' }> | null,
): Promise<Told> {
  const command = new sdk.GetObjectCommand({
    Bucket: bucket,
    Key: key,
    IfMatch: `"${etag}"`,
    ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
  })
  let tried = first
  if (tried !== null) {
    command.middlewareStack.add(
      (next) => async (args) => {
        const made = tried
        tried = null
        if (made === null) return next(args)
        if (made.kind === 'failed') throw made.error
        return { response: made.response }
      },
      // Where answers come in: inside the SDK's retries and its reading of errors, outside the count of requests.
      { step: 'deserialize', priority: 'normal', name: 'firstTry' },
    )
  }
  try {
    const answer = await client.send(command, { abortSignal: signal })
    return toldBySdk(answer)
  } finally {
    // Not taken: an unread body would keep its connection for ever.
    if (tried?.kind === 'answered') tried.response.body.destroy()
  }
}

function toldBySdk(answer: GetObjectCommandOutput): Told {
  return {
    status: answer.$metadata.httpStatusCode,
    etag: answer.ETag,
    length: answer.ContentLength,
    range: answer.ContentRange,
    metadata: metadataOf(answer.Metadata),
    body: answer.Body,
  }
}

function toldByHeaders({ statusCode, headers, body }: WireResponse): Told {
  const length = headers['content-length']
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'))
  return {
    status: statusCode,
    etag: headers['etag'],
    length: length === undefined ? undefined : Number(length),
    range: headers['content-range'],
    metadata: Object.fromEntries(metadata),
    body,
  }
}

/** User metadata under full header names in lower case. */
export function metadataOf(metadata: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(metadata ?? {})
  return Object.fromEntries(entries.map(([name, value]) => [`x-amz-meta-${name.toLowerCase()}`, value]))
}

/** How many bytes of the body come before `from`: 0 when Range was honoured, `from` when it was ignored. */
function bytesToSkip(answer: Told, object: ObjectInfo, from: ByteOffset, asked: Asked): number {
  const etag = bareEtag(answer.etag ?? '')
  // Some servers ignore If-Match, so the answer's own ETag decides, whatever the status.
  if (etag !== object.etag) {
    const message = etag === '' ? 'the answer to read has no ETag' : 'the object is not the listed one any more'
    throw remoteFailure('unreachable.changed', asked, message)
  }
  if (answer.status !== 206) {
    checkLength(answer.length, object.size, asked)
    return from
  }
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.range ?? '')
  if (range === null || Number(range[1]) !== from) {
    const got = range === null ? 'an unreadable range' : `bytes from ${Number(range[1])} on`
    throw remoteFailure('unreachable.protocol', asked, `asked for bytes from ${from} on, got ${got}`)
  }
  if (range[3] !== '*' && Number(range[3]) !== object.size) {
    throw remoteFailure(
      'unreachable.changed',
      asked,
      `the object has ${Number(range[3])} bytes, ${object.size} were listed`,
    )
  }
  checkLength(answer.length, Number(range[2]) + 1 - from, asked)
  return 0
}

function checkLength(told: number | undefined, expected: number, asked: Asked): void {
  if (told === undefined || told === expected) return
  throw remoteFailure('unreachable.length', asked, `the answer holds ${told} bytes where ${expected} are due`)
}
