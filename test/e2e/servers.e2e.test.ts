import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { describeServers } from '../servers/describe-servers.ts'
import { makeBucket } from '../servers/fill.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/bucket')

describeServers('the helpers for S3 servers', (server) => {
  it('fill a bucket with the fixtures, which the server then lists', async () => {
    const bucket = await makeBucket(server())
    const keys = await bucket.putFolder(fixtures)
    const listed = await bucket.client.send(new ListObjectsV2Command({ Bucket: bucket.name }))
    expect(listed.Contents?.map(({ Key }) => Key).toSorted()).toEqual(keys.toSorted())
    expect(keys.length).toBeGreaterThan(10)
    bucket.close()
  })

  it('give back the bytes that were put, and a part of them by range', async () => {
    const bucket = await makeBucket(server())
    const text = '{"text":"日本語 🎉"}\n'.repeat(5000)
    await bucket.put('prod/laptop/raw/claude/projects/-a/b.jsonl', text, { machine: 'laptop' })
    const whole = await bucket.client.send(
      new GetObjectCommand({ Bucket: bucket.name, Key: 'prod/laptop/raw/claude/projects/-a/b.jsonl' }),
    )
    const bytes = (await whole.Body?.transformToByteArray()) ?? new Uint8Array()
    const sum = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
    expect(sum(bytes)).toBe(sum(text))
    expect(whole.Metadata).toEqual({ machine: 'laptop' })
    const part = await bucket.client.send(
      new GetObjectCommand({
        Bucket: bucket.name,
        Key: 'prod/laptop/raw/claude/projects/-a/b.jsonl',
        Range: `bytes=${Buffer.byteLength(text) - 3}-`,
      }),
    )
    expect(await part.Body?.transformToString()).toBe('"}\n')
    bucket.close()
  })
})
