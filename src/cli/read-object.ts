import { createHash } from 'node:crypto'

import { AgentsviewError, concatBytes, isFamily } from '../base/index.ts'
import type { Bucket } from '../bucket/index.ts'
import { openBucket } from '../bucket/index.ts'
import type { Config } from '../config/index.ts'
import { localRemoteName } from '../ingest/index.ts'
import { compressionOf, decompress } from '../lines/index.ts'
import type { LocalFolders, ObjectInfo, Remote } from '../model/index.ts'
import type { SessionObject } from '../query/index.ts'
import type { ReadBytes, ReadObject } from '../server/index.ts'
import { throwProblem } from './commands/remotes/find-remote.ts'

type Wanted = Parameters<ReadObject>[2]
const newline = 0x0a

/**
 * Reads bytes of objects: one GET where the object is the one the archive knows. One that has grown is looked up and
 * read as it is now, when the bytes before the archive's place in it are still the same.
 * @param openRemote  the bucket of a remote by its name; closed after each reading
 */
export function objectReader(openRemote: (name: string) => Bucket): ReadObject {
  return async (object, from, wanted, signal) => {
    const bucket = openRemote(object.remote)
    try {
      // A file is not pinned to what it was: it is looked at first.
      const isOther = object.remote === localRemoteName && (await bucket.find(object, signal))?.etag !== object.etag
      if (isOther) return await readGrown(bucket, object, from, wanted, signal)
      return { ...(await readPart(bucket, object, from, wanted, signal)), hasGrown: false }
    } catch (error) {
      if (!isFamily(error, 'remote.unreachable') || error.code !== 'remote.unreachable.changed') throw error
      return await readGrown(bucket, object, from, wanted, signal)
    } finally {
      bucket.close()
    }
  }
}

async function readPart(
  bucket: Bucket,
  object: ObjectInfo,
  from: number,
  { most, isLine }: Wanted,
  signal: AbortSignal,
): Promise<Omit<ReadBytes, 'hasGrown'>> {
  const packing = compressionOf(object.key)
  if (most === 0 || (packing === 'none' && from >= object.size)) return { bytes: new Uint8Array(0), isCut: false }
  // A packed object is counted by its unpacked bytes, and can only be read from its start.
  const { chunks } = await bucket.open(object, packing === 'none' ? from : 0, signal)
  const start = packing === 'none' ? 0 : from
  // One byte more tells whether something follows.
  const bytes = await cutOut(decompress(chunks, packing), start, most + 1, isLine)
  const end = isLine ? bytes.indexOf(newline) : -1
  return { bytes: bytes.subarray(0, end < 0 ? most : Math.min(end, most)), isCut: end < 0 && bytes.length > most }
}

async function readGrown(
  bucket: Bucket,
  known: SessionObject,
  from: number,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<ReadBytes> {
  const now = await bucket.find(known, signal)
  if (now === null) throw gone(known)
  const { proof, offset } = known
  const isLonger = now.size >= known.size && compressionOf(known.key) === 'none'
  if (!isLonger || proof === null) throw changed(known)
  const before = { most: proof.length, isLine: false }
  const { bytes } = await readPart(bucket, now, offset - proof.length, before, signal)
  if (createHash('sha256').update(bytes).digest('hex') !== proof.hash) throw changed(known)
  if (wanted.isLine && from > 0) {
    const { bytes: byte } = await readPart(bucket, now, from - 1, { most: 1, isLine: false }, signal)
    if (byte[0] !== newline) throw changed(known)
  }
  return { ...(await readPart(bucket, now, from, wanted, signal)), hasGrown: true }
}

function changed({ key }: SessionObject): AgentsviewError {
  return new AgentsviewError({
    code: 'remote.unreachable.changed',
    message: `${key} was written anew since it was read: its lines are not those of the archive any more`,
    hint: 'Sync, then look again.',
  })
}

/** Leaves off as soon as enough is there, which closes the connection. */
async function cutOut(
  chunks: AsyncIterable<Uint8Array>,
  from: number,
  length: number,
  isLine: boolean,
): Promise<Uint8Array> {
  const taken: Uint8Array[] = []
  let at = 0
  let left = length
  for await (const chunk of chunks) {
    const part = chunk.slice(Math.max(0, from - at), Math.max(0, from - at) + left)
    at += chunk.length
    left -= part.length
    if (part.length > 0) taken.push(part)
    if (left === 0 || (isLine && part.includes(newline))) break
  }
  return concatBytes(taken)
}

/** A whole object, as it is now. */
export interface WholeObject {
  readonly size: number
  /** Exactly `size` bytes. @throws AgentsviewError `remote.*` */
  readonly chunks: AsyncIterable<Uint8Array>
}

/**
 * Opens the object of a session from its start to its end, as it is now: it may have grown since it was read.
 * @throws AgentsviewError `remote.refused.gone` when it is not there any more; other `remote.*`
 */
export async function openWhole(
  openRemote: (name: string) => Bucket,
  known: SessionObject,
  signal: AbortSignal,
): Promise<WholeObject> {
  const bucket = openRemote(known.remote)
  try {
    const now = await bucket.find(known, signal)
    if (now === null) throw gone(known)
    const opened = now.size === 0 ? null : await bucket.open(now, 0, signal)
    return { size: now.size, chunks: wholeChunks(bucket, now, opened?.chunks ?? null) }
  } catch (error) {
    bucket.close()
    throw error
  }
}

async function* wholeChunks(
  bucket: Bucket,
  { key, size }: ObjectInfo,
  chunks: AsyncIterable<Uint8Array> | null,
): AsyncIterable<Uint8Array> {
  try {
    let passed = 0
    for await (const chunk of chunks ?? []) {
      passed += chunk.length
      yield chunk
    }
    if (passed === size) return
    throw new AgentsviewError({
      code: 'remote.unreachable.short',
      message: `${key}: ${passed} bytes came of ${size}`,
      hint: 'Try again.',
    })
  } finally {
    bucket.close()
  }
}

function gone({ key }: SessionObject): AgentsviewError {
  return new AgentsviewError({
    code: 'remote.refused.gone',
    message: `${key} is not there any more`,
    hint: 'The archive keeps what was read from it.',
  })
}

/**
 * Opens the bucket of a remote that the config declares, or the local folders.
 * @throws AgentsviewError `not-found.remote`; the remote's own problem
 */
export function openDeclared(config: Config, name: string): Bucket {
  return openBucket(sourceOf(config, name))
}

function sourceOf(config: Config, name: string): Remote | LocalFolders {
  if (name === localRemoteName) return config.local
  const remote = config.remotes.find((one) => one.name === name)
  if (remote === undefined) {
    throw new AgentsviewError({
      code: 'not-found.remote',
      message: `the config does not declare the remote "${name}" any more`,
      hint: 'Declare it again: agentsview remotes add',
    })
  }
  throwProblem(remote)
  return remote
}
