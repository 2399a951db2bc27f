import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'

import { AgentsviewError } from '../../base/index.ts'
import type { Bucket } from '../../bucket/index.ts'
import { probeRemote } from '../../bucket/index.ts'
import { makeEventHub, relaySync, startServer, watchArchive } from '../../server/index.ts'
import { openForReading } from '../archive.ts'
import { findRemote } from '../commands/remotes/find-remote.ts'
import type { CommandContext } from '../context.ts'
import { renameMachineOf } from '../machines/rename-machine.ts'
import { objectReader, openDeclared, openWhole } from '../read-object.ts'
import { intervalOf } from '../sync/rounds.ts'
import { programVersion } from '../version.ts'
import { accessOf, shownUrl } from './access.ts'
import { agentInfos, declaredRemotes } from './declared.ts'
import { lateArchive } from './late-archive.ts'
import { liveConfig } from './live-config.ts'
import { openBrowser } from './open-browser.ts'
import type { ServeArguments } from './options.ts'
import { firstPort } from './options.ts'
import { syncRunner } from './sync-runner.ts'

/** How many ports are tried when none is asked for. */
const portsTried = 50
// The build puts the page beside the folder of the built code.
const pageFolder = fileURLToPath(
  new URL(import.meta.filename.endsWith('.js') ? '../web' : '../../../dist/web', import.meta.url),
)

/**
 * Serves the web view until the user interrupts.
 * @throws AgentsviewError `usage.*`, `config.*`, `store.*`
 */
export async function serve(args: ServeArguments, context: CommandContext): Promise<void> {
  const { io, globals, out, signal } = context
  const ports = portsOf(args.port)
  const access = await accessOf(args, context)
  const intervalMs = args.watch === true ? intervalOf(args.interval) : null
  const events = makeEventHub()
  const live = await liveConfig(context, async () => await tellOfConfig())
  const config = live.current
  const openRemote = (name: string): Bucket => openDeclared(config(), name)
  // Whatever opens the archive meets the projects and prices of the config in force.
  const own = { ...context, config: async () => config() }
  const sync = syncRunner(config, own, relaySync(events, io.now), intervalMs)
  const archive = await lateArchive(own)
  const tellOfConfig = async (): Promise<void> => {
    ;(await openForReading(own))?.close()
    sync.goByConfig()
    events.publish('archive', { kind: 'archive-changed', version: randomUUID() })
  }
  const stopWatching = watchArchive(archive.ask, events, () => out.detail('The archive could not be looked at.'))
  try {
    const server = await startServer({
      ask: archive.ask,
      timezone: globals.timezone,
      now: io.now,
      version: programVersion(),
      remotes: () => declaredRemotes(config()),
      agents: agentInfos,
      readObject: objectReader(openRemote),
      openObject: async (object, asked) => await openWhole(openRemote, object, asked),
      configProblem: live.problem,
      renameMachine: async (from, to, wish) => {
        if (sync.isRunning()) throw syncRuns()
        const done = await renameMachineOf(own, from, to, wish)
        await live.look()
        return done
      },
      hasActions: args['allow-actions'] ?? false,
      testRemote: async (name, asked) => await probeRemote(findRemote(config(), name), asked),
      host: args.host,
      access,
      events,
      sync,
      ports,
      pageFolder,
    })
    try {
      if (args.watch === true) sync.watch()
      const url = shownUrl(server.url, args.host, io.hostname)
      if (out.format === 'json') out.json('serve', { url })
      else out.line(`agentsview is at ${url} (stop with Ctrl-C)`)
      if (args.open && io.isTTY.stdout) openBrowser(url, context)
      if (!signal.aborted)
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    } finally {
      await server.close()
    }
  } finally {
    stopWatching()
    live.close()
    await sync.end()
    archive.close()
  }
}

function syncRuns(): AgentsviewError {
  return new AgentsviewError({
    code: 'usage.running',
    message: 'a sync is under way, by the names it began with',
    hint: 'Wait until it is done, then rename.',
  })
}

function portsOf(port: number | undefined): { readonly first: number; readonly tries: number } {
  if (port === undefined) return { first: firstPort, tries: portsTried }
  if (Number.isSafeInteger(port) && port >= 0 && port <= 65_535) return { first: port, tries: 1 }
  throw new AgentsviewError({
    code: 'usage.port',
    message: '--port is not a port',
    hint: 'Say a number from 1 to 65535.',
  })
}
