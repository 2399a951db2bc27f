import { spawn } from 'node:child_process'

import { AgentsviewError } from '../../base/index.ts'
import type { Ask } from '../../query/index.ts'
import type { Archive } from '../../store/index.ts'
import { openForReading } from '../archive.ts'
import { defineCommand } from '../command.ts'
import type { CommandContext } from '../context.ts'

/** The port that is tried first when none is asked for, and how many after it. */
const firstPort = 8080
const portsTried = 50

/** `serve`: the web view, on this machine alone. */
export const serveCommand = defineCommand({
  command: 'serve',
  describe: 'Show everything in the browser',
  exits: [10],
  examples: [['serve --port 9000 --no-open', 'on a port of your choice, without opening a browser']],
  options: (yargs) =>
    yargs.options({
      host: {
        type: 'string',
        nargs: 1,
        default: '127.0.0.1',
        describe: 'Address to listen on; only this machine for now',
      },
      port: { type: 'number', nargs: 1, describe: `Port; by default the first free one from ${firstPort} on` },
      open: { type: 'boolean', default: true, hidden: true },
      'no-open': { type: 'boolean', describe: 'Do not open a browser' },
    } as const),
  run: async (args, context) => {
    if (!['127.0.0.1', 'localhost'].includes(args.host)) {
      throw new AgentsviewError({
        code: 'usage.host',
        message: `serve does not listen on ${args.host}: whoever reaches it could read every session`,
        hint: 'Leave --host out and use a tunnel, such as ssh -L 8080:127.0.0.1:8080 HOST.',
      })
    }
    if (args.port !== undefined && !(Number.isSafeInteger(args.port) && args.port >= 0 && args.port <= 65_535)) {
      throw new AgentsviewError({
        code: 'usage.port',
        message: '--port is not a port',
        hint: 'Say a number from 1 to 65535.',
      })
    }
    await serve(args.port ?? null, args.open, context)
  },
})

async function serve(port: number | null, mayOpen: boolean, context: CommandContext): Promise<void> {
  const { io, globals, out, signal } = context
  const [{ startServer }, archive] = await Promise.all([import('../../server/index.ts'), lateArchive(context)])
  try {
    const server = await startServer({
      ask: archive.ask,
      timezone: globals.timezone,
      now: io.now,
      ports: port === null ? { first: firstPort, tries: portsTried } : { first: port, tries: 1 },
    })
    if (out.format === 'json') out.json('serve', { url: server.url })
    else out.line(`agentsview is at ${server.url} (stop with Ctrl-C)`)
    if (mayOpen && io.isTTY.stdout) openBrowser(server.url, context)
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    await server.close()
  } finally {
    archive.close()
  }
}

/** The archive as it comes: while there is none, answers are empty, and it is looked for at each question. */
async function lateArchive(context: CommandContext): Promise<{ readonly ask: Ask; close(): void }> {
  let archive: Archive | null = await openForReading(context)
  let opening: Promise<Archive | null> | null = null
  return {
    ask: {
      all: async (statement) => {
        if (archive === null) {
          opening ??= openForReading(context)
          archive = await opening
          opening = null
        }
        return archive === null ? [] : await archive.driver.all(statement)
      },
    },
    close: () => archive?.close(),
  }
}

/** Opens the desktop's browser; on a machine without one the printed address is enough. */
function openBrowser(url: string, { io, out }: CommandContext): void {
  const hasDesktop = process.platform !== 'linux' || (io.env['DISPLAY'] ?? io.env['WAYLAND_DISPLAY'] ?? '') !== ''
  if (!hasDesktop) return
  const [command, ...words] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform as string] ?? [
    'xdg-open',
  ]
  const browser = spawn(command ?? 'xdg-open', [...words, url], { stdio: 'ignore', detached: true })
  browser.on('error', () => out.detail('No browser could be opened.'))
  browser.unref()
}
