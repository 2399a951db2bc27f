import pMap from 'p-map'

import type { SyncEvent } from '../model/index.ts'
import type { Store } from '../store/index.ts'
import type { Account } from './account.ts'
import { circuitBreaker } from './circuit-breaker.ts'
import { claimedWork } from './claimed-work.ts'
import { rememberFullPass } from './full-pass.ts'
import { listSource } from './list-source.ts'
import type { LongLines } from './long-lines.ts'
import type { Parsing } from './object-reading.ts'
import { readSourceObject } from './read-source-object.ts'
import type { SyncSource } from './source.ts'
import { workQueue } from './work-queue.ts'
import type { Writer } from './writer.ts'

/** What a person asked a sync for, beyond its remotes. */
export interface SyncWishes {
  /** Read everything from its start. */
  readonly full: boolean
  /** List everything, also where a quick pass would do. */
  readonly listAll?: boolean | undefined
  /** List and plan only. */
  readonly dryRun: boolean
  /** Stop everything at the first failure. */
  readonly failFast: boolean
  /** Only these machines; null for all. */
  readonly machines: readonly string[] | null
  /** Only objects modified at or after this moment; null for all. */
  readonly modifiedSince: number | null
  /** Stop once this many bytes are planned for the run; null for no limit. */
  readonly maxBytes: number | null
}

export interface SourceDeps {
  readonly source: SyncSource
  readonly store: Store
  readonly writer: Writer
  readonly longLines: LongLines
  readonly account: Account
  readonly parsing: Parsing
  readonly wishes: SyncWishes
  /** Bytes that may still be planned in this run. */
  readonly budget: { left: number }
  readonly signal: AbortSignal
  readonly now: () => number
  onEvent(event: SyncEvent): void
}

/**
 * Lists one remote and reads what is new there. Failures of objects and of the remote are booked in
 * its account; only a failure of the archive or an interruption is thrown.
 */
export async function syncSource(deps: SourceDeps): Promise<void> {
  const { source, account, signal, store, writer } = deps
  if (source.problem !== null) {
    account.stop(source.problem)
    return
  }
  const known = await store.known(source.name)
  const queue = workQueue()
  const listing = listSource(deps, known, queue).finally(queue.end)
  const breaker = circuitBreaker()
  const claims = store.claims()
  const isOver = (): boolean => signal.aborted || breaker.isOpen
  const work = claimedWork(queue, claims, isOver, ({ object }) => {
    account.notice('object-claimed', 'objects that another collector reads or has read: left to it', object.key)
  })
  try {
    await pMap(
      work.items,
      async (item) => {
        if (isOver()) return
        await readSourceObject(item, deps, breaker)
        work.done(item)
      },
      { concurrency: source.concurrency },
    )
    queue.abandon()
    const listed = await listing
    // Whoever claims these next must find what was read of them.
    await writer.drain()
    await claims.release()
    await rememberFullPass(deps, listed)
  } catch (error) {
    queue.abandon()
    // What went wrong first is what is told.
    await Promise.allSettled([listing, claims.release()])
    throw error
  }
}
