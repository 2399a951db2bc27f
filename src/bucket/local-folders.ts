import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { lstat, open, readdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'

import { AgentsviewError, isObject } from '../base/index.ts'
import type { AgentId, ByteOffset, LocalFolders, ObjectId, ObjectInfo } from '../model/index.ts'
import type { Bucket, BucketTally, ObjectRead } from './bucket.ts'
import { cancelledBy } from './s3-error.ts'

const localRemote = 'local'
const pageSize = 1000
const chunkBytes = 256 * 1024
/** Files asked about at once. */
const statsAtOnce = 32

/**
 * What agents keep their logs in. A folder that holds one of these, or is hidden, is an agent's home: next
 * to the logs lie credentials and settings, so nothing else in it is even listed.
 */
const logEntries: readonly string[] = ['projects', 'sessions', 'archived_sessions', 'session_index.jsonl']

type Folder = LocalFolders['folders'][number]

/**
 * The machine's own folders as a bucket: the key is `<agent>/<path in the folder>` with forward slashes.
 * Links are not followed; a folder that is not there is empty. `tally.list` counts folders, `get`
 * counts opened files.
 */
export class LocalBucket implements Bucket {
  readonly tally: BucketTally = { list: 0, get: 0, head: 0, bytesFetched: 0 }
  readonly #folders: readonly Folder[]

  constructor(source: LocalFolders) {
    this.#folders = source.folders
  }

  async *list(signal: AbortSignal): AsyncGenerator<readonly ObjectInfo[]> {
    for (const folder of this.#folders) {
      this.tally.list += 1
      let page: ObjectInfo[] = []
      for await (const object of walkRoot(folder, signal)) {
        page.push(object)
        if (page.length < pageSize) continue
        yield page
        page = []
      }
      if (page.length > 0) yield page
    }
  }

  async find({ bucket, key }: ObjectId, signal: AbortSignal): Promise<ObjectInfo | null> {
    if (signal.aborted) throw cancelledBy(signal)
    const folder = this.#folders.find(({ agent, path }) => path === bucket && key.startsWith(keyOf(agent, '')))
    return folder === undefined ? null : await describeFile(folder, key.slice(keyOf(folder.agent, '').length))
  }

  async open(object: ObjectInfo, from: ByteOffset, signal: AbortSignal): Promise<ObjectRead> {
    if (signal.aborted) throw cancelledBy(signal)
    this.tally.get += 1
    const file = await openListed(object)
    const count = (bytes: number): void => {
      this.tally.bytesFetched += bytes
    }
    return { metadata: {}, chunks: readRange(file, object, from, count, signal) }
  }

  /** Files carry no metadata of the kind objects do. */
  head(): Promise<Readonly<Record<string, string>>> {
    return Promise.resolve({})
  }

  close(): void {
    // Every file is closed by its reader.
  }
}

async function* walkRoot(folder: Folder, signal: AbortSignal): AsyncGenerator<ObjectInfo> {
  let names: readonly Entry[]
  try {
    names = await entriesOf(folder.path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw new AgentsviewError({
      code: 'remote.refused.denied',
      message: `the folder ${folder.path} cannot be read (${codeOf(error)})`,
      hint: 'let this user read it, or take it out of [local] in the config',
      context: { remote: localRemote, operation: 'list' },
    })
  }
  const isHome = lastName(folder.path).startsWith('.') || names.some(({ name }) => logEntries.includes(name))
  const wanted = isHome ? names.filter(({ name }) => logEntries.includes(name)) : names
  yield* walk(folder, '', wanted, signal)
}

async function* walk(
  folder: Folder,
  inside: string,
  entries: readonly Entry[],
  signal: AbortSignal,
): AsyncGenerator<ObjectInfo> {
  let files: string[] = []
  for (const entry of entries) {
    if (signal.aborted) throw cancelledBy(signal)
    if (!entry.isFolder) files.push(`${inside}${entry.name}`)
    if (files.length >= statsAtOnce || entry.isFolder) {
      yield* describeFiles(folder, files)
      files = []
    }
    if (!entry.isFolder) continue
    const below = `${inside}${entry.name}/`
    yield* walk(folder, below, await entriesBelow(join(folder.path, below)), signal)
  }
  yield* describeFiles(folder, files)
}

interface Entry {
  readonly name: string
  readonly isFolder: boolean
}

/** Files and folders, in the byte order of the keys they give; links and devices are left out. */
async function entriesOf(path: string): Promise<readonly Entry[]> {
  const found = await readdir(path, { withFileTypes: true })
  return found
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({
      name: entry.name,
      isFolder: entry.isDirectory(),
      sortKey: Buffer.from(entry.isDirectory() ? `${entry.name}/` : entry.name),
    }))
    .toSorted((a, b) => Buffer.compare(a.sortKey, b.sortKey))
}

/** A folder below the root that vanished or may not be read holds nothing for us. */
async function entriesBelow(path: string): Promise<readonly Entry[]> {
  try {
    return await entriesOf(path)
  } catch (error) {
    if (isMissing(error) || isDenied(error)) return []
    throw error
  }
}

async function* describeFiles(folder: Folder, paths: readonly string[]): AsyncGenerator<ObjectInfo> {
  const described = await Promise.all(paths.map((path) => describeFile(folder, path)))
  for (const object of described) if (object !== null) yield object
}

async function describeFile(folder: Folder, path: string): Promise<ObjectInfo | null> {
  try {
    const stat = await lstat(join(folder.path, path), { bigint: true })
    if (!stat.isFile()) return null
    return {
      remote: localRemote,
      bucket: folder.path,
      key: keyOf(folder.agent, path),
      size: Number(stat.size),
      etag: `${stat.size}-${stat.mtimeNs}-${stat.ino}`,
      modifiedAt: Number(stat.mtimeMs),
    }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function keyOf(agent: AgentId, path: string): string {
  return `${agent}/${path}`
}

/**
 * Opens the very file that was listed. One that has only grown since is still good for its listed bytes:
 * agents append while we read.
 */
async function openListed(object: ObjectInfo): Promise<FileHandle> {
  const path = join(object.bucket, ...object.key.split('/').slice(1))
  let file: FileHandle | null = null
  try {
    await assertInside(object.bucket, path)
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    const stat = await file.stat({ bigint: true })
    const [, mtimeNs, ino] = object.etag.split('-')
    const isSame = String(stat.mtimeNs) === mtimeNs && Number(stat.size) === object.size
    if (String(stat.ino) !== ino || !(isSame || Number(stat.size) > object.size)) throw changed(object)
    return file
  } catch (error) {
    await file?.close()
    throw openFailure(error, object)
  }
}

/** A folder on the way may have become a link since the listing. */
async function assertInside(root: string, path: string): Promise<void> {
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(path)])
  if (!realFile.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) {
    throw Object.assign(new Error('outside of the folder'), { code: 'EACCES' })
  }
}

async function* readRange(
  file: FileHandle,
  object: ObjectInfo,
  from: ByteOffset,
  count: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for (let at = from; at < object.size;) {
      if (signal.aborted) throw cancelledBy(signal)
      const wanted = Math.min(chunkBytes, object.size - at)
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(wanted), 0, wanted, at)
      if (bytesRead === 0) throw changed(object)
      count(bytesRead)
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

function changed(object: ObjectInfo): AgentsviewError {
  return new AgentsviewError({
    code: 'remote.unreachable.changed',
    message: 'the file is not the listed one any more',
    hint: 'it was written again while it was read: the next sync reads it. Try: agentsview sync --local',
    context: { remote: localRemote, operation: 'read', key: object.key },
  })
}

function openFailure(error: unknown, object: ObjectInfo): AgentsviewError {
  if (error instanceof AgentsviewError) return error
  const isGone = isMissing(error)
  return new AgentsviewError({
    code: isGone ? 'remote.refused.gone' : 'remote.refused.denied',
    message: isGone ? 'the file is not there any more' : `the file cannot be read (${codeOf(error)})`,
    hint: isGone ? 'it was deleted after it was listed. Try: agentsview sync --local' : 'let this user read it',
    context: { remote: localRemote, operation: 'read', key: object.key },
  })
}

function codeOf(error: unknown): string {
  return isObject(error) && typeof error['code'] === 'string' ? error['code'] : 'unknown'
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error))
}

function isDenied(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(codeOf(error))
}

function lastName(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? ''
}
