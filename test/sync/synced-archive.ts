import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { SyncDeps, SyncSource, SyncWishes } from '../../src/ingest/index.ts'
import { settleByFormat, sourceOfRemote, sync } from '../../src/ingest/index.ts'
import type { Remote, SyncSummary } from '../../src/model/index.ts'
import { priceTable } from '../../src/pricing/index.ts'
import type { Archive, Store } from '../../src/store/index.ts'
import { openArchive, storeOf } from '../../src/store/index.ts'
import type { MemoryBucketOptions } from '../memory-bucket.ts'
import { MemoryBucket } from '../memory-bucket.ts'
import { testRemote } from '../s3/remote.ts'
import type { Dump } from './dump.ts'
import { dumpOf } from './dump.ts'

/** A bucket in memory with the config block it is read by. */
export interface TestSource {
  readonly bucket: MemoryBucket
  readonly source: SyncSource
}

/** Makes an empty bucket and a source that reads it. */
export function makeSource(changes: Partial<Remote> = {}, options: MemoryBucketOptions = {}): TestSource {
  const name = changes.name ?? 'memory'
  const bucket = new MemoryBucket({ remote: name, ...options })
  const remote = testRemote('http://127.0.0.1:9', { name, ...changes })
  return { bucket, source: sourceOfRemote(remote, bucket) }
}

/** The same bucket read by other rules. */
export function sourceWith({ bucket }: TestSource, changes: Partial<Remote>): TestSource {
  const remote = testRemote('http://127.0.0.1:9', { name: 'memory', ...changes })
  return { bucket, source: sourceOfRemote(remote, bucket) }
}

/** What a test may set of a run. */
export interface RunChanges extends Partial<Omit<SyncDeps, 'store'>> {
  readonly wishes?: Partial<SyncWishes>
  /** Puts itself before the archive's write side. */
  readonly store?: (store: Store) => Store
}

/** A real archive file of its own, filled by syncs. */
export interface SyncedArchive {
  readonly archive: Archive
  readonly folder: string
  sync(sources: readonly TestSource[], changes?: RunChanges): Promise<SyncSummary>
  dump(): Promise<Dump>
  close(): void
}

const prices = priceTable()

/** Opens an empty archive in a temporary folder; `close` removes it. */
export async function makeArchive(): Promise<SyncedArchive> {
  const folder = mkdtempSync(join(tmpdir(), 'agentsview-sync-'))
  const archive = await openArchive({ url: `file:${join(folder, 'archive.db')}`, token: null })
  return {
    archive,
    folder,
    sync: (sources, changes = {}) => runSync(archive, sources, changes),
    dump: () => dumpOf(archive),
    close: () => {
      archive.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Syncs buckets into an archive, with what a test sets of the run. */
export function runSync(
  archive: Archive,
  sources: readonly TestSource[],
  changes: RunChanges = {},
): Promise<SyncSummary> {
  const { wishes, store = (plain: Store) => plain, ...deps } = changes
  for (const { bucket } of sources) Object.assign(bucket.tally, { list: 0, get: 0, head: 0, bytesFetched: 0 })
  return sync(
    sources.map(({ source }) => source),
    { full: false, dryRun: false, failFast: false, machines: null, modifiedSince: null, maxBytes: null, ...wishes },
    {
      prices,
      now: () => Date.UTC(2026, 7, 1),
      signal: new AbortController().signal,
      onEvent: () => undefined,
      ...deps,
      store: store(storeOf(archive, settleByFormat)),
    },
  )
}

/** What a new archive tells of the buckets as they are now. */
export async function freshDump(sources: readonly TestSource[]): Promise<Dump> {
  const fresh = await makeArchive()
  try {
    const summary = await fresh.sync(sources)
    const failed = summary.remotes.find(({ error }) => error !== null)
    if (failed !== undefined) throw new Error(`a fresh sync failed: ${failed.error?.message ?? ''}`)
    return await fresh.dump()
  } finally {
    fresh.close()
  }
}
