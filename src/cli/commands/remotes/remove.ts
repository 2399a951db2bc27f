import { AgentsviewError } from '../../../base/index.ts'
import { removeRemote } from '../../../config/index.ts'
import { defineCommand } from '../../command.ts'
import { canAsk, confirmed } from './ask.ts'
import { changeRemote } from './change-config.ts'
import { findRemote } from './find-remote.ts'

/** `remotes remove`: takes a remote out of the config; the archive keeps what was read from it. */
export const removeCommand = defineCommand({
  command: 'remove <name>',
  describe: 'Take a remote out of the config; its sessions stay in the archive',
  options: (yargs) =>
    yargs
      .positional('name', { type: 'string', demandOption: true, describe: 'Name of the remote' })
      .option('yes', { type: 'boolean', alias: 'y', default: false, describe: 'Do not ask' }),
  examples: [['remotes remove gpu --yes', 'without a question']],
  exits: [3],
  run: async ({ name, yes }, context) => {
    findRemote(await context.config(), name)
    if (!yes && !(canAsk(context) && (await confirmed(context, `Take remote "${name}" out of the config?`))))
      throw new AgentsviewError({
        code: canAsk(context) ? 'cancelled' : 'usage.unconfirmed',
        message: 'nothing was removed',
        hint: `agentsview remotes remove ${name} --yes`,
      })
    const changed = await changeRemote(context, name, removeRemote)
    if (context.out.format === 'json') context.out.json('remoteRemove', { name, path: changed.file.path })
    else context.out.note(`Removed "${name}" from ${changed.file.path}; what was read from it stays in the archive.`)
  },
})
