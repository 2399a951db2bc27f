import type { LocalFolders, Remote } from '../model/index.ts'
import type { Bucket, PartBucket } from './bucket.ts'
import { LocalBucket } from './local-folders.ts'
import { S3Bucket } from './s3-bucket.ts'

/**
 * Opens where objects come from: a declared remote or the machine's own folders. No request is made
 * until the bucket is used; whoever opens it closes it.
 */
export function openBucket(source: Remote): PartBucket
export function openBucket(source: Remote | LocalFolders): Bucket
export function openBucket(source: Remote | LocalFolders): Bucket {
  return 'folders' in source ? new LocalBucket(source) : new S3Bucket(source)
}
