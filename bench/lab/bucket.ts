import { createReadStream, readdirSync, statSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'

import type { TestServer } from '../../test/servers/server.ts'

/** A bucket of the bench, by its name, and the server it is on. */
export interface BenchBucket {
  readonly server: TestServer
  readonly name: string
}

/** Objects on their way at once. */
const inFlight = 16

/** Makes a bucket that takes objects without a signature: putting many small ones is then quick. */
export async function makeBucket(server: TestServer, name: string): Promise<BenchBucket> {
  const { accessKeyId, secretAccessKey, endpoint, region } = server
  const credentials = { accessKeyId, secretAccessKey }
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: name }))
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: ['*'] },
    Action: ['s3:PutObject'],
    Resource: [`arn:aws:s3:::${name}/*`],
  }
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await client.send(new PutBucketPolicyCommand({ Bucket: name, Policy: policy }))
  client.destroy()
  return { server, name }
}

/**
 * Puts files of a corpus into a bucket, under their path below its folder.
 * @param paths  these files; without them, every file of the machines' folders
 */
export async function upload(bucket: BenchBucket, folder: string, paths = filesOf(folder)): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
  let next = 0
  const worker = async (): Promise<void> => {
    for (let path = paths[next]; path !== undefined; path = paths[next]) {
      next += 1
      await put(agent, bucket, path, join(folder, path))
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  agent.destroy()
}

/** Every file of the machines' folders of a corpus, by its path with `/`. */
export function filesOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.parentPath !== folder)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted()
}

async function put(agent: Agent, { server, name }: BenchBucket, key: string, file: string): Promise<void> {
  const path = `/${name}/${key.split('/').map(encodeURIComponent).join('/')}`
  const { size } = statSync(file)
  const { hostname, port } = new URL(server.endpoint)
  await new Promise<void>((done, fail) => {
    const headers = { 'Content-Length': size }
    const call = request({ agent, hostname, port, path, method: 'PUT', headers }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode === 200) done()
        else fail(new Error(`PUT ${key}: ${answer.statusCode}`))
      })
    })
    call.on('error', fail)
    pipeline(createReadStream(file), call).catch(fail)
  })
}
