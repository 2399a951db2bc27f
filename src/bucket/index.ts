/**
 * bucket: lists and reads objects of S3 buckets and of the machine's own folders; retry and resume live here.
 * The SDK makes the first GET of a connection and handles every failed one; the others are signed copies (`lean-get.ts`).
 * In: a `Remote` or `LocalFolders`. Out: `Bucket` (listing pages, byte streams, tally), checks of a remote.
 * Must not: interpret keys or bytes, write files, keep an object in memory, or load the SDK before the first request.
 */
export type { Bucket, BucketTally, ListPart, ObjectRead, PartBucket, PartPage } from './bucket.ts'
export { openBucket } from './open.ts'
export { listFolder } from './list-folder.ts'
export type { FolderListing } from './list-folder.ts'
export { probeRemote } from './probe.ts'
export type { Check } from './probe.ts'
