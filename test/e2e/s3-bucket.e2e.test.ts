import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { Secret } from '../../src/base/index.ts'
import { listFolder, openBucket, probeRemote } from '../../src/bucket/index.ts'
import type { Remote } from '../../src/model/index.ts'
import { describeBucket, listAll } from '../contract/bucket.ts'
import { makeS3Fixture, remoteOf, serverFromEnv } from '../s3/fixture.ts'
import { sendError, startFaultyServer } from '../s3/faulty-server.ts'
import { testRemote } from '../s3/remote.ts'
import type { RunningServer } from '../s3/s3rver.ts'
import { startS3rver } from '../s3/s3rver.ts'

let inProcess: RunningServer | null = null
const s3rver = (): RunningServer => {
  if (inProcess === null) throw new Error('the server is not running')
  return inProcess
}
beforeAll(async () => {
  inProcess = await startS3rver()
})
afterAll(async () => {
  await inProcess?.stop()
})

const skip = [
  { test: 'lists in key order', reason: 's3rver lists as its file system does' },
  { test: 'lists more objects than fit on a page', reason: "s3rver's tokens need a cipher that OpenSSL 3 leaves out" },
]
describeBucket('an S3 server in process', () => makeS3Fixture(s3rver()), { skip })
// With checksums each GET is made by the SDK; without, all but the first are copies.
describeBucket(
  'an S3 server in process, with checksums',
  () => makeS3Fixture(s3rver(), { checksums: 'when_supported' }),
  {
    skip,
  },
)

const real = serverFromEnv()
if (real !== null) {
  describeBucket('the S3 server of the environment', () => makeS3Fixture(real))
  describeBucket('the S3 server of the environment, listed the old way', () => makeS3Fixture(real, { listVersion: 1 }))
  describeBucket('the S3 server of the environment, with checksums', () =>
    makeS3Fixture(real, { checksums: 'when_supported' }),
  )

  describe('the S3 server of the environment says no', () => {
    const failureOf = async (changes: Partial<Remote>): Promise<unknown> => {
      const bucket = openBucket(remoteOf(real, 'no-such-bucket-here', changes))
      const error: unknown = await listAll(bucket).catch((thrown: unknown) => thrown)
      bucket.close()
      return error
    }
    const keys = (accessKeyId: string, secret: string): Partial<Remote> => ({
      credentials: { kind: 'keys', accessKeyId, secretAccessKey: new Secret(secret), sessionToken: null, from: 'here' },
    })

    it('to a bucket that is not there', async () => {
      expect(await failureOf({})).toMatchObject({ code: 'remote.refused.no-such-bucket' })
    })

    it('to an unknown key and to a wrong secret', async () => {
      expect(await failureOf(keys('nobody-knows-me', 'x'))).toMatchObject({ code: 'remote.refused.bad-key' })
      const wrong = await failureOf(keys(real.accessKeyId, 'not-the-secret'))
      expect(wrong).toMatchObject({ code: 'remote.refused.bad-secret' })
      expect(JSON.stringify(wrong)).not.toContain('not-the-secret')
    })

    it('to somebody without a key', async () => {
      const fixture = await makeS3Fixture(real)
      await fixture.put('a.jsonl', Buffer.from('{}'))
      const [object] = await listAll(fixture.bucket)
      const changes = { bucket: object?.bucket ?? '', credentials: { kind: 'anonymous' } } as const
      expect(await failureOf(changes)).toMatchObject({ code: 'remote.refused.denied' })
      fixture.bucket.close()
      await fixture.cleanUp()
    })
  })
}

const never = new AbortController().signal

describe('looking at a remote', () => {
  const servers = [
    { title: 'the server in process', server: s3rver, ifMatch: 'ignored' },
    ...(real === null ? [] : [{ title: 'the server of the environment', server: () => real, ifMatch: 'heeded' }]),
  ]
  for (const { title, server, ifMatch } of servers) {
    it(`finds all well at ${title}`, async () => {
      const fixture = await makeS3Fixture(server(), { prefixes: ['m/'] })
      await fixture.put('m/raw/claude/p/a.jsonl', Buffer.from('{"a":1}\n'))
      const [object] = await listAll(fixture.bucket)
      if (object === undefined) throw new Error('expected an object')
      const remote = remoteOf(server(), object.bucket)
      const checks = await probeRemote(remote, never)
      expect(checks.map(({ name, ok }) => [name, ok])).toEqual(
        ['connect', 'credentials', 'list', 'read', 'if-match', 'clock'].map((name) => [name, true]),
      )
      expect(checks.find(({ name }) => name === 'if-match')?.detail).toContain(ifMatch)
      expect(await listFolder(remote, 'm/raw/claude', never)).toEqual({
        folders: ['m/raw/claude/p/'],
        objects: [],
        isCut: false,
      })
      expect((await listFolder(remote, 'm/raw/claude/p/', never)).objects).toMatchObject([
        { key: 'm/raw/claude/p/a.jsonl', size: 8 },
      ])
      fixture.bucket.close()
      await fixture.cleanUp()
    })
  }

  it('tells a missing bucket from a wrong secret', async () => {
    const missing = await probeRemote(remoteOf(s3rver(), 'no-such-bucket-here'), never)
    expect(missing.map(({ name, ok }) => [name, ok])).toEqual([
      ['connect', true],
      ['credentials', true],
      ['list', false],
      ['clock', true],
    ])
    expect(missing[2]).toMatchObject({ code: 'remote.refused.no-such-bucket' })
    const refusing = await startFaultyServer((response) => {
      sendError(response, 403, 'SignatureDoesNotMatch')
    })
    const wrong = await probeRemote(testRemote(refusing.endpoint), never)
    await refusing.close()
    expect(wrong[0]).toMatchObject({ name: 'connect', ok: true })
    expect(wrong[1]).toMatchObject({ name: 'credentials', ok: false, code: 'remote.refused.bad-secret' })
    const nobody = await probeRemote(testRemote(refusing.endpoint), never)
    expect(nobody).toMatchObject([{ name: 'connect', ok: false, code: 'remote.unreachable.refused-connection' }])
  })

  it('passes on what the config found wrong, without a request', async () => {
    const problem = { code: 'remote.refused.no-credentials', message: 'X is not set', hint: 'set X' } as const
    const remote = remoteOf(s3rver(), 'any-bucket', { problem })
    expect(await probeRemote(remote, never)).toMatchObject([{ name: 'credentials', ok: false, detail: 'X is not set' }])
    await expect(listAll(openBucket(remote))).rejects.toMatchObject({ code: problem.code, message: problem.message })
  })
})
