import type * as s3Sdk from '@aws-sdk/client-s3'

import { AgentsviewError } from '../base/index.ts'
import type { Remote } from '../model/index.ts'
import type { BucketTally } from './bucket.ts'
import { isRetryable } from './is-retryable.ts'
import type { GetPattern, WireRequest } from './lean-get.ts'
import { learnPattern } from './lean-get.ts'
import type { RetryPolicy } from './retry-policy.ts'
import { backoffMs } from './retry-policy.ts'
import { authConfig } from './s3-credentials.ts'
import type { Asked } from './s3-error.ts'
import { remoteError } from './s3-error.ts'

/** What is used of the SDK, loaded when a bucket is first used: no other command waits for it. */
export type Sdk = Pick<
  typeof s3Sdk,
  'GetObjectCommand' | 'HeadObjectCommand' | 'ListObjectsCommand' | 'ListObjectsV2Command' | 'S3Client'
>

/** A client of one remote, and what its answers say beside their contents. */
export interface S3Connection {
  readonly sdk: Sdk
  readonly client: s3Sdk.S3Client
  /** The `Date` header of the latest answer; null before the first. */
  serverDate: string | null
  /** What further GETs can be made from; null before the first answered one, and where they stay with the SDK. */
  pattern: GetPattern | null
  readonly tally: BucketTally
  readonly policy: RetryPolicy
}

/** Who is asked, for error messages. */
export function askedOf(remote: Remote, operation: Asked['operation'], key?: string): Asked {
  const host =
    remote.endpoint === null ? `s3.${remote.region}.amazonaws.com` : endpointUrl(remote.endpoint, remote).host
  return { remote: remote.name, bucket: remote.bucket, host, region: remote.region, operation, key }
}

/**
 * Makes the one client of a remote. Each request that leaves, retries included, is counted in `tally`.
 * @throws AgentsviewError `config.endpoint` when the endpoint is no URL, or plain http to another
 *   machine without `allow_http`; the remote's own `problem` when the config found one
 */
export async function connect(remote: Remote, tally: BucketTally, policy: RetryPolicy): Promise<S3Connection> {
  if (remote.problem !== undefined && remote.problem !== null) {
    const { code, message, hint } = remote.problem
    throw new AgentsviewError({ code, message, hint: hint ?? undefined, context: { remote: remote.name } })
  }
  if (remote.endpoint !== null) assertSafe(endpointUrl(remote.endpoint, remote), remote)
  // Which Node is fit for which SDK is settled by package.json; the SDK's reminder would spoil stderr.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const sdk = await loadSdk()
  const checksums = remote.checksums === 'when_supported' ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED'
  // Twice the readers, because a reopened body may wait for a socket while the old one is torn down.
  const agent = { keepAlive: true, maxSockets: remote.concurrency * 2 + 4 }
  const client = new sdk.S3Client({
    ...(await authConfig(remote.credentials)),
    ...(remote.endpoint === null ? {} : { endpoint: remote.endpoint }),
    // The config has weighed the environment already; the SDK must not find another address there.
    ignoreConfiguredEndpointUrls: true,
    region: remote.region,
    forcePathStyle: remote.addressing === 'path',
    defaultsMode: 'standard',
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    retryStrategy: retryStrategy(remote, policy),
    requestHandler: {
      connectionTimeout: policy.connectMs,
      requestTimeout: policy.answerMs,
      throwOnRequestTimeout: true,
      // A body that nobody pulls from is not idle: the reader has a timer of its own.
      socketTimeout: 0,
      httpAgent: agent,
      httpsAgent: agent,
    },
  })
  const connection: S3Connection = { sdk, client, serverDate: null, pattern: null, tally, policy }
  watchRequests(connection)
  // Checksums of answers are the SDK's to check.
  if (remote.checksums === 'when_required') learnFromGets(connection)
  return connection
}

async function loadSdk(): Promise<Sdk> {
  // Named one by one, so that the bundle leaves out the hundred other operations.
  const { GetObjectCommand, HeadObjectCommand, ListObjectsCommand, ListObjectsV2Command, S3Client } =
    await import('@aws-sdk/client-s3')
  return { GetObjectCommand, HeadObjectCommand, ListObjectsCommand, ListObjectsV2Command, S3Client }
}

