import { randomBytes } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { TestServer } from './server.ts'

/** A bucket on a test server, written to with the ordinary client. */
export interface TestBucket {
  readonly server: TestServer
  readonly name: string
  readonly client: S3Client
  put(key: string, body: string | Uint8Array, metadata?: Readonly<Record<string, string>>): Promise<void>
  remove(key: string): Promise<void>
  /** Puts every file below a folder, its path there as the key; gives the keys in order. */
  putFolder(folder: string): Promise<readonly string[]>
  close(): void
}

/** A client for the server with its own keys. */
function clientOf(server: TestServer): S3Client {
  const { accessKeyId, secretAccessKey } = server
  return new S3Client({
    endpoint: server.endpoint,
    region: server.region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}

/** Makes an empty bucket; without a name, one nobody else has. */
export async function makeBucket(
  server: TestServer,
  name = `test-${randomBytes(6).toString('hex')}`,
): Promise<TestBucket> {
  const client = clientOf(server)
  await client.send(new CreateBucketCommand({ Bucket: name }))
  const put: TestBucket['put'] = async (key, body, metadata) => {
    await client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: body, Metadata: { ...metadata } }))
  }
  return {
    server,
    name,
    client,
    put,
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: name, Key: key }))
    },
    async putFolder(folder) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
      const keys: string[] = []
      for (const file of files.toSorted()) {
        const key = relative(folder, file).split(sep).join('/')
        await put(key, await readFile(file))
        keys.push(key)
      }
      return keys
    },
    close: () => client.destroy(),
  }
}
