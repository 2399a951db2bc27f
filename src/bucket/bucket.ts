import type { ByteOffset, ObjectId, ObjectInfo } from '../model/index.ts'

/** Requests made and bytes taken since the bucket was opened; the bucket keeps them up to date. */
export interface BucketTally {
  list: number
  get: number
  head: number
  bytesFetched: number
}

/** The part of an object from an offset on. */
export interface ObjectRead {
  /** User metadata by full header name in lower case (`x-amz-meta-machine`). */
  readonly metadata: Readonly<Record<string, string>>
  /**
   * Bytes in order, in chunks of at least one byte; ends at the object's listed size. A dropped or
   * idle body is reopened at the right byte. Leaving the loop early closes the connection.
   * @throws AgentsviewError as `Bucket.open`
   */
  readonly chunks: AsyncIterable<Uint8Array>
}

/** A listing of a part of a bucket. */
export interface ListPart {
  /** Ends in `/`, or is empty. */
  readonly prefix: string
  /** `all`: everything below the prefix; `level`: what lies directly in it, and the names of its folders. */
  readonly depth: 'all' | 'level'
  /** Only what comes after this key; null for everything. */
  readonly after: string | null
}

/** One page of such a listing. */
export interface PartPage {
  readonly objects: readonly ObjectInfo[]
  /** Folders one level down, each with its whole prefix and a `/` at its end; empty for depth `all`. */
  readonly folders: readonly string[]
  /** False on the last page. */
  readonly hasMore: boolean
}

/** Where objects come from: an S3 bucket, the machine's own folders, or memory in tests. */
export interface Bucket {
  readonly tally: Readonly<BucketTally>
  /**
   * Lists every object under the remote's prefixes, a page at a time, each prefix in key order.
   * Keys come as they are: nothing is filtered or checked here.
   * @throws AgentsviewError `remote.refused.*` or `remote.unreachable.*`; a listing that ends without
   *   an error is complete
   */
  list(signal: AbortSignal): AsyncIterable<readonly ObjectInfo[]>
  /**
   * Opens an object from byte `from` (less than its listed size) to its listed end, as one GET:
   * with Range when `from > 0`, always pinned to the listed ETag.
   * @throws AgentsviewError `remote.unreachable.changed` when the object is no longer the listed one
   *   (412, or another ETag in the answer): plan it again; `remote.refused.gone` when it is not there any
   *   more; `remote.refused.archived` when its storage class must be restored first; other
   *   `remote.refused.*` and `remote.unreachable.*`
   */
  open(object: ObjectInfo, from: ByteOffset, signal: AbortSignal): Promise<ObjectRead>
  /**
   * Looks one object up as it is now, as one HEAD; null when it is not there any more. Its time may be cut to
   * seconds.
   * @throws AgentsviewError as `list`
   */
  find(object: ObjectId, signal: AbortSignal): Promise<ObjectInfo | null>
  /**
   * User metadata of an object, as one HEAD; needed only where the machine's name is kept there and
   * the object itself is not read.
   */
  head(object: ObjectInfo, signal: AbortSignal): Promise<Readonly<Record<string, string>>>
  /** Gives connections back. */
  close(): void
}

/** A bucket that can be listed in parts. */
export interface PartBucket extends Bucket {
  /** Keys and folders of a whole page of a listing. */
  readonly keysPerPage: number
  /**
   * Lists a part, a page at a time, in key order; each page is one request.
   * @throws AgentsviewError as `list`
   */
  listPart(part: ListPart, signal: AbortSignal): AsyncIterable<PartPage>
}
