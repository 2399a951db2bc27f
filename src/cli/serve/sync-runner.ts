import { AgentsviewError, isFamily, messageOf } from '../../base/index.ts'
import type { Config } from '../../config/index.ts'
import type { SyncSource } from '../../ingest/index.ts'
import { settleByFormat, sync, threadedStore } from '../../ingest/index.ts'
import type { FailureInfo } from '../../model/index.ts'
import type { SyncControl, SyncRelay } from '../../server/index.ts'
import { storeOf } from '../../store/index.ts'
import { openToWrite } from '../archive.ts'
import type { CommandContext } from '../context.ts'
import { chooseSources } from '../sync/choose-sources.ts'

/** The syncs of a server: one at a time, when asked and, with an interval, again and again. */
export interface SyncRunner extends SyncControl {
  /** Begins the first sync of the interval. @throws AgentsviewError `config.*` when there is nothing to read */
  watch(): void
  /** Resolves when no sync runs any more; none begins after that. */
  end(): Promise<void>
}

/**
 * Makes the runner of a server.
 * @param intervalMs  time from the end of one sync to the start of the next; null for none but those asked for
 */
export function syncRunner(
  config: Config,
  context: CommandContext,
  relay: SyncRelay,
  intervalMs: number | null,
): SyncRunner {
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let hasEnded = false
  const choose = (remotes: readonly string[] | null): readonly SyncSource[] =>
    chooseSources(config, { remotes, local: false, concurrency: null })

  const start = (remotes: readonly string[] | null): boolean => {
    if (running !== null || hasEnded) return false
    const sources = choose(remotes)
    running = runOnce(sources, context, relay)
      .catch((error: unknown) => relay.failed(failureOf(error, context)))
      .finally(() => {
        running = null
        plan()
      })
    return true
  }
  const plan = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (intervalMs === null || hasEnded || context.signal.aborted) return
    timer = setTimeout(() => start(null), intervalMs)
    timer.unref()
  }
  return {
    intervalMs,
    isRunning: () => running !== null,
    start,
    watch: () => void start(null),
    end: async () => {
      hasEnded = true
      if (timer !== null) clearTimeout(timer)
      await running
    },
  }
}

const isCompiled = import.meta.filename.endsWith('.js')

async function runOnce(sources: readonly SyncSource[], context: CommandContext, relay: SyncRelay): Promise<void> {
  relay.started(sources.map(({ name }) => name))
  const { archive, prices } = await openToWrite(context)
  const inline = storeOf(archive, settleByFormat)
  // The thread runs compiled code; uncompiled, all runs on one.
  const threaded = archive.driver.isFile && isCompiled ? threadedStore(inline, archive.url) : null
  const wishes = { full: false, dryRun: false, failFast: false, machines: null, modifiedSince: null, maxBytes: null }
  try {
    const { signal, io, out } = context
    const deps = { store: threaded ?? inline, prices, now: io.now, signal, onEvent: relay.onEvent }
    const { remotes } = await sync(sources, wishes, deps)
    for (const { name, error } of remotes) if (error !== null) out.detail(`${name}: ${error.message}`)
  } finally {
    for (const { bucket } of sources) bucket.close()
    await threaded?.end()
    archive.close()
  }
}

/** What stopped a sync, for the page; a person at the terminal is told as well. */
function failureOf(error: unknown, { out, signal }: CommandContext): FailureInfo {
  if (!signal.aborted) out.note(`The sync stopped: ${messageOf(error)}`)
  const isOurs = error instanceof AgentsviewError
  const hint = isFamily(error, 'store') ? 'The next sync tries again.' : 'Run agentsview sync to see more.'
  return {
    code: isOurs ? error.code : 'internal',
    message: isOurs ? error.message : 'this is a bug of agentsview',
    hint: (isOurs ? error.hint : null) ?? hint,
  }
}

const spans: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }
const shortestMs = 1000

/** Reads `30s`, `2m` or `1h` as milliseconds. @throws AgentsviewError `usage.interval` */
export function intervalOf(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})\s*([smh])$/.exec(text.trim()) ?? []
  const ms = Number(count) * (spans[unit] ?? Number.NaN)
  if (ms >= shortestMs && ms <= 24 * 3_600_000) return ms
  throw new AgentsviewError({
    code: 'usage.interval',
    message: `--interval ${text} is no time between 1s and 24h`,
    hint: 'Say 30s, 2m or 1h.',
  })
}
