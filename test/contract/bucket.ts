import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { concatBytes } from '../../src/base/index.ts'
import type { Bucket } from '../../src/bucket/index.ts'
import type { ByteOffset, ObjectInfo } from '../../src/model/index.ts'

/** A bucket under test and the way to change what lies in it, around the port. */
export interface BucketFixture {
  readonly bucket: Bucket
  /** Stores an object under a key as `list` will give it. */
  put(key: string, bytes: Uint8Array): Promise<void>
  delete(key: string): Promise<void>
  cleanUp(): Promise<void>
}

const never = new AbortController().signal

/** The keys the contract uses all lie under this folder, which must be the fixture's whole listing. */
const folder = 'claude/'
const oddNames = [
  'a b+c.jsonl',
  'ü 中文 🙂.jsonl',
  '100%.jsonl',
  'a&b=c?d#e.jsonl',
  "quote'(1).jsonl",
  'plus+plus.jsonl',
  '~tilde *star !bang.jsonl',
  '50%25 %2F %.jsonl',
  'a=b;c@d:e,f$g|h^i`j{k}[l].jsonl',
]

type Named = { readonly test: string; readonly reason: string }

/**
 * What every bucket must do, whatever is behind it.
 * @param skip  tests a server is known to fail, each with its reason; a name that fits no test fails
 */
export function describeBucket(
  name: string,
  make: () => Promise<BucketFixture>,
  { skip = [] }: { readonly skip?: readonly Named[] } = {},
): void {
  const known = new Set<string>()
  const test = (title: string, run: (fixture: BucketFixture) => Promise<void>): void => {
    known.add(title)
    if (skip.some(({ test: skipped }) => skipped === title)) return
    it(title, async () => {
      await run(current())
    })
  }
  let fixture: BucketFixture | null = null
  const current = (): BucketFixture => {
    if (fixture === null) throw new Error('no fixture')
    return fixture
  }

  describe(`${name} keeps the contract of a bucket`, () => {
    beforeEach(async () => {
      fixture = await make()
    })
    afterEach(async () => {
      fixture?.bucket.close()
      await fixture?.cleanUp()
      fixture = null
    })
    listing(test)
    reading(test)
    changing(test)
    const unknown = skip.filter(({ test: skipped }) => !known.has(skipped))
    if (unknown.length > 0) throw new Error(`no such test to skip: ${unknown.map((one) => one.test).join(', ')}`)
  })
}

type Test = (title: string, run: (fixture: BucketFixture) => Promise<void>) => void

