import { AgentsviewError, isFamily, messageOf } from '../../base/index.ts'
import type { Config } from '../../config/index.ts'
import type { SyncSource } from '../../ingest/index.ts'
import { localRemoteName } from '../../ingest/index.ts'
import type { FailureInfo } from '../../model/index.ts'
import type { SyncControl, SyncRelay } from '../../server/index.ts'
import type { CommandContext } from '../context.ts'
import { chooseSources } from '../sync/choose-sources.ts'
import type { Rounds } from '../sync/rounds.ts'
import { intervalsOf, roundsOf } from '../sync/rounds.ts'
import { syncOnce } from '../sync/sync-once.ts'

/** The syncs of a server: one at a time, when asked and, with an interval, again and again. */
export interface SyncRunner extends SyncControl {
  /** Begins the first sync of the interval. @throws AgentsviewError `config.*` when there is nothing to read */
  watch(): void
  /** Takes up the remotes and intervals of a config that has changed; all of them are due. */
  goByConfig(): void
  /** Resolves when no sync runs any more; none begins after that. */
  end(): Promise<void>
}

/**
 * Makes the runner of a server.
 * @param config  what it says when a sync begins is read
 * @param intervalMs  time from the end of a remote's sync to the start of its next, where the config tells none; null
 *   for no syncs but those asked for
 */
export function syncRunner(
  config: () => Config,
  context: CommandContext,
  relay: SyncRelay,
  intervalMs: number | null,
): SyncRunner {
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let rounds: Rounds | null = null
  let isWatching = false
  let hasEnded = false
  const choose = (remotes: readonly string[] | null): readonly SyncSource[] =>
    chooseSources(config(), { remotes, local: false, concurrency: null })

  const start = (remotes: readonly string[] | null): boolean => {
    if (running !== null || hasEnded) return false
    const sources = choose(remotes)
    const names = sources.map(({ name }) => name)
    running = runOnce(sources, context, relay)
      .catch((error: unknown) => relay.failed(failureOf(error, context)))
      .finally(() => {
        running = null
        rounds?.done(names, context.io.now())
        plan()
      })
    return true
  }
  const plan = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (rounds === null || hasEnded || context.signal.aborted) return
    timer = setTimeout(startDue, rounds.waitMs(context.io.now()))
    timer.unref()
  }
  const startDue = (): void => {
    const due = rounds?.due(context.io.now()) ?? []
    if (due.length > 0) start(due)
    else plan()
  }
  return {
    intervalMs,
    isRunning: () => running !== null,
    start,
    watch: () => {
      if (intervalMs === null) return
      isWatching = true
      const names = choose(null).map(({ name }) => name)
      rounds = roundsOf(intervalsOf(config(), names, intervalMs))
      startDue()
    },
    goByConfig: () => {
      if (intervalMs === null || !isWatching) return
      const { local, remotes } = config()
      const enabled = remotes.flatMap((remote) => (remote.enabled ? [remote.name] : []))
      const names = local.enabled ? [localRemoteName, ...enabled] : enabled
      rounds = names.length === 0 ? null : roundsOf(intervalsOf(config(), names, intervalMs))
      if (running === null) plan()
    },
    end: async () => {
      hasEnded = true
      if (timer !== null) clearTimeout(timer)
      await running
    },
  }
}

async function runOnce(sources: readonly SyncSource[], context: CommandContext, relay: SyncRelay): Promise<void> {
  relay.started(sources.map(({ name }) => name))
  const wishes = { full: false, dryRun: false, failFast: false, machines: null, modifiedSince: null, maxBytes: null }
  const { remotes } = await syncOnce(sources, wishes, context, relay.onEvent)
  for (const { name, error } of remotes) if (error !== null) context.out.detail(`${name}: ${error.message}`)
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
