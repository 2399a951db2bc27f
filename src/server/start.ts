import { once } from 'node:events'

import { createAdaptorServer } from '@hono/node-server'

import { AgentsviewError } from '../base/index.ts'
import { makeApp } from './app.ts'
import type { ServerContext } from './context.ts'
import { readPageFiles } from './page-files.ts'

/** A server that answers. */
export interface RunningServer {
  readonly url: string
  readonly port: number
  /** Stops answering and drops open connections. */
  close(): Promise<void>
}

const ownAddress = '127.0.0.1'

export interface StartOptions extends ServerContext {
  /** The first to try, and how many from it on; 0 lets the system choose. */
  readonly ports: { readonly first: number; readonly tries: number }
  /** Address to listen on; this machine's own when left out. Any other one needs `access.token`. */
  readonly host?: string | undefined
  /** Folder of the built page; the plain page is shown when it is not there. */
  readonly pageFolder?: string | undefined
}

/**
 * Begins to answer.
 * @throws AgentsviewError `usage.port` when all ports are taken or may not be used; `usage.host` for an
 *   address others can reach without a token
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { ports, host = ownAddress, pageFolder, ...context } = options
  refuseOpenDoor(host, context)
  const page = pageFolder === undefined ? null : await readPageFiles(pageFolder)
  const app = makeApp({ ...context, page: page ?? context.page })
  for (let port = ports.first; port < ports.first + ports.tries; port += 1) {
    const server = createAdaptorServer({ fetch: app.fetch })
    server.listen(port, host)
    try {
      await once(server, 'listening')
    } catch (error) {
      if (isTaken(error) && port + 1 < ports.first + ports.tries) continue
      throw listenError(host, port, error)
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
  throw listenError(host, ports.first, null)
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}

/** @throws AgentsviewError `usage.host` */
function refuseOpenDoor(host: string, { access }: ServerContext): void {
  if (['127.0.0.1', '::1', 'localhost'].includes(host) || (access?.token ?? null) !== null) return
  throw new AgentsviewError({
    code: 'usage.host',
    message: `without a token the server does not listen on ${host}: whoever reaches it could read every session`,
    hint: 'Give --token-file FILE, or leave --host out and use a tunnel: ssh -L 8080:127.0.0.1:8080 HOST.',
  })
}

function listenError(host: string, port: number, cause: unknown): AgentsviewError {
  if (
    cause instanceof Error &&
    'code' in cause &&
    ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(String(cause.code))
  ) {
    return new AgentsviewError({
      code: 'usage.host',
      message: `${host} is no address of this machine`,
      hint: 'Leave --host out, or name an address this machine has.',
      cause,
    })
  }
  return new AgentsviewError({
    code: 'usage.port',
    message: `port ${port} cannot be used: ${isTaken(cause) ? 'it is taken, or needs more rights' : 'the system refused it'}`,
    hint: 'Name another port with --port, or leave --port out for the next free one.',
    cause,
  })
}
