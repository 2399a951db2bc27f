import { AgentsviewError } from '../../../base/index.ts'
import { removeRemote } from '../../../config/index.ts'
import type { Purged } from '../../../store/index.ts'
import { openToWrite } from '../../archive.ts'
import { defineCommand } from '../../command.ts'
import type { CommandContext } from '../../context.ts'
import { canAsk, confirmed } from './ask.ts'
import { changeRemote } from './change-config.ts'
import { findRemote } from './find-remote.ts'

/** `remotes remove`: takes a remote out of the config; the archive keeps what was read from it, unless it is purged. */
export const removeCommand = defineCommand({
  command: 'remove <name>',
  describe: 'Take a remote out of the config; its sessions stay in the archive',
  options: (yargs) =>
    yargs
      .positional('name', { type: 'string', demandOption: true, describe: 'Name of the remote' })
      .option('purge', {
        type: 'boolean',
        default: false,
        describe: 'Take what was read from it out of the archive too; sessions with a place elsewhere stay',
      })
      .option('yes', { type: 'boolean', alias: 'y', default: false, describe: 'Do not ask' }),
  examples: [
    ['remotes remove gpu --yes', 'without a question'],
    ['remotes remove gpu --purge --yes', 'with everything that was read from it'],
  ],
  exits: [3, 10],
  run: async ({ name, purge, yes }, context) => {
    const config = await context.config()
    const isDeclared = config.remotes.some((remote) => remote.name === name)
    // What a remote left in the archive can be purged after the remote itself is gone.
    if (!isDeclared && !purge) findRemote(config, name)
    await confirm(context, name, purge, yes)
    const purged = purge ? await purgeFrom(context, name) : null
    if (!isDeclared && purged?.objects === 0) findRemote(config, name)
    const changed = isDeclared ? await changeRemote(context, name, removeRemote) : null
    const path = changed?.file.path ?? null
    if (context.out.format === 'json') {
      context.out.json('remoteRemove', { name, path, purged })
      return
    }
    const stays = purged === null ? '; what was read from it stays in the archive' : ''
    if (path !== null) context.out.note(`Removed "${name}" from ${path}${stays}.`)
    if (purged !== null) context.out.note(`Purged from the archive: ${words(purged)}.`)
  },
})

async function confirm(context: CommandContext, name: string, purge: boolean, yes: boolean): Promise<void> {
  const question = purge
    ? `Take remote "${name}" out of the config, and all that was read from it out of the archive?`
    : `Take remote "${name}" out of the config?`
  if (yes || (canAsk(context) && (await confirmed(context, question)))) return
  throw new AgentsviewError({
    code: canAsk(context) ? 'cancelled' : 'usage.unconfirmed',
    message: 'nothing was removed',
    hint: `agentsview remotes remove ${name}${purge ? ' --purge' : ''} --yes`,
  })
}

async function purgeFrom(context: CommandContext, name: string): Promise<Purged> {
  const [{ purgeRemote }, { settleByFormat }, { searchFeeNanoUsd }] = await Promise.all([
    import('../../../store/index.ts'),
    import('../../../ingest/index.ts'),
    import('../../../pricing/index.ts'),
  ])
  const { archive } = await openToWrite(context)
  try {
    return await purgeRemote(archive, name, { settle: settleByFormat, webSearchFee: searchFeeNanoUsd })
  } finally {
    archive.close()
  }
}

function words({ objects, sessions, kept }: Purged): string {
  const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`
  const stay = kept === 0 ? '' : `; ${count(kept, 'session')} with a place elsewhere ${kept === 1 ? 'stays' : 'stay'}`
  return `${count(objects, 'object')}, ${count(sessions, 'session')}${stay}`
}
