import { setRemoteKey } from '../../../config/index.ts'
import { defineCommand } from '../../command.ts'
import type { Command } from '../../command.ts'
import { changeConfig, changeRemote } from './change-config.ts'
import { findRemote } from './find-remote.ts'

/** `remotes enable`: a sync of all remotes reads it again. */
export const enableCommand = switchCommand('enable', true)

/** `remotes disable`: a sync of all remotes leaves it out. */
export const disableCommand = switchCommand('disable', false)

function switchCommand(word: 'enable' | 'disable', enabled: boolean): Command {
  return defineCommand({
    command: `${word} <name>`,
    describe: enabled ? 'Let a sync of all remotes read it again' : 'Leave a remote out of a sync of all remotes',
    options: (yargs) =>
      yargs.positional('name', { type: 'string', demandOption: true, describe: 'Name of the remote' }),
    examples: [[`remotes ${word} gpu`, enabled ? 'read it again' : 'leave it out, keep its block']],
    exits: [3],
    run: async ({ name }, context) => {
      const isSo = findRemote((await changeConfig(context, (text) => text)).config, name).enabled === enabled
      const changed = isSo
        ? null
        : await changeRemote(context, name, (text, index) => setRemoteKey(text, index, ['enabled'], enabled))
      if (context.out.format === 'json') context.out.json('remoteEdit', { name, enabled, written: changed !== null })
      else
        context.out.note(
          changed === null ? `"${name}" is ${word}d already.` : `${enabled ? 'Enabled' : 'Disabled'} "${name}".`,
        )
    },
  })
}
