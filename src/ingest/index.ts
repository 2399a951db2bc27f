/**
 * ingest: walks the line: list, plan, read, parse, price, commit; the only room that does.
 * In: sources, an archive's write side, prices. Out: a summary, and events while it runs.
 * Must not: print, know a provider or a log format, or write anything but through the store.
 */
export { parsingHere } from './object-reading.ts'
export type { Parsing } from './object-reading.ts'
export { threadedParsing } from './parse-thread.ts'
export { pricerOf } from './pricer.ts'
export { localRemoteName, sourceOfLocal, sourceOfRemote } from './source.ts'
export type { SyncSource } from './source.ts'
export { settleByFormat } from './settle-by-format.ts'
export { threadedStore } from './store-thread.ts'
export { sync } from './sync.ts'
export type { SyncDeps } from './sync.ts'
export type { SyncWishes } from './sync-source.ts'
