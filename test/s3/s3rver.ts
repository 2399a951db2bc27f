import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import S3rver from 's3rver'

import type { TestServer } from './fixture.ts'

export interface RunningServer extends TestServer {
  stop(): Promise<void>
}

/** Starts an S3 server in this process, on a free port; its data vanish with it. */
export async function startS3rver(): Promise<RunningServer> {
  const directory = await mkdtemp(join(tmpdir(), 'agentsview-s3rver-'))
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory })
  const { port } = await server.run()
  return {
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    stop: async () => {
      await server.close()
      await rm(directory, { recursive: true })
    },
  }
}
