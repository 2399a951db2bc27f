import { AgentsviewError } from '../../base/index.ts'
import { openToWrite } from '../archive.ts'
import { defineCommand } from '../command.ts'

/** `sync reset`: has objects read from their start by the next sync. */
export const syncResetCommand = defineCommand({
  command: 'reset <name> [key-prefix]',
  describe: 'Have the next sync read objects from their start; nothing is dropped before',
  exits: [3, 10],
  options: (yargs) =>
    yargs
      .positional('name', { type: 'string', demandOption: true, describe: 'A remote; local = the local folders' })
      .positional('key-prefix', { type: 'string', describe: 'Only keys that begin so' }),
  examples: [
    ['sync reset gpu', 'the whole remote'],
    ['sync reset gpu prod/ann/', 'what lies under a prefix'],
  ],
  run: async (args, context) => {
    const remote = args.name
    const prefix = args['key-prefix'] ?? ''
    const { archive } = await openToWrite(context)
    try {
      const { forgetCursors } = await import('../../store/index.ts')
      const objects = await forgetCursors(archive, remote, prefix)
      if (objects === 0) {
        throw new AgentsviewError({
          code: 'not-found.objects',
          message: `nothing of remote "${remote}"${prefix === '' ? '' : ` under "${prefix}"`} is in the archive`,
          hint: 'agentsview sync status',
        })
      }
      if (context.out.format === 'json') context.out.json('syncReset', { remote, keyPrefix: prefix, objects })
      else context.out.line(`${objects} objects will be read from their start: agentsview sync --remote ${remote}`)
    } finally {
      archive.close()
    }
  },
})
