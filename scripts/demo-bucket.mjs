/** The demo's S3 server: runs inside this process, on loopback, and holds what fixtures/bucket/ holds. */
import { once } from 'node:events'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { createServer } from 'node:net'
import { join, relative, sep } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import S3rver from 's3rver'
import { root } from './setup.mjs'

/** The bucket that the remotes of /agentsview.toml name. */
const bucket = 'team-agents'
/** s3rver knows this one key pair; it opens nothing but the demo. */
const key = 'S3RVER'

/** The first free port from `first` on. */
async function freePort(first) {
  for (let port = first; port < first + 200; port += 1) if (await isFree(port)) return port
  throw new Error(`No free port from ${first} to ${first + 199}. Try: stop what listens there.`)
}

async function isFree(port) {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return false
    throw error
  }
  server.close()
  await once(server, 'close')
  return true
}

/**
 * Starts the server and fills its bucket through the ordinary client.
 * @param {string} folder where the server may keep its files, below .demo/
 * @returns what the program needs in its environment, and how to stop
 */
export async function startDemoBucket(folder) {
  const port = await freePort(9321)
  const directory = join(folder, `bucket-${port}`)
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  const server = new S3rver({
    address: '127.0.0.1',
    port,
    directory,
    silent: true,
    configureBuckets: [{ name: bucket }],
  })
  await server.run()
  const endpoint = `http://127.0.0.1:${port}`
  const objects = await fill(endpoint)
  return {
    endpoint,
    objects,
    environment: { AWS_ENDPOINT_URL_S3: endpoint, AGENTSVIEW_DEMO_KEY_ID: key, AGENTSVIEW_DEMO_SECRET: key },
    async stop() {
      server.httpServer.closeAllConnections()
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function fill(endpoint) {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: key, secretAccessKey: key },
    // s3rver does not know the newer checksum trailers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const folder = join(root, 'fixtures', 'bucket')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files) {
    const name = relative(folder, file).split(sep).join('/')
    await new Upload({ client, params: { Bucket: bucket, Key: name, Body: createReadStream(file) } }).done()
  }
  client.destroy()
  return files.length
}
