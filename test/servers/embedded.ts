import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import type { ServerKind, TestServer } from './server.ts'

/**
 * s3rver, inside this process: always there. It ignores conditions on reads and writes and cannot copy parts, so it
 * stands for every server that does less than it should.
 */
export const embedded: ServerKind = { name: 's3rver', missing: () => null, start: startEmbedded }

/** Starts an empty s3rver on a free port. */
async function startEmbedded(): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'agentsview-s3rver-'))
  const server = new S3rver({ address: '127.0.0.1', port: 0, directory, silent: true })
  const { port } = await server.run()
  return {
    name: 's3rver',
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    // The one pair it knows.
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    async stop() {
      server.httpServer.closeAllConnections()
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
