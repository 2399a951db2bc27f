import { withArchive } from '../archive.ts'
import { defineCommand } from '../command.ts'
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

/** `machines`: who wrote the logs. */
export const machinesCommand = defineCommand({
  command: 'machines',
  describe: 'Show the machines the logs come from',
  subcommands: [machinesListCommand],
})
