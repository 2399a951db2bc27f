/**
 * store: the archive: schema, migrations, commits of rows together with cursors, full-text index.
 * In: batches of records with the cursor that covers them. Out: cursors, and a driver to ask.
 * Must not: know a log format or a bucket, or hold a question of a command.
 */
export { backUpArchive, vacuumArchive } from './backup.ts'
export { checkArchive } from './check.ts'
export type { Finding } from './check.ts'
export type { Claims, Wanted } from './claims.ts'
export type { CommitOptions, Part, PartResult, PricedUsage, Settler, StoredRecord } from './batch.ts'
export { forgetCursors } from './cursors.ts'
export type { FailedObject, PresentObject } from './cursors.ts'
export type { FullPass } from './full-pass.ts'
export { filePath, openArchive, openArchiveToRead } from './open.ts'
export type { Archive, ArchiveAddress } from './open.ts'
export { recordPacker } from './pack-records.ts'
export type { PackedRecords, RecordPacker } from './pack-records.ts'
export { applyProjectRules } from './project-rules.ts'
export { purgeRemote } from './purge-remote.ts'
export type { Purged } from './purge-remote.ts'
export { refuseWhileRead, renameMachine } from './rename-machine.ts'
export type { RenamedMachine } from './rename-machine.ts'
export { reprice } from './reprice.ts'
export type { PriceableUsage } from './reprice.ts'
export { archiveInfo } from './info.ts'
export type { ArchiveInfo } from './info.ts'
export { cutForIndex, matchPhrase, needsCut } from './search-text.ts'
export { storeOf } from './store.ts'
export type { Store } from './store.ts'
