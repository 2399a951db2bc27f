import { beginCommand } from './commands/begin.ts'
import { syncCommand } from './commands/sync.ts'
import { configCommand } from './commands/config.ts'
import { pricesCommand } from './commands/prices.ts'
import { remotesCommand } from './commands/remotes/remotes.ts'
import { machinesCommand } from './commands/machines.ts'
import { searchCommand } from './commands/search.ts'
import { serveCommand } from './commands/serve.ts'
import { sessionCommand } from './commands/session.ts'
import { usageCommand } from './commands/usage.ts'
import { versionCommand } from './commands/version.ts'
import type { Command } from './command.ts'

/** Every command, in the order the help shows them. */
export const commands: readonly Command[] = [
  remotesCommand,
  syncCommand,
  configCommand,
  sessionCommand,
  searchCommand,
  usageCommand,
  pricesCommand,
  machinesCommand,
  serveCommand,
  versionCommand,
]

/** What `agentsview` does when no command is named. */
export const defaultCommand: Command = beginCommand
