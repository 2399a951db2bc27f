import { AgentsviewError, parseByteSize } from '../../base/index.ts'
import type { SyncSource } from '../../ingest/index.ts'
import type { SyncSummary } from '../../model/index.ts'
import type { CommandContext } from '../context.ts'
import type { Output } from '../output/index.ts'
import { safeJson } from '../output/index.ts'
import { chooseSources } from './choose-sources.ts'
import { tuneEngine } from './tune-engine.ts'
import { exitCodeOfSync, printSummary } from './print-summary.ts'
import type { ProgressMode } from './progress.ts'
import { progressOf } from './progress.ts'
import { intervalOf, intervalsOf, roundsOf } from './rounds.ts'
import { syncOnce } from './sync-once.ts'
import { watchRounds } from './watch-rounds.ts'

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
  readonly watch: boolean | undefined
  readonly interval: string
  readonly progress: ProgressMode
}

/**
 * Syncs what was asked for, with progress on stderr and the summary on stdout; with `--watch` again and again.
 * @returns the exit code
 * @throws AgentsviewError `usage`, `not-found.remote`, `config.*`, `store.*`
 */
export async function runSync(args: SyncArguments, context: CommandContext): Promise<number> {
  tuneEngine()
  const maxBytes = bytesOf(args['max-bytes'])
  const concurrency = concurrencyOf(args.concurrency)
  if (args.watch === true && args['dry-run'] === true)
    throw new AgentsviewError({ code: 'usage', message: '--watch and --dry-run do not go together', hint: 'Drop one.' })
  const intervalMs = args.watch === true ? intervalOf(args.interval) : null
  const config = await context.config()
  const choose = (remotes: readonly string[] | null, local: boolean): readonly SyncSource[] =>
    chooseSources(config, { remotes, local, concurrency })
  const sources = choose(args.remote ?? null, args.local ?? false)
  const round = async (some: readonly SyncSource[], isFirst: boolean): Promise<SyncSummary> => {
    const progress = progressOf(args.progress, context.io, context.globals.isQuiet)
    const wishes = {
      full: isFirst && (args.full ?? false),
      listAll: isFirst && (args['list-all'] ?? false),
      dryRun: args['dry-run'] ?? false,
      failFast: args['fail-fast'] ?? false,
      machines: args.machine ?? null,
      modifiedSince: await sinceOf(args.since, context),
      maxBytes,
    }
    try {
      return await syncOnce(some, wishes, context, progress.onEvent)
    } finally {
      progress.end()
    }
  }
  // Each event is a line of its own on stderr; the last ones hold all that the notes would say.
  const quiet = args.progress === 'json' ? { ...context.out, note: () => undefined } : context.out
  const out = intervalMs === null ? quiet : { ...quiet, json: oneLineJson(context) }
  const print = (summary: SyncSummary): void =>
    printSummary(summary, out, context.io, { isDryRun: args['dry-run'] ?? false, isQuiet: context.globals.isQuiet })
  if (intervalMs === null) {
    const summary = await round(sources, true)
    print(summary)
    return exitCodeOfSync(summary)
  }
  const names = sources.map(({ name }) => name)
  const rounds = roundsOf(intervalsOf(config, names, intervalMs))
  return await watchRounds(rounds, context, {
    run: (due, isFirst) => round(isFirst ? sources : choose(due, false), isFirst),
    print,
  })
}

/** A line for each round, so that a reader of the stream knows where one ends. */
function oneLineJson({ io }: CommandContext): Output['json'] {
  return (kind, value) => void io.stdout.write(`${safeJson({ schemaVersion: 1, kind, ...value })}\n`)
}

function concurrencyOf(value: number | undefined): number | null {
  if (value === undefined) return null
  if (Number.isInteger(value) && value >= 1 && value <= 256) return value
  throw new AgentsviewError({ code: 'usage', message: '--concurrency is a whole number from 1 to 256' })
}

/** The moment that `--since` names, in the zone of the days. */
async function sinceOf(since: string | undefined, { globals, io }: CommandContext): Promise<number | null> {
  if (since === undefined) return null
  const { readWindow } = await import('../../query/index.ts')
  return readWindow(since, null, globals.timezone, io.now()).from
}

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
