import type { PartBucket } from '../../src/bucket/index.ts'
import { defaultRetryPolicy } from '../../src/bucket/retry-policy.ts'
import { S3Bucket } from '../../src/bucket/s3-bucket.ts'
import type { Remote } from '../../src/model/index.ts'

/** Waits of a test: as many tries as ever, each of them short. */
const quick = {
  ...defaultRetryPolicy,
  baseDelayMs: 5,
  maxDelayMs: 20,
  idleMs: 400,
  answerMs: 400,
  pageMs: 800,
  slowMs: 600,
  slowBytes: 4096,
}

/** Opens a remote with little patience. */
export function openBucketWith(remote: Remote): PartBucket {
  return new S3Bucket(remote, quick)
}
