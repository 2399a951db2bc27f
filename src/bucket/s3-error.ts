import { AgentsviewError, isObject, messageOf } from '../base/index.ts'
import { failureHint } from './failure-hint.ts'
import type { FailureKind } from './failure-kind.ts'
import { kindOfNetworkCode, kindOfProviderCode, kindOfStatus } from './failure-kind.ts'

/** What was being asked of a remote when something failed; none of it is secret. */
export interface Asked {
  /** The remote's name in the config. */
  readonly remote: string
  readonly bucket: string
  /** Host (and port) of the endpoint. */
  readonly host: string
  readonly region: string
  readonly operation: 'list' | 'read' | 'head'
  readonly key?: string | undefined
}

/** Facts an answer may add to a failure. */
export interface Told {
  /** The region the bucket is in, when the server says so. */
  readonly region?: string | undefined
  readonly status?: number | undefined
  /** The provider's own word for the failure. */
  readonly providerCode?: string | undefined
}

/**
 * Makes the failure of one kind, with its hint.
 * @param message  one line without secrets, for instance `403 AccessDenied on list`
 */
export function remoteFailure(kind: FailureKind, asked: Asked, message: string, told: Told = {}): AgentsviewError {
  return new AgentsviewError({
    code: `remote.${kind}`,
    message,
    hint: failureHint(kind, asked, told.region),
    context: { remote: asked.remote, operation: asked.operation, ...keyOf(asked), ...definedOf(told) },
  })
}

/** The failure that an abort signal stands for: its reason when that is one of ours, else `cancelled`. */
export function cancelledBy(signal: AbortSignal): AgentsviewError {
  const reason: unknown = signal.reason
  if (reason instanceof AgentsviewError) return reason
  return new AgentsviewError({
    code: 'cancelled',
    message: 'interrupted',
    hint: 'what was committed is safe; run the same command again to go on',
  })
}

/**
 * Turns anything the SDK or the network throws into an error of ours: the one place that knows
 * what providers' codes mean. The thrown value itself is not kept as cause: it holds the request with its
 * authorization header.
 * @returns `remote.refused.*` or `remote.unreachable.*`; `cancelled` when `signal` was aborted; an
 *   `AgentsviewError` as it is
 */
export function remoteError(error: unknown, asked: Asked, signal?: AbortSignal): AgentsviewError {
  if (error instanceof AgentsviewError) return error
  if (signal?.aborted === true) return cancelledBy(signal)
  const thrown = describeThrown(error)
  if (thrown.isCredentials) return credentialsFailure(thrown, asked)
  if (thrown.status !== undefined && thrown.status >= 300) return answerFailure(thrown, asked)
  return networkFailure(thrown, asked)
}

interface Thrown {
  readonly name: string
  readonly text: string
  readonly networkCode: string
  readonly status: number | undefined
  readonly region: string | undefined
  readonly isCredentials: boolean
}

function describeThrown(error: unknown): Thrown {
  const fields = isObject(error) ? error : {}
  const metadata = isObject(fields['$metadata']) ? fields['$metadata'] : {}
  const response = isObject(fields['$response']) ? fields['$response'] : {}
  const headers = isObject(response['headers']) ? response['headers'] : {}
  const status = metadata['httpStatusCode'] ?? response['statusCode']
  const text = messageOf(error)
  return {
    name: providerWord(fields['name']),
    text,
    networkCode: providerWord(fields['code']),
    status: typeof status === 'number' ? status : undefined,
    region: regionWord(fields['Region']) ?? regionWord(headers['x-amz-bucket-region']) ?? regionExpected(text),
    isCredentials: /^(CredentialsProviderError|TokenProviderError|ProviderError)$/.test(String(fields['name'])),
  }
}

function answerFailure(thrown: Thrown, asked: Asked): AgentsviewError {
  const status = thrown.status ?? 0
  // A bare answer (HEAD, a proxy's page) has no code: the SDK then fills in a name of its own.
  const hasCode = thrown.name !== '' && !/^(Unknown|UnknownError|Error|SyntaxError|NotFound|\d+)$/.test(thrown.name)
  const providerCode = hasCode ? thrown.name : undefined
  const isKms = thrown.name.startsWith('KMS.') || (status === 403 && /\bkms:[A-Z]/.test(thrown.text))
  const kind = isKms
    ? 'refused.kms'
    : (kindOfProviderCode(thrown.name) ?? kindOfStatus(status, asked.operation, hasCode))
  const words = [String(status), providerCode, `on ${asked.operation}`].filter((word) => word !== undefined)
  return remoteFailure(kind, asked, words.join(' '), { status, providerCode, region: thrown.region })
}

function credentialsFailure(thrown: Thrown, asked: Asked): AgentsviewError {
  const isExpired = /expired|refresh/i.test(thrown.text)
  const kind: FailureKind = isExpired ? 'refused.expired-token' : 'refused.no-credentials'
  const message = isExpired
    ? `the sign-in that gives the credentials has expired, on ${asked.operation}`
    : `no credentials found${profileWords(thrown.text)}, on ${asked.operation}`
  return remoteFailure(kind, asked, message)
}

/** Names the profile that the SDK says it looked for. */
function profileWords(text: string): string {
  const profile = /profile: \[([\w.@-]{1,64})\]/.exec(text)?.[1]
  return profile === undefined ? '' : ` in profile "${profile}"`
}

function networkFailure(thrown: Thrown, asked: Asked): AgentsviewError {
  if (thrown.name === 'InvalidBucketName') {
    return remoteFailure('refused.bad-bucket-name', asked, `"${asked.bucket}" cannot be a bucket's name`)
  }
  const kind = kindOfNetworkCode(thrown.networkCode, thrown.name)
  const word = thrown.networkCode === '' ? thrown.name : thrown.networkCode
  return remoteFailure(kind, asked, `${word} on ${asked.operation} at ${asked.host}`)
}

/** A code as providers write them; anything else a server may send instead is not repeated. */
function providerWord(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(value) ? value : ''
}

function regionWord(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z0-9-]{1,40}$/.test(value) ? value : undefined
}

/** Some servers tell the right region in words only: `… region 'a' is wrong; expecting 'b'`. */
function regionExpected(text: string): string | undefined {
  return regionWord(/expecting '([a-z0-9-]{1,40})'/.exec(text)?.[1])
}

function keyOf(asked: Asked): { readonly key?: string } {
  return asked.key === undefined ? {} : { key: asked.key }
}

function definedOf(told: Told): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}
