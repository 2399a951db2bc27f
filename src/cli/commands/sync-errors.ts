import { noteMore, withArchive } from '../archive.ts'
import { defineCommand, listOption } from '../command.ts'

/** `sync errors`: what could not be read, and why. */
export const syncErrorsCommand = defineCommand({
  command: 'errors',
  describe: 'List what could not be read: objects with their cause, lines with their place',
  exits: [10],
  options: (yargs) => yargs.options({ remote: listOption('Only these remotes') } as const),
  examples: [
    ['sync errors', 'all of it; failed objects are tried again by every sync'],
    ['sync errors --remote gpu --json', 'one remote, for a script'],
  ],
  run: async (args, context) =>
    await withArchive(context, async ({ ask, query }) => {
      const { out, globals } = context
      const { errors, total, nextCursor } = await query.listSyncErrors(ask, args.remote ?? [], globals)
      if (errors.length === 0 && out.format === 'table') {
        out.note('Everything that was found could be read.')
        return
      }
      const age = (time: string | null): string =>
        time === null ? '–' : query.showAge(context.io.now() - Date.parse(time))
      out.rows({
        kind: 'syncErrors',
        key: 'errors',
        rows: errors,
        columns: [
          { key: 'kind', title: 'WHAT', value: (row) => row.kind },
          { key: 'remote', title: 'REMOTE', value: (row) => row.remote, canShrink: true },
          { key: 'key', title: 'KEY', value: (row) => row.key, canShrink: true },
          { key: 'offset', title: 'BYTE', value: (row) => row.offset, align: 'right' },
          { key: 'since', title: 'SINCE', value: (row) => row.since, show: (row) => age(row.since) },
          { key: 'message', title: 'CAUSE', value: (row) => row.message, canShrink: true },
          { key: 'code', title: 'CODE', value: (row) => row.code, isExtra: true },
          { key: 'source', title: 'SOURCE', value: (row) => row.source, isExtra: true },
          { key: 'hint', title: 'HINT', value: (row) => row.hint, isExtra: true },
        ],
        json: (row) => ({ ...row }),
        extra: { total, nextCursor },
      })
      noteMore(context, errors.length, { total, nextCursor })
    }),
})
