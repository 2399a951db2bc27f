import { setMaxListeners } from 'node:events'

import type { ByteOffset, ObjectId, ObjectInfo, Remote } from '../model/index.ts'
import type { BucketTally, ListPart, ObjectRead, PartBucket, PartPage } from './bucket.ts'
import { oneAhead } from './one-ahead.ts'
import { resumeRead } from './resume-read.ts'
import type { RetryPolicy } from './retry-policy.ts'
import { defaultRetryPolicy } from './retry-policy.ts'
import type { S3Connection } from './s3-client.ts'
import { askedOf, connect } from './s3-client.ts'
import { remoteError, remoteFailure } from './s3-error.ts'
import { archivedClasses, bareEtag, listPages, pageSize } from './s3-list.ts'
import { getObject, metadataOf } from './s3-read.ts'

/** A declared remote, over the AWS SDK. The SDK is loaded and the client made at the first request. */
export class S3Bucket implements PartBucket {
  readonly keysPerPage = pageSize
  readonly tally: BucketTally = { list: 0, get: 0, head: 0, bytesFetched: 0 }
  readonly #remote: Remote
  readonly #policy: RetryPolicy
  #connection: Promise<S3Connection> | null = null

  /** @param policy  waits and tries; the default suits the internet */
  constructor(remote: Remote, policy: RetryPolicy = defaultRetryPolicy) {
    this.#remote = remote
    this.#policy = policy
  }

  async *list(signal: AbortSignal): AsyncGenerator<readonly ObjectInfo[]> {
    const connection = await this.#connect(signal)
    for (const prefix of this.#remote.prefixes) {
      const whole = { prefix, depth: 'all', after: null } as const
      for await (const page of oneAhead(listPages(connection, this.#remote, whole, signal))) yield page.objects
    }
  }

  async *listPart(part: ListPart, signal: AbortSignal): AsyncGenerator<PartPage> {
    yield* listPages(await this.#connect(signal), this.#remote, part, signal)
  }

  async find({ key }: ObjectId, signal: AbortSignal): Promise<ObjectInfo | null> {
    const { sdk, client } = await this.#connect(signal)
    const { name, bucket } = this.#remote
    const asked = askedOf(this.#remote, 'head', key)
    try {
      const answer = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal })
      if (answer.ETag === undefined || answer.ContentLength === undefined) {
        throw remoteFailure('unreachable.protocol', asked, 'the answer to head leaves out size or ETag')
      }
      return {
        remote: name,
        bucket,
        key,
        size: answer.ContentLength,
        etag: bareEtag(answer.ETag),
        modifiedAt: answer.LastModified?.getTime() ?? 0,
        ...(archivedClasses.includes(answer.StorageClass ?? '') ? { archivedClass: answer.StorageClass } : {}),
      }
    } catch (error) {
      const failure = remoteError(error, asked, signal)
      if (failure.code === 'remote.refused.gone') return null
      throw failure
    }
  }

  async open(object: ObjectInfo, from: ByteOffset, signal: AbortSignal): Promise<ObjectRead> {
    const connection = await this.#connect(signal)
    const get = (at: ByteOffset) => getObject(connection, this.#remote, object, at, signal)
    const first = await get(from)
    const chunks = resumeRead({
      first,
      from,
      to: object.size,
      reopen: get,
      onBytes: (count) => {
        this.tally.bytesFetched += count
      },
      policy: this.#policy,
      asked: askedOf(this.#remote, 'read', object.key),
      signal,
    })
    return { metadata: first.metadata, chunks }
  }

  async head(object: ObjectInfo, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    const { sdk, client } = await this.#connect(signal)
    const command = new sdk.HeadObjectCommand({ Bucket: this.#remote.bucket, Key: object.key })
    try {
      const answer = await client.send(command, { abortSignal: signal })
      return metadataOf(answer.Metadata)
    } catch (error) {
      throw remoteError(error, askedOf(this.#remote, 'head', object.key), signal)
    }
  }

  close(): void {
    const connection = this.#connection
    this.#connection = null
    if (connection !== null) void closeWhenMade(connection)
  }

  #connect(signal: AbortSignal): Promise<S3Connection> {
    // Every open body listens to the one signal of the run, and stops listening when it ends: not a leak.
    setMaxListeners(0, signal)
    this.#connection ??= connect(this.#remote, this.tally, this.#policy)
    return this.#connection
  }
}

async function closeWhenMade(connection: Promise<S3Connection>): Promise<void> {
  // Whoever asked for a connection that could not be made has been told why.
  const [made] = await Promise.allSettled([connection])
  if (made.status === 'fulfilled') made.value.client.destroy()
}
