import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'

import { AgentsviewError, exitCodeOf } from '../base/index.ts'
import { isRetryable } from './is-retryable.ts'
import type { Asked } from './s3-error.ts'
import { remoteError } from './s3-error.ts'

const asked: Asked = { remote: 'gpu', bucket: 'logs', host: 's3.example:9000', region: 'us-east-1', operation: 'list' }

/** An error as the SDK throws it for an answer. */
function answer(status: number, name: string, more: object = {}): Error {
  return Object.assign(new Error('words of the server'), { name, $metadata: { httpStatusCode: status }, ...more })
}

/** An error as Node throws it below HTTP. */
function network(code: string): Error {
  return Object.assign(new Error('words of the system'), { code })
}

const refusals: readonly (readonly [number, string, string])[] = [
  [404, 'NoSuchBucket', 'no-such-bucket'],
  [403, 'AccessDenied', 'denied'],
  [403, 'InvalidAccessKeyId', 'bad-key'],
  [403, 'SignatureDoesNotMatch', 'bad-secret'],
  [400, 'ExpiredToken', 'expired-token'],
  [403, 'RequestTimeTooSkewed', 'clock-skew'],
  [301, 'PermanentRedirect', 'wrong-region'],
  [400, 'AuthorizationHeaderMalformed', 'wrong-region'],
  [403, 'SecondLevelDomainForbidden', 'wrong-addressing'],
  [403, 'InvalidObjectState', 'archived'],
  [404, 'NoSuchKey', 'gone'],
  [400, 'KMS.DisabledException', 'kms'],
  [400, 'SomethingNew', 'other'],
  [404, 'SomethingNew', 'other'],
  [403, 'Unknown', 'denied'],
  [404, 'NotFound', 'no-such-bucket'],
]

describe('remoteError', () => {
  it.each(refusals)('takes %i %s for remote.refused.%s, with a next step and without a retry', (status, name, what) => {
    const error = remoteError(answer(status, name), asked)
    expect(error.code).toBe(`remote.refused.${what}`)
    expect(error.hint).toBeTruthy()
    expect(exitCodeOf(error)).toBe(4)
    expect(isRetryable(error)).toBe(false)
  })

  const failures = [
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ECONNREFUSED', 'refused-connection'],
    ['ETIMEDOUT', 'timeout'],
    ['ECONNRESET', 'network'],
    ['EHOSTUNREACH', 'network'],
    ['SOMETHING_NEW', 'network'],
  ] as const
  it.each(failures)('takes %s for remote.unreachable.%s, worth a retry', (code, what) => {
    const error = remoteError(network(code), asked)
    expect(error).toMatchObject({ code: `remote.unreachable.${what}`, message: `${code} on list at s3.example:9000` })
    expect(error.hint).toBeTruthy()
    expect(exitCodeOf(error)).toBe(5)
    expect(isRetryable(error)).toBe(true)
  })

  it('tries again what a busy server answers, not a bad certificate or a changed object', () => {
    for (const status of [429, 500, 502, 503, 408])
      expect(isRetryable(remoteError(answer(status, 'X'), asked))).toBe(true)
    for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'EPROTO', 'HPE_INVALID_CONSTANT']) {
      expect(isRetryable(remoteError(network(code), asked))).toBe(false)
    }
    for (const status of [412, 416]) {
      const error = remoteError(answer(status, 'X'), { ...asked, operation: 'read' })
      expect(error.code).toBe('remote.unreachable.changed')
      expect(isRetryable(error)).toBe(false)
    }
  })

  it('says the status, the code and the operation, and names the remote', () => {
    const error = remoteError(answer(403, 'AccessDenied'), { ...asked, operation: 'read', key: 'a.jsonl' })
    expect(error.message).toBe('403 AccessDenied on read')
    expect(error.hint).toContain('agentsview remotes policy gpu')
    expect(error.context).toMatchObject({ remote: 'gpu', operation: 'read', key: 'a.jsonl', status: 403 })
  })

  it('says no code when the answer had none', () => {
    expect(remoteError(answer(403, 'UnknownError'), asked).message).toBe('403 on list')
  })

  it('names the right region when the answer tells it, in whatever way', () => {
    const told = [
      answer(301, 'PermanentRedirect', { $response: { headers: { 'x-amz-bucket-region': 'eu-west-3' } } }),
      answer(400, 'AuthorizationHeaderMalformed', { Region: 'eu-west-3' }),
      Object.assign(answer(400, 'AuthorizationHeaderMalformed'), {
        message: "the region 'us-east-1' is wrong; expecting 'eu-west-3'",
      }),
    ]
    for (const error of told) expect(remoteError(error, asked).hint).toContain('remotes edit gpu region=eu-west-3')
    expect(remoteError(answer(400, 'AuthorizationHeaderMalformed', { Region: 'x; rm -rf' }), asked).hint).toContain(
      'region=REGION',
    )
  })

  it('tells missing credentials from expired ones', () => {
    const credentials = (text: string) => Object.assign(new Error(text), { name: 'CredentialsProviderError' })
    expect(remoteError(credentials('Could not load credentials'), asked).code).toBe('remote.refused.no-credentials')
    expect(remoteError(credentials('Could not resolve credentials using profile: [work]'), asked).message).toContain(
      'in profile "work"',
    )
    expect(remoteError(credentials('The SSO session has expired'), asked).code).toBe('remote.refused.expired-token')
  })

  it('repeats nothing that a server or the SDK says in its own words', () => {
    const secret = 'AWS4-HMAC-SHA256 Credential=AKIA/secret'
    const error = remoteError(
      answer(400, `Bad\u001B[31m ${secret}`, {
        message: secret,
        $response: { headers: {}, body: { req: { headers: { authorization: secret } } } },
      }),
      asked,
    )
    expect(error.code).toBe('remote.refused.other')
    expect(inspect(error, { depth: 10 })).not.toContain('AKIA')
    expect(error.message).toBe('400 on list')
  })

  it('leaves our own errors alone, and gives the reason of an abort', () => {
    const own = new AgentsviewError({ code: 'limit.bytes', message: 'enough' })
    expect(remoteError(own, asked)).toBe(own)
    expect(remoteError(network('ECONNRESET'), asked, AbortSignal.abort(own))).toBe(own)
    expect(remoteError(network('ECONNRESET'), asked, AbortSignal.abort()).code).toBe('cancelled')
  })
})
