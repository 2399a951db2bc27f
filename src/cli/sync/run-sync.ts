import { AgentsviewError, parseByteSize } from '../../base/index.ts'
import { settleByFormat, sync, threadedStore } from '../../ingest/index.ts'
import { storeOf } from '../../store/index.ts'
import { openToWrite } from '../archive.ts'
import type { CommandContext } from '../context.ts'
import { chooseSources } from './choose-sources.ts'
import { limitHeapGrowth } from './limit-heap.ts'
import { exitCodeOfSync, printSummary } from './print-summary.ts'
import type { ProgressMode } from './progress.ts'
import { progressOf } from './progress.ts'

/** What `sync` was told, as its options name it. */
export interface SyncArguments {
  readonly remote: readonly string[] | undefined
  readonly local: boolean | undefined
  readonly machine: readonly string[] | undefined
  readonly since: string | undefined
  readonly full: boolean | undefined
  readonly 'list-all': boolean | undefined
  readonly 'dry-run': boolean | undefined
  readonly 'fail-fast': boolean | undefined
  readonly concurrency: number | undefined
  readonly 'max-bytes': string | undefined
  readonly progress: ProgressMode
}

/**
 * Syncs what was asked for, with progress on stderr and the summary on stdout.
 * @returns the exit code
 * @throws AgentsviewError `usage`, `not-found.remote`, `config.*`, `store.*`
 */
export async function runSync(args: SyncArguments, context: CommandContext): Promise<number> {
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
        listAll: args['list-all'] ?? false,
        dryRun: args['dry-run'] ?? false,
        failFast: args['fail-fast'] ?? false,
        machines: args.machine ?? null,
        modifiedSince: await sinceOf(args.since, context),
        maxBytes,
      },
      { store: threaded ?? inline, prices, now: io.now, signal: context.signal, onEvent: progress.onEvent },
    )
    progress.end()
    // Each event is a line of its own on stderr; the last ones hold all that the notes would say.
    const quietly = args.progress === 'json' ? { ...out, note: () => undefined } : out
    printSummary(summary, quietly, io, args['dry-run'] ?? false)
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
