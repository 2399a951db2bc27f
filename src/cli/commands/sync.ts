import { AgentsviewError, parseByteSize } from '../../base/index.ts'
import { settleByFormat, sync, threadedStore } from '../../ingest/index.ts'
import { storeOf } from '../../store/index.ts'
import { defineCommand, listOption } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { openToWrite } from '../archive.ts'
import { chooseSources } from '../sync/choose-sources.ts'
import { exitCodeOfSync, printSummary } from '../sync/print-summary.ts'
import { limitHeapGrowth } from '../sync/limit-heap.ts'
import { progressModes, progressOf } from '../sync/progress.ts'

interface SyncArguments {
  readonly remote: readonly string[] | undefined
  readonly local: boolean | undefined
  readonly machine: readonly string[] | undefined
  readonly since: string | undefined
  readonly full: boolean | undefined
  readonly 'dry-run': boolean | undefined
  readonly 'fail-fast': boolean | undefined
  readonly concurrency: number | undefined
  readonly 'max-bytes': string | undefined
  readonly progress: (typeof progressModes)[number]
}

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
      'dry-run': { type: 'boolean', describe: 'List and tell what would be read; fetch and write nothing' },
      'fail-fast': { type: 'boolean', describe: 'Stop at the first failure' },
      concurrency: { type: 'number', nargs: 1, describe: 'Objects read at once, a remote' },
      'max-bytes': { type: 'string', nargs: 1, describe: 'Plan at most this much in one run, e.g. 500MiB' },
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
  ],
  exits: [3, 4, 5, 6, 8, 10, 130],
  run: runSync,
})

async function runSync(args: SyncArguments, context: CommandContext): Promise<number> {
  const { io, out } = context
  limitHeapGrowth()
  const maxBytes = bytesOf(args['max-bytes'])
  const concurrency = args.concurrency ?? null
  if (concurrency !== null && !(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 256)) {
    throw new AgentsviewError({ code: 'usage', message: '--concurrency is a whole number from 1 to 256' })
  }
  const config = await context.config()
  const sources = chooseSources(config, { remotes: args.remote ?? null, local: args.local ?? false, concurrency })
  const { archive, prices } = await openToWrite(context)
  const inline = storeOf(archive, settleByFormat)
  // The thread runs compiled code; uncompiled, all runs on one.
  const threaded = archive.driver.isFile && isCompiled ? threadedStore(inline, archive.url) : null
  const progress = progressOf(args.progress, io, context.globals.isQuiet)
  try {
    const summary = await sync(
      sources,
      {
        full: args.full ?? false,
        dryRun: args['dry-run'] ?? false,
        failFast: args['fail-fast'] ?? false,
        machines: args.machine ?? null,
        modifiedSince: await sinceOf(args.since, context),
        maxBytes,
      },
      { store: threaded ?? inline, prices, now: io.now, signal: context.signal, onEvent: progress.onEvent },
    )
    progress.end()
    printSummary(summary, out, io, args['dry-run'] ?? false)
    return exitCodeOfSync(summary)
  } finally {
    for (const { bucket } of sources) bucket.close()
    await threaded?.end()
    archive.close()
  }
}

/** The moment that `--since` names, in the zone of the days. */
async function sinceOf(since: string | undefined, { globals, io }: CommandContext): Promise<number | null> {
  if (since === undefined) return null
  const { readWindow } = await import('../../query/index.ts')
  return readWindow(since, null, globals.timezone, io.now()).from
}

const isCompiled = import.meta.filename.endsWith('.js')

function bytesOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const bytes = parseByteSize(text)
  if (bytes === null) {
    throw new AgentsviewError({
      code: 'usage',
      message: `--max-bytes ${text} is not a size`,
      hint: 'e.g. 500MiB, 2GB or 4096',
    })
  }
  return bytes
}
