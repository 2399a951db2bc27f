import { expect, it } from 'vitest'

import { longLineBytes } from '../../src/ingest/long-lines.ts'
import { differences } from './dump.ts'
import { longLog } from './fixture-objects.ts'
import { freshDump, makeArchive, makeSource } from './synced-archive.ts'

const longer = longLineBytes + 2 ** 20

it('has one long line in hand at a time, whatever else it reads', async () => {
  const source = makeSource()
  const long = new Map<string, number>()
  for (const name of ['one', 'two', 'three']) {
    const key = `box/raw/claude/projects/-home-ann-app/${name}.jsonl`
    long.set(key, source.bucket.put(key, longLog(name, 1, longer)).size)
  }
  for (const name of ['four', 'five']) {
    source.bucket.put(`box/raw/claude/projects/-home-ann-app/${name}.jsonl`, longLog(name, 3, 2 ** 20))
  }
  const inHand: string[] = []
  const ended: string[] = []
  source.bucket.hooks.onChunk = (key, at) => {
    const size = long.get(key)
    // A reader waits for its turn with the chunk in its hand that made its line long.
    if (size === undefined || at < longLineBytes + 2 ** 18) return
    if (!inHand.includes(key)) inHand.push(key)
    expect(inHand.filter((other) => other !== key && !ended.includes(other))).toEqual([])
    if (at + 2 ** 17 > size) ended.push(key)
  }
  const archive = await makeArchive()
  expect((await archive.sync([source])).ok).toBe(true)
  expect(inHand.toSorted()).toEqual([...long.keys()].toSorted())
  source.bucket.hooks.onChunk = undefined
  expect(differences(await archive.dump(), await freshDump([source]))).toEqual({})
  archive.close()
})
