import { defineCommand, listOption } from '../command.ts'
import { progressModes } from '../sync/progress.ts'
import type { SyncArguments } from '../sync/run-sync.ts'
import { syncErrorsCommand } from './sync-errors.ts'
import { syncResetCommand } from './sync-reset.ts'
import { syncStatusCommand } from './sync-status.ts'

/** `sync`: reads what is new into the archive. */
export const syncCommand = defineCommand<SyncArguments>({
  command: 'sync',
  describe: 'Read what is new from the remotes and the local folders into the archive',
  options: (yargs) =>
    yargs.options({
      remote: {
        type: 'string',
        array: true,
        requiresArg: false,
        describe: 'These remotes; with no name, every enabled one',
        coerce: (value: unknown) =>
          Array.isArray(value)
            ? value.flatMap((name) => String(name).split(',')).filter((name) => name !== '')
            : undefined,
      },
      local: { type: 'boolean', describe: 'The folders of this machine' },
      machine: listOption('Only these machines'),
      since: { type: 'string', nargs: 1, describe: 'Only objects modified since then: 7d, yesterday, 2026-08-01' },
      full: { type: 'boolean', describe: 'Read every object again from its start' },
      'list-all': { type: 'boolean', describe: 'Make it a full pass where full_pass_every allows a quick one' },
      'dry-run': { type: 'boolean', describe: 'List and tell what would be read; fetch and write nothing' },
      'fail-fast': { type: 'boolean', describe: 'Stop at the first failure' },
      concurrency: { type: 'number', nargs: 1, describe: 'Objects read at once, a remote' },
      'max-bytes': { type: 'string', nargs: 1, describe: 'Plan at most this much in one run, e.g. 500MiB' },
      watch: { type: 'boolean', describe: 'Again and again until Ctrl-C, each remote at its interval' },
      interval: {
        type: 'string',
        nargs: 1,
        default: '2m',
        describe: 'Time between them: 30s, 2m, 1h; interval in a remote wins',
      },
      progress: {
        choices: progressModes,
        default: 'auto' as const,
        nargs: 1,
        describe: 'How progress is shown on stderr',
      },
    }),
  examples: [
    ['sync', 'everything: the local folders and every enabled remote'],
    ['sync --remote', 'every enabled remote'],
    ['sync --remote gpu lab', 'two remotes by name'],
    ['sync --remote gpu --dry-run', 'what would be read'],
    ['sync --watch --interval 5m', 'every five minutes until Ctrl-C'],
    ['sync status', 'where each remote stands'],
  ],
  subcommands: [syncStatusCommand, syncErrorsCommand, syncResetCommand],
  exits: [3, 4, 5, 6, 8, 10, 130],
  // What reads buckets and writes archives is loaded for this alone.
  run: async (args, context) => await (await import('../sync/run-sync.ts')).runSync(args, context),
})
