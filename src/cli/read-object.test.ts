import { createHash } from 'node:crypto'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { describe, expect, it } from 'vitest'

import { MemoryBucket } from '../../test/memory-bucket.ts'
import type { Bucket } from '../bucket/index.ts'
import { openBucket } from '../bucket/index.ts'
import type { ObjectInfo } from '../model/index.ts'
import type { SessionObject } from '../query/index.ts'
import { objectReader } from './read-object.ts'

const first = '{"a":1}\n{"née":2}\n'
const line = { most: 1000, isLine: true }
const { signal } = new AbortController()
const changed = { code: 'remote.unreachable.changed' }

/** An object as the archive knows it after reading it to its end. */
function known(object: ObjectInfo, offset = Buffer.byteLength(first)): SessionObject {
  const hash = createHash('sha256').update(first).digest('hex')
  return { ...object, generation: 1, offset, proof: { length: offset, hash } }
}

async function read(bucket: Bucket, object: SessionObject, from: number, wanted = line) {
  const { bytes, ...rest } = await objectReader(() => bucket)(object, from, wanted, signal)
  return { text: new TextDecoder().decode(bytes), ...rest }
}

describe('bytes of an object', () => {
  it('are a line to its end, or as many as asked, for one GET', async () => {
    const bucket = new MemoryBucket()
    const object = known(bucket.put('a.jsonl', first))
    const at = async (from: number, wanted = line) => await read(bucket, object, from, wanted)
    expect(await at(8)).toEqual({ text: '{"née":2}', isCut: false, hasGrown: false })
    expect(bucket.tally).toMatchObject({ get: 1, head: 0, list: 0 })
    expect(await at(0, { most: 9, isLine: false })).toEqual({ text: '{"a":1}\n{', isCut: true, hasGrown: false })
    expect(await at(0, { most: 3, isLine: true })).toEqual({ text: '{"a', isCut: true, hasGrown: false })
    expect(await at(0, { most: 7, isLine: true })).toEqual({ text: '{"a":1}', isCut: false, hasGrown: false })
    expect(await at(999)).toEqual({ text: '', isCut: false, hasGrown: false })
  })

  it('are counted unpacked where the object is packed', async () => {
    const bucket = new MemoryBucket()
    const object = known(bucket.put('a.jsonl.gz', gzipSync(first)))
    expect(await read(bucket, object, 8)).toEqual({ text: '{"née":2}', isCut: false, hasGrown: false })
  })

  it('are the same when it has only grown since', async () => {
    const bucket = new MemoryBucket()
    const object = known(bucket.put('a.jsonl', first))
    bucket.put('a.jsonl', `${first}{"b":3}\n`)
    expect(await read(bucket, object, 8)).toEqual({ text: '{"née":2}', isCut: false, hasGrown: true })
    expect(await read(bucket, object, 0)).toMatchObject({ text: '{"a":1}', hasGrown: true })
    // Not the middle of a line that once was one.
    await expect(read(bucket, object, 3)).rejects.toMatchObject(changed)
  })

  it('are refused when it was written anew, longer or shorter, packed, or is gone', async () => {
    const bucket = new MemoryBucket()
    const object = known(bucket.put('a.jsonl', first))
    bucket.put('a.jsonl', `${first.replace('a', 'x')}{"b":3}\n`)
    await expect(read(bucket, object, 0)).rejects.toMatchObject(changed)
    bucket.put('a.jsonl', '{}\n')
    await expect(read(bucket, object, 0)).rejects.toMatchObject(changed)
    bucket.delete('a.jsonl')
    await expect(read(bucket, object, 0)).rejects.toMatchObject({ code: 'remote.refused.gone' })
    const packed = known(bucket.put('b.jsonl.gz', gzipSync(first)))
    bucket.put('b.jsonl.gz', gzipSync(`${first}{"b":3}\n`))
    await expect(read(bucket, packed, 0)).rejects.toMatchObject(changed)
  })
})

describe('bytes of a local file', () => {
  it('are the same when it has grown, and refused when it was written anew', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'agentsview-object-'))
    const path = join(folder, 'a.jsonl')
    await writeFile(path, first)
    const bucket = openBucket({ enabled: true, machine: 'here', folders: [{ agent: 'claude', path: folder }] })
    const listed: ObjectInfo[] = []
    for await (const page of bucket.list(signal)) listed.push(...page)
    const [info] = listed
    if (info === undefined) throw new Error('nothing is listed')
    const object = known(info)
    expect(await read(bucket, object, 8)).toMatchObject({ text: '{"née":2}', hasGrown: false })
    await appendFile(path, '{"b":3}\n')
    expect(await read(bucket, object, 8)).toMatchObject({ text: '{"née":2}', hasGrown: true })
    await writeFile(path, `${first.replace('a', 'x')}{"b":3}\n`)
    await expect(read(bucket, object, 0)).rejects.toMatchObject(changed)
    await rm(path)
    await expect(read(bucket, object, 0)).rejects.toMatchObject({ code: 'remote.refused.gone' })
    await rm(folder, { recursive: true })
  })
})
