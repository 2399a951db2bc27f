import type { ListObjectsCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'

import type { ObjectInfo, Remote } from '../model/index.ts'
import type { ListPart, PartPage } from './bucket.ts'
import { backoffMs, pause } from './retry-policy.ts'
import { askedOf } from './s3-client.ts'
import type { S3Connection } from './s3-client.ts'
import { remoteError, remoteFailure } from './s3-error.ts'

type Answer = ListObjectsV2CommandOutput | ListObjectsCommandOutput

/** Keys of a page; some servers give fewer by default (100). */
export const pageSize = 1000

/** Pages that do not end in time, in a row, before the listing is given up. */
const stallsAtMost = 2

/** Classes that only a restore makes readable; GLACIER_IR is readable at once. */
export const archivedClasses: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE']

/**
 * Lists one part of a bucket, page by page, in key order; keys and prefixes are decoded.
 * @throws AgentsviewError `remote.unreachable.listing-cut` when the server says there is more and does not
 *   say where, or says the same place twice; `remote.unreachable.protocol` when the answer is no
 *   listing at all; others as `Bucket.list`
 */
export async function* listPages(
  connection: S3Connection,
  remote: Remote,
  part: ListPart,
  signal: AbortSignal,
): AsyncGenerator<PartPage> {
  const asked = askedOf(remote, 'list')
  const seen = new Set<string>()
  for (let from: string | undefined; ;) {
    const answer = await request(connection, remote, { ...part, from }, signal)
    // A login page or an empty 200 must not pass for an empty bucket.
    if (typeof answer.IsTruncated !== 'boolean') {
      throw remoteFailure('unreachable.protocol', asked, 'the answer to list is not a listing')
    }
    const page = pageOf(answer, remote)
    yield page
    if (!answer.IsTruncated) return
    from = nextPlace(answer, page, remote.listVersion)
    if (from === undefined || seen.has(from)) {
      const message = from === undefined ? 'the listing stops half-way' : 'the listing goes in a circle'
      throw remoteFailure('unreachable.listing-cut', asked, `${message} at "${part.prefix}"`)
    }
    seen.add(from)
  }
}

interface PageRequest extends ListPart {
  /** Where the last page ended. */
  readonly from: string | undefined
}

/** One page; asked for again when its answer does not end in time, which the SDK itself does not watch. */
async function request(
  connection: S3Connection,
  remote: Remote,
  page: PageRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { policy } = connection
  for (let failures = 1; ; failures += 1) {
    const late = AbortSignal.timeout(policy.pageMs)
    try {
      return await requestOnce(connection, remote, page, AbortSignal.any([signal, late]))
    } catch (error) {
      if (!late.aborted || signal.aborted) throw remoteError(error, askedOf(remote, 'list'), signal)
      if (failures === stallsAtMost) {
        throw remoteFailure(
          'unreachable.timeout',
          askedOf(remote, 'list'),
          `no page within ${policy.pageMs} ms on list`,
        )
      }
    }
    await pause(backoffMs(policy, failures), signal)
  }
}

async function requestOnce(
  { sdk, client }: S3Connection,
  remote: Remote,
  { prefix, depth, after, from }: PageRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const input = {
    Bucket: remote.bucket,
    Prefix: prefix,
    EncodingType: 'url' as const,
    MaxKeys: pageSize,
    ...(depth === 'all' ? {} : { Delimiter: '/' }),
  }
  if (remote.listVersion === 2) {
    const command = new sdk.ListObjectsV2Command({
      ...input,
      ...(from === undefined ? {} : { ContinuationToken: from }),
      ...(after === null ? {} : { StartAfter: after }),
    })
    return await client.send(command, { abortSignal: signal })
  }
  const marker = from ?? after
  const command = new sdk.ListObjectsCommand({ ...input, ...(marker === null ? {} : { Marker: marker }) })
  return await client.send(command, { abortSignal: signal })
}

/** Where the next page begins: the token of a v2 answer, the marker of a v1 answer. */
function nextPlace(answer: Answer, page: PartPage, version: 1 | 2): string | undefined {
  if (version === 2) {
    const token = (answer as ListObjectsV2CommandOutput).NextContinuationToken
    return token === '' ? undefined : token
  }
  // Without a delimiter most servers leave the marker out: the last key stands for it.
  const marker = (answer as ListObjectsCommandOutput).NextMarker
  return marker === undefined || marker === '' ? page.objects.at(-1)?.key : decoderOf(answer)(marker)
}

function pageOf(answer: Answer, remote: Remote): PartPage {
  const decode = decoderOf(answer)
  const objects = (answer.Contents ?? []).map((entry): ObjectInfo => {
    if (entry.Key === undefined || entry.ETag === undefined || entry.Size === undefined) {
      throw remoteFailure(
        'unreachable.protocol',
        askedOf(remote, 'list'),
        'the listing leaves out keys, sizes or ETags',
      )
    }
    const isArchived = archivedClasses.includes(entry.StorageClass ?? '')
    return {
      remote: remote.name,
      bucket: remote.bucket,
      key: decode(entry.Key),
      size: entry.Size,
      etag: bareEtag(entry.ETag),
      modifiedAt: entry.LastModified?.getTime() ?? 0,
      ...(isArchived ? { archivedClass: entry.StorageClass } : {}),
    }
  })
  const folders = (answer.CommonPrefixes ?? []).flatMap(({ Prefix }) => (Prefix === undefined ? [] : [decode(Prefix)]))
  return { objects, folders, hasMore: answer.IsTruncated === true }
}

/** Servers that do not know `encoding-type` say so by leaving it out, and send keys as they are. */
function decoderOf(answer: Answer): (text: string) => string {
  return answer.EncodingType === 'url' ? decodeKey : (text) => text
}

/** Undoes the URL encoding of a listed key, once; `+` stands for a space. */
export function decodeKey(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    // Bytes that are no UTF-8: such a key cannot be asked for, but it must not end the listing.
    return spaced.replace(/%[0-9A-Fa-f]{2}/g, '\uFFFD')
  }
}

/** An ETag as this program keeps it: without quotes and without the weak mark, otherwise untouched. */
export function bareEtag(etag: string): string {
  const tag = etag.startsWith('W/') ? etag.slice(2) : etag
  return tag.length > 1 && tag.startsWith('"') && tag.endsWith('"') ? tag.slice(1, -1) : tag
}
