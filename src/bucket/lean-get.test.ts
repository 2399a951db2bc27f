import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { testRemote } from '../../test/s3/remote.ts'
import { Secret } from '../base/index.ts'
import type { Credentials, Remote } from '../model/index.ts'
import type { GetPattern, Wanted, WireRequest } from './lean-get.ts'
import { learnPattern, unsignedGet } from './lean-get.ts'
import { defaultRetryPolicy } from './retry-policy.ts'
import type { S3Connection } from './s3-client.ts'
import { connect } from './s3-client.ts'

let connections: S3Connection[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const { client } of connections) client.destroy()
  connections = []
})

const keys = (sessionToken: string | null = null): Credentials => ({
  kind: 'keys',
  accessKeyId: 'AKID/with a slash',
  secretAccessKey: new Secret('secret'),
  sessionToken: sessionToken === null ? null : new Secret(sessionToken),
  from: 'here',
})

/** A connection that sends nothing: gives the requests that the SDK would send, signed. */
async function connectNowhere(changes: Partial<Remote> = {}) {
  const endpoint = changes.endpoint ?? 'http://127.0.0.1:1/base/path'
  const remote = testRemote(endpoint, { credentials: keys(), ...changes })
  const tally = { list: 0, get: 0, head: 0, bytesFetched: 0 }
  const connection = await connect(remote, tally, defaultRetryPolicy)
  connections.push(connection)
  const signed: WireRequest[] = []
  connection.client.middlewareStack.add(
    () => (args) => {
      signed.push(args.request as WireRequest)
      return Promise.resolve({ response: {}, output: { $metadata: {} } })
    },
    { step: 'finalizeRequest', priority: 'low', name: 'sendNothing' },
  )
  const bySdk = async ({ key, etag, from }: Wanted): Promise<WireRequest> => {
    const range = from === 0 ? {} : { Range: `bytes=${from}-` }
    const command = new connection.sdk.GetObjectCommand({
      Bucket: remote.bucket,
      Key: key,
      IfMatch: `"${etag}"`,
      ...range,
    })
    await connection.client.send(command)
    const request = signed.at(-1)
    if (request === undefined) throw new Error('nothing was signed')
    return request
  }
  return { connection, bySdk }
}

/** The same request as the SDK's, made by copying: for the same moment and under the same number. */
async function copied(pattern: GetPattern, wanted: Wanted, like: WireRequest): Promise<WireRequest> {
  const unsigned = unsignedGet(pattern, wanted)
  if (unsigned === null) throw new Error('the key does not fit')
  const id = like.headers['amz-sdk-invocation-id']
  if (id !== undefined) unsigned.headers['amz-sdk-invocation-id'] = id
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
  const at = Date.parse((like.headers['x-amz-date'] ?? '').replace(parts, '$1-$2-$3T$4:$5:$6Z'))
  return await pattern.sign(unsigned, new Date(Number.isNaN(at) ? 0 : at))
}

const learned = async (connection: S3Connection, request: WireRequest, key: string): Promise<GetPattern> => {
  const pattern = await learnPattern(connection.client, request, key)
  if (pattern === null) throw new Error('nothing was learned')
  return pattern
}

const first: Wanted = { key: "a b/ü'(1)!*~+%.jsonl", etag: 'e', from: 0 }

const remotes: Readonly<Record<string, Partial<Remote>>> = {
  'with keys': {},
  'with a session token': { credentials: keys('a/token+of=a session') },
  'of everybody': { credentials: { kind: 'anonymous' } },
  'with the bucket in the host name': { addressing: 'virtual', endpoint: 'https://s3.example' },
  'of AWS itself': { endpoint: null, addressing: 'virtual', region: 'eu-west-3' },
}

describe('a copied GET', () => {
  const key = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom(...' +%\'()*!~=&?#/\\.:@,$[]{}|^`"<>;aZ09-_\u0001é中🙂'),
      minLength: 1,
      maxLength: 30,
    }),
  )
  const wanted: fc.Arbitrary<Wanted> = fc.record({
    key,
    etag: fc.string({ unit: fc.constantFrom(...'0123456789abcdef-'), maxLength: 40 }),
    from: fc.oneof(fc.constant(0), fc.nat()),
  })

  it.each(Object.entries(remotes))('is, signature and all, the one the SDK makes: a remote %s', async (_, changes) => {
    const { connection, bySdk } = await connectNowhere(changes)
    const pattern = await learned(connection, await bySdk(first), first.key)
    await fc.assert(
      fc.asyncProperty(wanted, async (one) => {
        const signed = await bySdk(one)
        expect({ ...(await copied(pattern, one, signed)) }).toEqual({ ...signed })
      }),
      { numRuns: 60 },
    )
  })

  it('is not learned from where the SDK signs in a way of its own', async () => {
    const { connection, bySdk } = await connectNowhere()
    const signed = await bySdk(first)
    const { client } = connection
    expect(await learnPattern(client, signed, first.key)).not.toBe(null)
    expect(await learnPattern(client, signed, 'another key')).toBe(null)
    const headers = { ...signed.headers, 'x-amz-of-its-own': 'added after signing' }
    expect(await learnPattern(client, { ...signed, headers }, first.key)).toBe(null)
    const foreign = { ...signed.headers, authorization: 'AWS4-ECDSA-P256-SHA256 Credential=x' }
    expect(await learnPattern(client, { ...signed, headers: foreign }, first.key)).toBe(null)
    const { authorization: __, ...unsigned } = signed.headers
    expect(await learnPattern(client, { ...signed, headers: unsigned }, first.key)).toBe(null)
  })

  it('is not made for a key that no path can hold', async () => {
    const { connection, bySdk } = await connectNowhere()
    const pattern = await learned(connection, await bySdk(first), first.key)
    expect(unsignedGet(pattern, { key: 'half \uD83D', etag: 'e', from: 0 })).toBe(null)
    expect(unsignedGet(pattern, { key: '', etag: 'e', from: 0 })).toBe(null)
  })

  it('carries nothing of the request it was copied from but what all have in common', async () => {
    const { connection, bySdk } = await connectNowhere({ credentials: keys('token') })
    const signed = await bySdk({ key: 'k', etag: 'first', from: 9 })
    const pattern = await learned(connection, signed, 'k')
    const next = unsignedGet(pattern, { key: 'l', etag: 'second', from: 0 })
    expect(Object.keys(next?.headers ?? {}).filter((name) => /^(auth|range|x-amz-(date|sec))/i.test(name))).toEqual([])
    expect(next?.headers['if-match']).toBe('"second"')
    expect(next?.headers['amz-sdk-invocation-id']).not.toBe(signed.headers['amz-sdk-invocation-id'])
  })

  it('is signed with credentials that were renewed meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { connection, bySdk } = await connectNowhere()
    let round = 0
    connection.client.config.credentials = () => {
      round += 1
      const expiration = new Date(Date.now() + 10 * 60_000)
      return Promise.resolve({ accessKeyId: `id${round}`, secretAccessKey: 's', sessionToken: `t${round}`, expiration })
    }
    const pattern = await learned(connection, await bySdk(first), first.key)
    vi.setSystemTime(Date.now() + 8 * 60_000)
    const unsigned = unsignedGet(pattern, first)
    const signed = unsigned === null ? null : await pattern.sign(unsigned, new Date())
    expect(signed?.headers['authorization']).toContain('Credential=id2/')
    expect(signed?.headers['x-amz-security-token']).toBe('t2')
    expect((await bySdk(first)).headers['authorization']).toContain('Credential=id2/')
  })
})