function listing(test: Test): void {
  test('lists nothing when there is nothing', async ({ bucket }) => {
    expect(await listAll(bucket)).toEqual([])
  })

  test('lists every object with size, ETag and time', async ({ bucket, put }) => {
    for (const key of ['b.jsonl', 'a/z.jsonl', 'a.jsonl', 'a/b/c.jsonl']) await put(`${folder}${key}`, text(key))
    const objects = await listAll(bucket)
    const sizes = Object.fromEntries(objects.map(({ key, size }) => [key.slice(folder.length), size]))
    expect(sizes).toEqual({ 'a.jsonl': 7, 'a/b/c.jsonl': 11, 'a/z.jsonl': 9, 'b.jsonl': 7 })
    for (const { etag, modifiedAt } of objects) {
      expect(etag).toMatch(/^[^"]+$/)
      expect(new Date(modifiedAt).getUTCFullYear()).toBeGreaterThanOrEqual(2026)
    }
  })

  test('finds one object as it is listed now, and none that is not there', async ({ bucket, put, delete: remove }) => {
    for (const name of ['one.jsonl', 'one.jsonl.old', 'one', ...oddNames]) await put(`${folder}${name}`, text(name))
    const objects = await listAll(bucket)
    for (const object of objects) {
      const found = await bucket.find(object, new AbortController().signal)
      const isSameSecond = Math.abs((found?.modifiedAt ?? 0) - object.modifiedAt) < 1000
      expect({ ...found, modifiedAt: isSameSecond }).toEqual({ ...object, modifiedAt: true })
    }
    const [first] = objects
    if (first === undefined) throw new Error('nothing listed')
    await remove(first.key)
    expect(await bucket.find(first, new AbortController().signal)).toBe(null)
  })

  test('lists in key order', async ({ bucket, put }) => {
    const names = [
      'a-b.jsonl',
      'a.jsonl',
      'a/b.jsonl',
      'a/b/c.jsonl',
      'a0.jsonl',
      'é.jsonl',
      '\uFF5E.jsonl',
      '🙂.jsonl',
    ]
    for (const name of names.toReversed()) await put(`${folder}${name}`, text(name))
    expect((await listAll(bucket)).map(({ key }) => key)).toEqual(names.map((name) => `${folder}${name}`))
  })

  test('gives odd keys back as they were stored, and reads them', async ({ bucket, put }) => {
    for (const name of oddNames) await put(`${folder}${name}`, text(name))
    const objects = await listAll(bucket)
    expect(objects.map(({ key }) => key).toSorted()).toEqual(oddNames.map((name) => `${folder}${name}`).toSorted())
    for (const object of objects) {
      expect(`${folder}${String(await readAll(bucket, object, 0))}`).toBe(object.key)
    }
  })

  test('lists more objects than fit on a page', async ({ bucket, put }) => {
    const keys = Array.from({ length: 1005 }, (_, index) => `${folder}p/${String(index).padStart(5, '0')}.jsonl`)
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => put(key, text('x'))))
    }
    expect((await listAll(bucket)).map(({ key }) => key)).toEqual(keys)
  })

  test('stops listing when it is cancelled', async ({ bucket, put }) => {
    await put(`${folder}a.jsonl`, text('a'))
    await expect(listAll(bucket, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  })
}

function reading(test: Test): void {
  test('reads an object from its start, from the middle and from its last byte', async ({ bucket, put }) => {
    const bytes = noise(300_000)
    await put(`${folder}a.jsonl`, bytes)
    const object = await onlyObject(bucket)
    for (const from of [0, 1, 150_001, bytes.length - 1]) {
      expect(Buffer.compare(await readAll(bucket, object, from), bytes.subarray(from))).toBe(0)
    }
    expect(bucket.tally.get).toBe(4)
    expect(bucket.tally.bytesFetched).toBeGreaterThanOrEqual(300_000 + 299_999 + 149_999 + 1)
  })

  test('can be left half-way and asked again', async ({ bucket, put }) => {
    const bytes = noise(2_000_000)
    await put(`${folder}a.jsonl`, bytes)
    const object = await onlyObject(bucket)
    for (let round = 0; round < 30; round += 1) {
      const { chunks } = await bucket.open(object, 0, never)
      for await (const chunk of chunks) {
        expect(Buffer.compare(chunk, bytes.subarray(0, chunk.length))).toBe(0)
        break
      }
    }
    expect(Buffer.compare(await readAll(bucket, object, 0), bytes)).toBe(0)
  })

  test('stops reading when it is cancelled', async ({ bucket, put }) => {
    await put(`${folder}a.jsonl`, noise(3_000_000))
    const object = await onlyObject(bucket)
    const controller = new AbortController()
    const { chunks } = await bucket.open(object, 0, controller.signal)
    const read = async (): Promise<void> => {
      for await (const chunk of chunks) if (chunk.length > 0) controller.abort()
    }
    await expect(read()).rejects.toMatchObject({ code: 'cancelled' })
    await expect(bucket.open(object, 0, controller.signal)).rejects.toMatchObject({ code: 'cancelled' })
  })
}

function changing(test: Test): void {
  test('refuses an object that was replaced after it was listed', async ({ bucket, put }) => {
    await put(`${folder}a.jsonl`, text('first words'))
    const object = await onlyObject(bucket)
    await put(`${folder}a.jsonl`, text('other words'))
    await expect(readAll(bucket, object, 0)).rejects.toMatchObject({ code: 'remote.unreachable.changed' })
    await expect(readAll(bucket, object, 3)).rejects.toMatchObject({ code: 'remote.unreachable.changed' })
  })

  test('refuses an object that became shorter than where reading is to go on', async ({ bucket, put }) => {
    await put(`${folder}a.jsonl`, text('many words'))
    const object = await onlyObject(bucket)
    await put(`${folder}a.jsonl`, text('few'))
    await expect(readAll(bucket, object, 8)).rejects.toMatchObject({ code: 'remote.unreachable.changed' })
  })

  test('says when an object is gone, and lists it no more', async ({ bucket, put, delete: remove }) => {
    await put(`${folder}a.jsonl`, text('words'))
    const object = await onlyObject(bucket)
    await remove(object.key)
    await expect(readAll(bucket, object, 0)).rejects.toMatchObject({ code: 'remote.refused.gone' })
    expect(await listAll(bucket)).toEqual([])
  })

  test('tells a changed and a vanished object from those that stayed, whatever was read before', async (fixture) => {
    const { bucket, put, delete: remove } = fixture
    for (const name of ['changed', 'gone', 'kept', 'short'])
      await put(`${folder}${name}.jsonl`, text(`words of ${name}`))
    const objects = await listAll(bucket)
    const named = (name: string): ObjectInfo => {
      const found = objects.find(({ key }) => key === `${folder}${name}.jsonl`)
      if (found === undefined) throw new Error(`${name} is not listed`)
      return found
    }
    await put(named('changed').key, text('words of another'))
    await put(named('short').key, text('few'))
    await remove(named('gone').key)
    for (let round = 0; round < 2; round += 1) {
      expect(String(await readAll(bucket, named('kept'), 0))).toBe('words of kept')
      expect(String(await readAll(bucket, named('kept'), 9))).toBe('kept')
      await expect(readAll(bucket, named('changed'), 0)).rejects.toMatchObject({ code: 'remote.unreachable.changed' })
      await expect(readAll(bucket, named('short'), 9)).rejects.toMatchObject({ code: 'remote.unreachable.changed' })
      await expect(readAll(bucket, named('gone'), 0)).rejects.toMatchObject({ code: 'remote.refused.gone' })
    }
    expect(bucket.tally.get).toBe(10)
  })

  test('lists another ETag once the contents changed, and the same when they did not', async ({ bucket, put }) => {
    await put(`${folder}a.jsonl`, text('first words'))
    const before = await onlyObject(bucket)
    expect((await onlyObject(bucket)).etag).toBe(before.etag)
    await put(`${folder}a.jsonl`, text('other words'))
    expect((await onlyObject(bucket)).etag).not.toBe(before.etag)
  })
}

export async function listAll(bucket: Bucket, signal: AbortSignal = never): Promise<readonly ObjectInfo[]> {
  const pages: (readonly ObjectInfo[])[] = []
  for await (const page of bucket.list(signal)) pages.push(page)
  return pages.flat()
}

export async function readAll(bucket: Bucket, object: ObjectInfo, from: ByteOffset): Promise<Uint8Array> {
  const { chunks } = await bucket.open(object, from, never)
  const all: Uint8Array[] = []
  for await (const chunk of chunks) {
    expect(chunk.length).toBeGreaterThan(0)
    all.push(Uint8Array.from(chunk))
  }
  return Buffer.from(concatBytes(all))
}

async function onlyObject(bucket: Bucket): Promise<ObjectInfo> {
  const [object, ...others] = await listAll(bucket)
  if (object === undefined || others.length > 0) throw new Error('expected one object')
  return object
}

function text(words: string): Uint8Array {
  return Buffer.from(words)
}

/** Bytes without a pattern that a shifted read could hide in; the same for the same length. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = 12_345
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[at] = state >>> 16
  }
  return bytes
}
