import { defineCommand } from '../command.ts'
import { sessionExportCommand } from './session-export.ts'
import { sessionListCommand } from './session-list.ts'
import { sessionMessagesCommand } from './session-messages.ts'
import { sessionShowCommand } from './session-show.ts'
import { sessionUsageCommand } from './session-usage.ts'

/** `session`: what was said and done, on every machine. */
export const sessionCommand = defineCommand({
  command: 'session',
  describe: 'List and read sessions',
  subcommands: [
    sessionListCommand,
    sessionShowCommand,
    sessionMessagesCommand,
    sessionExportCommand,
    sessionUsageCommand,
  ],
})
