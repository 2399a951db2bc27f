import { beginCommand } from './commands/begin.ts'
import { syncCommand } from './commands/sync.ts'
import { versionCommand } from './commands/version.ts'
import type { Command } from './command.ts'

/** Every command, in the order the help shows them. */
export const commands: readonly Command[] = [syncCommand, versionCommand]

/** What `agentsview` does when no command is named. */
export const defaultCommand: Command = beginCommand
