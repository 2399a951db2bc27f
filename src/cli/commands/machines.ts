import type { Argv } from 'yargs'

import { withArchive } from '../archive.ts'
import { defineCommand } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { paint } from '../output/index.ts'

const machinesListCommand = defineCommand({
  command: 'list',
  describe: 'List machines: when each pushed last, what it cost',
  exits: [10],
  examples: [['machines list', 'a machine that pushed nothing for a week is stale']],
  run: async (_args, context) =>
    await withArchive(context, async ({ ask, query }) => {
      const now = context.io.now()
      const age = (time: string | null): string => (time === null ? '–' : query.showAge(now - Date.parse(time)))
      const rows = await query.listMachines(ask, now)
      if (rows.length === 0) context.out.note('No machine is known yet. Read their logs: agentsview sync')
      if (rows.length === 0 && context.out.format === 'table') return
      context.out.rows({
        kind: 'machineList',
        key: 'machines',
        rows,
        columns: [
          { key: 'name', title: 'MACHINE', value: (row) => row.name, canShrink: true },
          { key: 'remotes', title: 'REMOTES', value: (row) => row.remotes.join(' '), canShrink: true, leaveOut: 3 },
          {
            key: 'sessions',
            title: 'SESSIONS',
            value: (row) => row.sessions,
            show: (row) => query.showCount(row.sessions, false),
            align: 'right',
            leaveOut: 2,
          },
          {
            key: 'lastPushAt',
            title: 'LAST PUSH',
            value: (row) => row.lastPushAt,
            show: (row) => (row.stale ? paint('yellow', `${age(row.lastPushAt)} stale`) : age(row.lastPushAt)),
            align: 'right',
          },
          {
            key: 'lastSessionAt',
            title: 'LAST SESSION',
            value: (row) => row.lastSessionAt,
            show: (row) => age(row.lastSessionAt),
            align: 'right',
            leaveOut: 1,
          },
          {
            key: 'cost30dUSD',
            title: 'COST 30D',
            value: (row) => row.cost30dUSD,
            show: (row) => query.showUsd(row.cost30dUSD),
            align: 'right',
          },
          { key: 'stale', title: 'STALE', value: (row) => row.stale, isExtra: true },
        ],
        json: (row) => ({ ...row }),
      })
    }),
})

const names = (yargs: Argv) =>
  yargs
    .positional('from', { type: 'string', demandOption: true, describe: 'Name as it is' })
    .positional('to', { type: 'string', demandOption: true, describe: 'Name to be' })

async function rename(
  args: { readonly from: string; readonly to: string },
  wish: 'rename' | 'merge',
  context: CommandContext,
): Promise<void> {
  const { renameMachineOf } = await import('../machines/rename-machine.ts')
  const done = await renameMachineOf(context, args.from, args.to, wish)
  const { out } = context
  if (out.format === 'json') {
    out.json(wish === 'rename' ? 'machineRename' : 'machineMerge', { ...done })
    return
  }
  out.note(`"${done.from}" is "${done.to}" now: ${done.sessions} sessions, ${done.objects} objects.`)
  if (done.blocks.length > 0) out.note(`${done.path}: ${done.blocks.join(', ')} changed, so that it stays so.`)
  else out.note('No remote of the config names it, so the config is as it was.')
  out.note('Other collectors of this archive need the same change in their config.')
}

const machinesRenameCommand = defineCommand({
  command: 'rename <from> <to>',
  describe: 'Give a machine another name, in the config and in the archive',
  exits: [3, 10],
  examples: [['machines rename ip-10-0-0-12 gpu-box', 'ids of its sessions begin with the new name']],
  options: names,
  run: (args, context) => rename(args, 'rename', context),
})

const machinesMergeCommand = defineCommand({
  command: 'merge <from> <to>',
  describe: 'Make one machine of two; they cannot be told apart again',
  exits: [3, 10],
  examples: [['machines merge ci-1 ci', 'all of ci-1 belongs to ci']],
  options: names,
  run: (args, context) => rename(args, 'merge', context),
})

/** `machines`: who wrote the logs. */
export const machinesCommand = defineCommand({
  command: 'machines',
  describe: 'Show and rename the machines the logs come from',
  subcommands: [machinesListCommand, machinesRenameCommand, machinesMergeCommand],
})
