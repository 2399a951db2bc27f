/**
 * ingest: walks the line: list, plan, read, parse, price, commit; the only room that does.
 * In: sources, an archive's write side, prices. Out: a summary, and events while it runs.
 * Must not: print, know a provider or a log format, or write anything but through the store.
 */
export { localRemoteName, sourceOfLocal, sourceOfRemote } from './source.ts'
export type { SyncSource } from './source.ts'
export { settleByFormat } from './settle-by-format.ts'
export { threadedStore } from './store-thread.ts'
export { sync } from './sync.ts'
export type { SyncDeps } from './sync.ts'
export type { SyncWishes } from './sync-source.ts'
