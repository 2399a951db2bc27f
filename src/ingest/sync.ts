import { setMaxListeners } from 'node:events'

import { isFamily } from '../base/index.ts'
import type { FailureInfo, SyncCounts, SyncEvent, SyncSummary } from '../model/index.ts'
import type { Part, Store } from '../store/index.ts'
import { searchFeeNanoUsd } from '../pricing/index.ts'
import type { PriceTable } from '../pricing/index.ts'
import type { Account } from './account.ts'
import { accountOf, totalsOf } from './account.ts'
import { longLines } from './long-lines.ts'
import type { Parsing } from './object-reading.ts'
import { parsingHere } from './object-reading.ts'
import { pricerOf } from './pricer.ts'
import type { SyncSource } from './source.ts'
import type { SyncWishes } from './sync-source.ts'
import { syncSource } from './sync-source.ts'
import { twoHosts } from './two-hosts.ts'
import { writerOf } from './writer.ts'

export interface SyncDeps {
  readonly store: Store
  readonly prices: PriceTable
  /** Where bytes become rows; on this thread when it is not said. */
  readonly parsing?: Parsing | undefined
  readonly now: () => number
  readonly signal: AbortSignal
  onEvent(event: SyncEvent): void
}

/**
 * Reads everything new from the given sources into the archive. A failing source never stops the
 * others; what failed stands in the summary, in the order of the sources.
 * @throws AgentsviewError `store.*` when the archive fails. An interruption is not thrown: the summary
 *   is `cancelled`, and what was committed stays
 */
export async function sync(sources: readonly SyncSource[], wishes: SyncWishes, deps: SyncDeps): Promise<SyncSummary> {
  const startedAt = deps.now()
  const accounts = new Map<string, Account>(sources.map(({ name }) => [name, accountOf(name)]))
  const parsing = deps.parsing ?? parsingHere(pricerOf(deps.prices), () => deps.store.packer())
  const writer = writerOf(deps.store, { webSearchFee: searchFeeNanoUsd }, deps.now, {
    onCommitted: (results, bytes) => {
      for (const result of results) accounts.get(result.part.object.remote)?.committed(result)
      const records = results.reduce((sum, { part }) => sum + countOf(part), 0)
      deps.onEvent({ kind: 'batch-committed', bytes, records })
    },
  })
  const turns = longLines()
  const budget = { left: wishes.maxBytes ?? Number.POSITIVE_INFINITY }
  // One source's fatal failure stops the others: the archive they share is what failed.
  const stop = new AbortController()
  const signal = AbortSignal.any([deps.signal, stop.signal])
  // Every object in flight listens; that many is no leak.
  setMaxListeners(0, signal)
  const ends = new Map<string, number>()

  const runs = await Promise.allSettled(
    sources.map(async (source) => {
      const account = accounts.get(source.name) ?? accountOf(source.name)
      deps.onEvent({ kind: 'remote-started', remote: source.name })
      try {
        await syncSource({
          source,
          account,
          writer,
          longLines: turns,
          parsing,
          wishes,
          budget,
          signal,
          store: deps.store,
          now: deps.now,
          onEvent: deps.onEvent,
        })
        if (stop.signal.aborted && account.error === null) account.stop(stoppedEarly)
        else if (wishes.failFast && account.error !== null) stop.abort()
      } catch (error) {
        const isLeft = stop.signal.aborted && !deps.signal.aborted && isFamily(error, 'cancelled')
        stop.abort()
        if (!isLeft) throw error
        account.stop(stoppedEarly)
      } finally {
        ends.set(source.name, deps.now() - startedAt)
      }
    }),
  )
  await writer.drain()
  if (!deps.signal.aborted) {
    const failed = runs.find((run) => run.status === 'rejected')
    if (failed !== undefined && failed.status === 'rejected') throw failed.reason
  }

  await noteTwoHosts(accounts, deps.store)
  const remotes = sources.map((source) => {
    const account = accounts.get(source.name) ?? accountOf(source.name)
    const summary = account.summary(source.bucket, ends.get(source.name) ?? 0)
    deps.onEvent({ kind: 'remote-finished', remote: source.name, summary })
    return summary
  })
  const endedAt = deps.now()
  const totals: SyncCounts = totalsOf(remotes, endedAt - startedAt)
  const summary = {
    ok: remotes.every(({ ok }) => ok) && !deps.signal.aborted,
    remotes,
    totals,
    cancelled: deps.signal.aborted,
  }
  if (!wishes.dryRun) await deps.store.recordRun(summary, startedAt, endedAt)
  deps.onEvent({ kind: 'sync-finished', totals })
  return summary
}

/** What is told of a remote that was still being read when another failed, with `failFast`. */
const stoppedEarly: FailureInfo = {
  code: 'sync.partial.stopped',
  message: 'stopped, because another remote failed',
  hint: 'run the command again without --fail-fast to read the others to their end',
}

/** Warns of a machine name under which the logs of several hosts arrive. */
async function noteTwoHosts(accounts: ReadonlyMap<string, Account>, store: Store): Promise<void> {
  const fresh = [...accounts.values()].filter((account) => account.freshMachines.length > 0)
  const machines = [...new Set(fresh.flatMap((account) => account.freshMachines))]
  if (machines.length === 0) return
  const warnings = twoHosts(await store.workFolders(machines))
  for (const { machine, message } of warnings) {
    for (const account of fresh) if (account.freshMachines.includes(machine)) account.notice('two-hosts', message)
  }
}

function countOf({ records }: Part): number {
  return records.reduce((sum, { count }) => sum + count, 0)
}
