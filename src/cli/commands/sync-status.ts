import { formatBytes } from '../../base/index.ts'
import { withArchive } from '../archive.ts'
import { defineCommand } from '../command.ts'
import { paint } from '../output/index.ts'

/** `sync status`: where each remote stands. */
export const syncStatusCommand = defineCommand({
  command: 'status',
  describe: 'Show where each remote stands: last run, what is read, what is not',
  exits: [10],
  examples: [
    ['sync status', 'every remote that is declared or in the archive'],
    ['sync status --json', 'the same for a monitor: lagMs grows when syncs fail'],
  ],
  run: async (_args, context) =>
    await withArchive(context, async ({ ask, query }) => {
      const config = await context.config()
      const declared = config.remotes.filter(({ enabled }) => enabled).map(({ name }) => name)
      const rows = await query.remoteStandings(ask, declared, context.io.now())
      if (rows.length === 0) context.out.note('No remote is declared yet: agentsview remotes add')
      if (rows.length === 0 && context.out.format === 'table') return
      const age = (ms: number | null): string => (ms === null ? 'never' : query.showAge(ms))
      const since = (time: string | null): string => age(time === null ? null : context.io.now() - Date.parse(time))
      context.out.rows({
        kind: 'syncStatus',
        key: 'remotes',
        rows,
        columns: [
          { key: 'name', title: 'REMOTE', value: (row) => row.name, canShrink: true },
          {
            key: 'lastRunAt',
            title: 'LAST RUN',
            value: (row) => row.lastRunAt,
            show: (row) => since(row.lastRunAt),
            leaveOut: 1,
          },
          { key: 'lastOkAt', title: 'LAST OK', value: (row) => row.lastOkAt, show: (row) => age(row.lagMs) },
          { key: 'known', title: 'OBJECTS', value: (row) => row.objects.known, align: 'right' },
          { key: 'read', title: 'READ', value: (row) => row.objects.read, align: 'right', leaveOut: 6 },
          { key: 'pending', title: 'PENDING', value: (row) => row.objects.pending, align: 'right', leaveOut: 2 },
          {
            key: 'failed',
            title: 'FAILED',
            value: (row) => row.objects.failed,
            show: (row) => (row.objects.failed === 0 ? '0' : paint('red', String(row.objects.failed))),
            align: 'right',
          },
          { key: 'gone', title: 'GONE', value: (row) => row.objects.gone, align: 'right', leaveOut: 5 },
          {
            key: 'bytes',
            title: 'SIZE',
            value: (row) => row.bytes,
            show: (row) => formatBytes(row.bytes),
            align: 'right',
            leaveOut: 3,
          },
          { key: 'badLines', title: 'BAD LINES', value: (row) => row.badLines, align: 'right', leaveOut: 4 },
          {
            key: 'error',
            title: '',
            value: (row) => row.error?.message ?? null,
            show: (row) => (row.error === null ? '' : paint('red', `✗ ${row.error.message}`)),
            canShrink: true,
          },
        ],
        json: (row) => ({ ...row }),
      })
      if (rows.some(({ objects, badLines }) => objects.failed + badLines > 0)) {
        context.out.note('What failed, and why: agentsview sync errors')
      }
    }),
})
