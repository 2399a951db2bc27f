import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'

import { Secret } from '../../src/base/index.ts'
import { openBucket } from '../../src/bucket/index.ts'
import type { Remote } from '../../src/model/index.ts'
import type { BucketFixture } from '../contract/bucket.ts'
import { testRemote } from './remote.ts'

export interface TestServer {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** The running server that the environment names (`AGENTSVIEW_TEST_S3`, `…_KEY`, `…_SECRET`); null without one. */
export function serverFromEnv(env: NodeJS.ProcessEnv = process.env): TestServer | null {
  const endpoint = env['AGENTSVIEW_TEST_S3']
  if (endpoint === undefined || endpoint === '') return null
  return {
    endpoint,
    accessKeyId: env['AGENTSVIEW_TEST_S3_KEY'] ?? 'minioadmin',
    secretAccessKey: env['AGENTSVIEW_TEST_S3_SECRET'] ?? 'minioadmin',
  }
}

/** A client that writes, independent of the code under test. */
export function writerOf({ endpoint, accessKeyId, secretAccessKey }: TestServer): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
}

/** A remote that reads a bucket of the server. */
export function remoteOf(server: TestServer, bucket: string, changes: Partial<Remote> = {}): Remote {
  return testRemote(server.endpoint, {
    bucket,
    credentials: {
      kind: 'keys',
      accessKeyId: server.accessKeyId,
      secretAccessKey: new Secret(server.secretAccessKey),
      sessionToken: null,
      from: 'env TEST_KEY / TEST_SECRET',
    },
    ...changes,
  })
}

let buckets = 0

/** A bucket's name that no other test and no earlier run uses. */
export function freshBucketName(): string {
  buckets += 1
  return `agentsview-test-${process.pid}-${Date.now().toString(36)}-${buckets}`
}

/** A new bucket of the server, for the contract. */
export async function makeS3Fixture(server: TestServer, changes: Partial<Remote> = {}): Promise<BucketFixture> {
  const writer = writerOf(server)
  const Bucket = freshBucketName()
  await writer.send(new CreateBucketCommand({ Bucket }))
  return {
    bucket: openBucket(remoteOf(server, Bucket, changes)),
    put: async (Key, Body) => {
      await writer.send(new PutObjectCommand({ Bucket, Key, Body }))
    },
    delete: async (Key) => {
      await writer.send(new DeleteObjectCommand({ Bucket, Key }))
    },
    cleanUp: async () => {
      await emptyBucket(writer, Bucket)
      await writer.send(new DeleteBucketCommand({ Bucket }))
      writer.destroy()
    },
  }
}

async function emptyBucket(writer: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Contents = [] } = await writer.send(new ListObjectsV2Command({ Bucket }))
    if (Contents.length === 0) return
    await writer.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } }))
  }
}
