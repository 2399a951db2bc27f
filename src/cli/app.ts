import type { Command } from './command.ts'
import { firstWord } from './global-options.ts'

/** Every command by its word, in the order the help shows them; one is loaded when it is asked for. */
const late: Readonly<Record<string, () => Promise<Command>>> = {
  remotes: async () => (await import('./commands/remotes/remotes.ts')).remotesCommand,
  sync: async () => (await import('./commands/sync.ts')).syncCommand,
  db: async () => (await import('./commands/db.ts')).dbCommand,
  config: async () => (await import('./commands/config.ts')).configCommand,
  session: async () => (await import('./commands/session.ts')).sessionCommand,
  search: async () => (await import('./commands/search.ts')).searchCommand,
  usage: async () => (await import('./commands/usage.ts')).usageCommand,
  prices: async () => (await import('./commands/prices.ts')).pricesCommand,
  machines: async () => (await import('./commands/machines.ts')).machinesCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  version: async () => (await import('./commands/version.ts')).versionCommand,
}

/**
 * The commands that a command line can mean: the one it names first, else all of them (a page of help, a mistyped
 * word), with what `agentsview` does when no command is named.
 */
export async function commandsFor(argv: readonly string[]): Promise<readonly Command[]> {
  const word = firstWord(argv) ?? ''
  const named = Object.hasOwn(late, word) ? late[word] : undefined
  if (named !== undefined) return [await named()]
  if (argv.length === 1 && word === '--version') return []
  const { beginCommand } = await import('./commands/begin.ts')
  return [beginCommand, ...(await Promise.all(Object.values(late).map((load) => load())))]
}
