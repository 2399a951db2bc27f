import { AgentsviewError } from '../../../base/index.ts'
import { remoteNameProblem, setRemoteKey } from '../../../config/index.ts'
import { defineCommand } from '../../command.ts'
import { changeRemote } from './change-config.ts'

/** `remotes rename`: gives a remote another name in the config. */
export const renameCommand = defineCommand({
  command: 'rename <name> <to>',
  describe: 'Give a remote another name',
  options: (yargs) =>
    yargs
      .positional('name', { type: 'string', demandOption: true, describe: 'Name as it is' })
      .positional('to', { type: 'string', demandOption: true, describe: 'Name to be' }),
  examples: [['remotes rename gpu gpu-old', 'its objects are read anew under that name at the next sync']],
  exits: [3],
  run: async ({ name, to }, context) => {
    const problem = remoteNameProblem(to)
    if (problem !== null)
      throw new AgentsviewError({
        code: 'usage.remote-name',
        message: `the name ${problem}`,
        hint: 'Choose a name such as gpu or home-2.',
      })
    const changed = await changeRemote(context, name, (text, index) => setRemoteKey(text, index, ['name'], to))
    if (context.out.format === 'json')
      context.out.json('remoteRename', { from: name, name: to, path: changed.file.path })
    else
      context.out.note(`Renamed "${name}" to "${to}" in ${changed.file.path}; the next sync reads it under that name.`)
  },
})
