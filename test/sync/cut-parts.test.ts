import { expect, it } from 'vitest'

import { settleByFormat } from '../../src/ingest/index.ts'
import type { ObjectReader } from '../../src/ingest/object-reader.ts'
import { objectReader } from '../../src/ingest/object-reader.ts'
import { formatOf } from '../../src/ingest/format-of.ts'
import { compressionOf } from '../../src/lines/index.ts'
import { priceTable, priceUsage, searchFeeNanoUsd } from '../../src/pricing/index.ts'
import type { Archive, Part } from '../../src/store/index.ts'
import { checkArchive, storeOf } from '../../src/store/index.ts'
import { recordPacker } from '../../src/store/pack-records.ts'
import { differences } from './dump.ts'
import { allObjects } from './fixture-objects.ts'
import type { TestSource } from './synced-archive.ts'
import { freshDump, makeArchive, makeSource } from './synced-archive.ts'

const prices = priceTable()

/** An object on its way into the archive, a line at a time. */
interface Growing {
  readonly reader: ObjectReader
  readonly lines: Buffer[]
  revision: number | null
}

/** Puts the fixtures into a bucket, and begins to read each. */
function begin({ bucket, source }: TestSource): readonly Growing[] {
  return [...allObjects()].flatMap(([key, bytes]) => {
    const located = source.locate(key)
    if (located.kind !== 'place' || compressionOf(key) !== 'none') return []
    const object = bucket.put(key, bytes)
    const { place } = located
    const plan = {
      object,
      place,
      ...formatOf(place),
      from: 0,
      state: null,
      expectedRevision: null,
      generation: 1,
      isStaged: false,
      isFresh: true,
      maxLineBytes: 1e6,
      wasRefused: false,
      isCompressed: false,
    }
    const reader = objectReader(plan, (usage) => ({ ...usage, ...priceUsage(prices, usage) }), recordPacker(), null)
    return [{ reader, lines: linesOf(bytes), revision: null }]
  })
}

function linesOf(bytes: Buffer): Buffer[] {
  const ends = [...bytes.entries()].flatMap(([at, byte]) => (byte === 0x0a ? [at + 1] : []))
  return [...ends, bytes.length].map((end, place) => bytes.subarray(ends[place - 1] ?? 0, end))
}

/** The next line of an object; the last part of it when there is none. */
function nextPart(growing: Growing): Part {
  const line = growing.lines.shift()
  if (line !== undefined) growing.reader.push(line)
  const part = growing.lines.length === 0 ? growing.reader.end() : growing.reader.cut()
  return { ...part, expectedRevision: growing.revision }
}

async function expectSound(archive: Archive): Promise<void> {
  expect(await checkArchive(archive, searchFeeNanoUsd)).toEqual([])
}

it('is sound after each commit of a log that comes a line at a time, and ends as if it had come at once', async () => {
  const source = makeSource()
  const archive = await makeArchive()
  const store = storeOf(archive.archive, settleByFormat)
  let waiting = begin(source)
  while (waiting.length > 0) {
    const parts = waiting.map(nextPart)
    const results = await store.commit(parts, { webSearchFee: searchFeeNanoUsd, now: Date.UTC(2026, 7, 1) })
    for (const [at, growing] of waiting.entries()) growing.revision = results[at]?.revision ?? null
    await expectSound(archive.archive)
    waiting = waiting.filter(({ lines }) => lines.length > 0)
  }
  expect(differences(await archive.dump(), await freshDump([source]))).toEqual({})
  archive.close()
})