function endpointUrl(endpoint: string, remote: Remote): URL {
  if (URL.canParse(endpoint)) return new URL(endpoint)
  throw new AgentsviewError({
    code: 'config.endpoint',
    message: `the endpoint of remote "${remote.name}" is not a URL`,
    hint: `write it like https://host:port. Try: agentsview remotes edit ${remote.name} endpoint=URL`,
    context: { remote: remote.name },
  })
}

function assertSafe(url: URL, remote: Remote): void {
  if (url.protocol === 'https:') return
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && (isLoopback || remote.allowHttp)) return
  throw new AgentsviewError({
    code: 'config.endpoint',
    message: `remote "${remote.name}" would send its requests over plain ${url.protocol.slice(0, -1)}`,
    hint: `use https, or allow it. Try: agentsview remotes edit ${remote.name} allow_http=true`,
    context: { remote: remote.name },
  })
}

/** One strategy for the SDK that asks `isRetryable`, so that there is one opinion on retries. */
function retryStrategy(remote: Remote, policy: RetryPolicy) {
  const token = (failures: number, delayMs: number) => ({
    getRetryCount: () => failures,
    getRetryDelay: () => delayMs,
  })
  const asked = askedOf(remote, 'list')
  return {
    acquireInitialRetryToken: () => Promise.resolve(token(0, 0)),
    refreshRetryTokenForRetry(
      last: { getRetryCount(): number },
      info: { readonly error?: unknown; readonly retryAfterHint?: Date },
    ) {
      const failures = last.getRetryCount() + 1
      const mayHelp = isClockCorrected(info.error) || isRetryable(remoteError(info.error, asked))
      if (!mayHelp || failures >= policy.tries) return Promise.reject(new Error('no further try'))
      const told = info.retryAfterHint === undefined ? 0 : info.retryAfterHint.getTime() - Date.now()
      const delayMs = Math.max(backoffMs(policy, failures), Math.min(told, policy.maxDelayMs))
      return Promise.resolve(token(failures, delayMs))
    },
    recordSuccess: () => undefined,
  }
}

/** The SDK learns the server's time from a refusal and signs the next try with it. */
function isClockCorrected(error: unknown): boolean {
  const metadata = (error as { readonly $metadata?: { readonly clockSkewCorrected?: unknown } } | undefined)?.$metadata
  return metadata?.clockSkewCorrected === true
}

function watchRequests(connection: S3Connection): void {
  const { client, tally } = connection
  // Inside the SDK's retry loop: counts what is really sent.
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command: unknown = context['commandName']
      if (typeof command === 'string') {
        if (command.startsWith('List')) tally.list += 1
        else if (command.startsWith('Head')) tally.head += 1
        else tally.get += 1
      }
      const result = await next(args)
      const { headers } = result.response as { readonly headers?: Readonly<Record<string, string>> }
      connection.serverDate = headers?.['date'] ?? connection.serverDate
      return result
    },
    { step: 'deserialize', priority: 'low', name: 'watchRequests' },
  )
}

/** GETs that were learned from in vain before a connection is left to the SDK. */
const lessonsAtMost = 3

/** Remembers of an answered GET what the next ones can be made from. */
function learnFromGets(connection: S3Connection): void {
  let failures = 0
  connection.client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args)
      const { Key } = args.input as { readonly Key?: unknown }
      const isGet = context['commandName'] === 'GetObjectCommand' && typeof Key === 'string'
      if (isGet && connection.pattern === null && failures < lessonsAtMost) {
        // Its own answer is good: that no signature can be made any more is for the next request to tell.
        const learned = await learnPattern(connection.client, args.request as WireRequest, Key).catch(() => null)
        connection.pattern = learned
        failures = learned === null ? failures + 1 : 0
      }
      return result
    },
    // After the signer.
    { step: 'finalizeRequest', priority: 'low', name: 'learnFromGets' },
  )
}
