import { createHash } from 'node:crypto'

import { AgentsviewError } from '../src/base/index.ts'
import type { BucketTally, ListPart, ObjectRead, PartBucket, PartPage } from '../src/bucket/index.ts'
import type { ByteOffset, ObjectId, ObjectInfo } from '../src/model/index.ts'

interface Stored {
  readonly bytes: Uint8Array
  readonly info: ObjectInfo
  readonly metadata: Readonly<Record<string, string>>
}

export interface MemoryBucketOptions {
  readonly remote?: string
  readonly bucket?: string
  /** Objects per page of a listing. */
  readonly pageSize?: number
  /** Bytes per chunk of a read. */
  readonly chunkSize?: number
}

/** Where a test breaks in; each hook may throw, wait, or change the bucket. */
export interface MemoryBucketHooks {
  /** Before page `index` (from 0) of a listing is given. */
  onListPage?: ((index: number) => void | Promise<void>) | undefined
  /** Before a read is answered. */
  onOpen?: ((key: string, from: ByteOffset) => void | Promise<void>) | undefined
  /** Before the chunk that starts at byte `at` of the object is given. */
  onChunk?: ((key: string, at: ByteOffset) => void | Promise<void>) | undefined
}

/** Objects in memory behind the `Bucket` port: what a test puts is what a sync finds. */
export class MemoryBucket implements PartBucket {
  readonly tally: BucketTally = { list: 0, get: 0, head: 0, bytesFetched: 0 }
  readonly hooks: MemoryBucketHooks = {}
  readonly #options: Required<MemoryBucketOptions>
  readonly #objects = new Map<string, Stored>()
  #clock = Date.UTC(2026, 0, 1)

  constructor(options: MemoryBucketOptions = {}) {
    this.#options = { remote: 'memory', bucket: 'bucket', pageSize: 1000, chunkSize: 64 * 1024, ...options }
  }

  /** Stores an object, replacing what is there; time moves on a second with each call. */
  put(
    key: string,
    contents: string | Uint8Array,
    extra: { readonly metadata?: Readonly<Record<string, string>>; readonly archivedClass?: string } = {},
  ): ObjectInfo {
    const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents
    const { remote, bucket } = this.#options
    this.#clock += 1000
    const info: ObjectInfo = {
      remote,
      bucket,
      key,
      size: bytes.length,
      etag: createHash('md5').update(bytes).digest('hex'),
      modifiedAt: this.#clock,
      ...(extra.archivedClass === undefined ? {} : { archivedClass: extra.archivedClass }),
    }
    this.#objects.set(key, { bytes, info, metadata: extra.metadata ?? {} })
    return info
  }

  /** Stores the object again with more bytes at its end. */
  append(key: string, contents: string | Uint8Array): ObjectInfo {
    const more = typeof contents === 'string' ? Buffer.from(contents) : contents
    const stored = this.#objects.get(key)
    return this.put(key, Buffer.concat([stored?.bytes ?? new Uint8Array(), more]), { metadata: stored?.metadata ?? {} })
  }

  /** Lets time pass between two puts. */
  wait(ms: number): void {
    this.#clock += ms
  }

  get keysPerPage(): number {
    return this.#options.pageSize
  }

  /** How many objects there are. */
  get size(): number {
    return this.#objects.size
  }

  delete(key: string): void {
    this.#objects.delete(key)
  }

  #listed(): readonly ObjectInfo[] {
    return [...this.#objects.values()].map(({ info }) => info).toSorted((a, b) => inBytes(a.key, b.key))
  }

  async *listPart({ prefix, depth, after }: ListPart, signal: AbortSignal): AsyncGenerator<PartPage> {
    const { pageSize } = this.#options
    const entries = new Map<string, ObjectInfo | null>()
    for (const info of this.#listed()) {
      if (!info.key.startsWith(prefix) || (after !== null && inBytes(info.key, after) <= 0)) continue
      const slash = depth === 'level' ? info.key.indexOf('/', prefix.length) : -1
      entries.set(slash === -1 ? info.key : info.key.slice(0, slash + 1), slash === -1 ? info : null)
    }
    const all = [...entries]
    for (let from = 0; from === 0 || from < all.length; from += pageSize) {
      throwIfAborted(signal)
      this.tally.list += 1
      await this.hooks.onListPage?.(from / pageSize)
      const page = all.slice(from, from + pageSize)
      yield {
        objects: page.flatMap(([, info]) => (info === null ? [] : [info])),
        folders: page.flatMap(([name, info]) => (info === null ? [name] : [])),
        hasMore: from + pageSize < all.length,
      }
    }
  }

  async *list(signal: AbortSignal): AsyncGenerator<readonly ObjectInfo[]> {
    const all = this.#listed()
    const pages = Math.max(1, Math.ceil(all.length / this.#options.pageSize))
    for (let index = 0; index < pages; index += 1) {
      throwIfAborted(signal)
      this.tally.list += 1
      await this.hooks.onListPage?.(index)
      yield all.slice(index * this.#options.pageSize, (index + 1) * this.#options.pageSize)
    }
  }

  find({ key }: ObjectId, signal: AbortSignal): Promise<ObjectInfo | null> {
    throwIfAborted(signal)
    this.tally.head += 1
    return Promise.resolve(this.#objects.get(key)?.info ?? null)
  }

  async open(object: ObjectInfo, from: ByteOffset, signal: AbortSignal): Promise<ObjectRead> {
    throwIfAborted(signal)
    this.tally.get += 1
    await this.hooks.onOpen?.(object.key, from)
    const stored = this.#objects.get(object.key)
    if (stored === undefined) throw refused('remote.refused.gone', '404 NoSuchKey on read')
    if (stored.info.etag !== object.etag) throw refused('remote.unreachable.changed', '412 PreconditionFailed on read')
    if (stored.info.archivedClass !== undefined)
      throw refused('remote.refused.archived', '403 InvalidObjectState on read')
    return { metadata: stored.metadata, chunks: this.#chunks(stored, from, signal) }
  }

  head(object: ObjectInfo, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    throwIfAborted(signal)
    this.tally.head += 1
    const stored = this.#objects.get(object.key)
    if (stored === undefined) return Promise.reject(refused('remote.refused.gone', '404 NotFound on head'))
    return Promise.resolve(stored.metadata)
  }

  close(): void {
    // Memory holds no connection.
  }

  async *#chunks({ bytes, info }: Stored, from: ByteOffset, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let at = from; at < bytes.length; at += this.#options.chunkSize) {
      throwIfAborted(signal)
      await this.hooks.onChunk?.(info.key, at)
      throwIfAborted(signal)
      const chunk = bytes.slice(at, at + this.#options.chunkSize)
      this.tally.bytesFetched += chunk.length
      yield chunk
    }
  }
}

function inBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function throwIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return
  const reason: unknown = signal.reason
  throw reason instanceof AgentsviewError ? reason : new AgentsviewError({ code: 'cancelled', message: 'interrupted' })
}

function refused(code: AgentsviewError['code'], message: string): AgentsviewError {
  return new AgentsviewError({ code, message, hint: 'this is a bucket in memory' })
}
