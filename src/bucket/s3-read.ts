import { Readable } from 'node:stream'

import type { GetObjectCommandOutput } from '@aws-sdk/client-s3'

import type { ByteOffset, ObjectInfo, Remote } from '../model/index.ts'
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

/**
 * Sends one GET for an object's bytes from `from` on, pinned to its listed ETag, and checks what the
 * answer says about itself before any byte of it is used.
 * @throws AgentsviewError as `Bucket.open`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Range, If-Match)
 */
export async function getObject(
  { sdk, client }: S3Connection,
  remote: Remote,
  object: ObjectInfo,
  from: ByteOffset,
  signal: AbortSignal,
): Promise<GetAnswer> {
  const asked = askedOf(remote, 'read', object.key)
  const command = new sdk.GetObjectCommand({
    Bucket: remote.bucket,
    Key: object.key,
    IfMatch: `"${object.etag}"`,
    ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
  })
  let answer: GetObjectCommandOutput
  try {
    answer = await client.send(command, { abortSignal: signal })
  } catch (error) {
    throw remoteError(error, asked, signal)
  }
  const body: unknown = answer.Body
  if (!(body instanceof Readable)) throw remoteFailure('unreachable.protocol', asked, 'the answer to read has no body')
  // A destroyed body may still report an error; whoever pulls from it has heard it by then.
  body.on('error', () => undefined)
  try {
    const skip = bytesToSkip(answer, object, from, asked)
    if (signal.aborted) throw cancelledBy(signal)
    return { body, skip, isLengthKnown: answer.ContentLength !== undefined, metadata: metadataOf(answer.Metadata) }
  } catch (error) {
    body.destroy()
    throw error
  }
}

/** User metadata under full header names in lower case. */
export function metadataOf(metadata: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(metadata ?? {})
  return Object.fromEntries(entries.map(([name, value]) => [`x-amz-meta-${name.toLowerCase()}`, value]))
}

/** How many bytes of the body come before `from`: 0 when Range was honoured, `from` when it was ignored. */
function bytesToSkip(answer: GetObjectCommandOutput, object: ObjectInfo, from: ByteOffset, asked: Asked): number {
  const etag = bareEtag(answer.ETag ?? '')
  // Some servers ignore If-Match, so the answer's own ETag decides, whatever the status.
  if (etag !== object.etag) {
    const message = etag === '' ? 'the answer to read has no ETag' : 'the object is not the listed one any more'
    throw remoteFailure('unreachable.changed', asked, message)
  }
  const status = answer.$metadata.httpStatusCode
  if (status !== 206) {
    checkLength(answer.ContentLength, object.size, asked)
    return from
  }
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.ContentRange ?? '')
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
  checkLength(answer.ContentLength, Number(range[2]) + 1 - from, asked)
  return 0
}

function checkLength(told: number | undefined, expected: number, asked: Asked): void {
  if (told === undefined || told === expected) return
  throw remoteFailure('unreachable.length', asked, `the answer holds ${told} bytes where ${expected} are due`)
}
