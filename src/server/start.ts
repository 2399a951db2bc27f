import { once } from 'node:events'

import { createAdaptorServer } from '@hono/node-server'

import { AgentsviewError } from '../base/index.ts'
import { makeApp } from './app.ts'
import type { ServerContext } from './context.ts'

/** A server that answers. */
export interface RunningServer {
  readonly url: string
  readonly port: number
  /** Stops answering and drops open connections. */
  close(): Promise<void>
}

const host = '127.0.0.1'

/**
 * Begins to answer on this machine's own address.
 * @param options  `ports`: the first to try, and how many from it on; 0 lets the system choose
 * @throws AgentsviewError `usage.port` when all of them are taken or may not be used
 */
export async function startServer(
  options: ServerContext & { readonly ports: { readonly first: number; readonly tries: number } },
): Promise<RunningServer> {
  const { ports, ...context } = options
  const app = makeApp(context)
  for (let port = ports.first; port < ports.first + ports.tries; port += 1) {
    const server = createAdaptorServer({ fetch: app.fetch })
    server.listen(port, host)
    try {
      await once(server, 'listening')
    } catch (error) {
      if (isTaken(error) && port + 1 < ports.first + ports.tries) continue
      throw portError(port, error)
    }
    const address = server.address()
    const bound = typeof address === 'object' && address !== null ? address.port : port
    return {
      url: `http://${host}:${bound}/`,
      port: bound,
      close: async () => {
        const closed = once(server, 'close')
        server.close()
        if ('closeAllConnections' in server) server.closeAllConnections()
        await closed
      },
    }
  }
  throw portError(ports.first, null)
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}

function portError(port: number, cause: unknown): AgentsviewError {
  return new AgentsviewError({
    code: 'usage.port',
    message: `port ${port} cannot be used: ${isTaken(cause) ? 'it is taken, or needs more rights' : 'the system refused it'}`,
    hint: 'Name another port with --port, or leave --port out for the next free one.',
    cause,
  })
}
