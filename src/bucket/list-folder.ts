import type { EpochMs } from '../base/index.ts'
import type { Remote } from '../model/index.ts'
import type { RetryPolicy } from './retry-policy.ts'
import { defaultRetryPolicy } from './retry-policy.ts'
import { connect } from './s3-client.ts'
import { listPages } from './s3-list.ts'

export interface FolderListing {
  /** Full keys of the folders one level down, each ending in `/`. */
  readonly folders: readonly string[]
  /** Objects directly in the folder; `key` is the full key. */
  readonly objects: readonly { readonly key: string; readonly size: number; readonly modifiedAt: EpochMs }[]
  /** True when there is more than was asked for. */
  readonly isCut: boolean
}

/**
 * Lists one level of a remote's bucket.
 * @param path   a folder's full key, with or without its last `/`; empty for the top of the bucket
 * @param limit  folders and objects at most, rounded up to whole pages of the listing
 * @throws AgentsviewError as `Bucket.list`
 */
export async function listFolder(
  remote: Remote,
  path: string,
  signal: AbortSignal,
  { limit = 10_000, policy = defaultRetryPolicy }: { limit?: number; policy?: RetryPolicy } = {},
): Promise<FolderListing> {
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`
  const connection = await connect(remote, { list: 0, get: 0, head: 0, bytesFetched: 0 }, policy)
  const folders: string[] = []
  const objects: FolderListing['objects'][number][] = []
  try {
    for await (const page of listPages(connection, remote, { prefix, depth: 'level', after: null }, signal)) {
      if (folders.length + objects.length >= limit) return { folders, objects, isCut: true }
      folders.push(...page.folders)
      objects.push(...page.objects.map(({ key, size, modifiedAt }) => ({ key, size, modifiedAt })))
    }
    return { folders, objects, isCut: false }
  } finally {
    connection.client.destroy()
  }
}
