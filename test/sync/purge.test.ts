import { afterEach, beforeEach, expect, it } from 'vitest'

import { settleByFormat } from '../../src/ingest/index.ts'
import { searchFeeNanoUsd } from '../../src/pricing/index.ts'
import type { Purged } from '../../src/store/index.ts'
import { checkArchive, purgeRemote } from '../../src/store/index.ts'
import { differences } from './dump.ts'
import { allObjects } from './fixture-objects.ts'
import type { SyncedArchive, TestSource } from './synced-archive.ts'
import { freshDump, makeArchive, makeSource } from './synced-archive.ts'

let archive: SyncedArchive
let one: TestSource
let two: TestSource
beforeEach(async () => {
  archive = await makeArchive()
  one = makeSource({ name: 'one', quickPass: { fullEveryMs: 1000, days: 7 } })
  two = makeSource({ name: 'two' })
})
afterEach(() => archive.close())

const purge = (remote: string): Promise<Purged> =>
  purgeRemote(archive.archive, remote, { settle: settleByFormat, webSearchFee: searchFeeNanoUsd })

/** Every third object stands in one remote alone, every third in the other, and every third in both, cut in one. */
function share(): void {
  for (const [at, [key, bytes]] of [...allObjects()].entries()) {
    if (at % 3 !== 0) one.bucket.put(key, at % 2 === 0 ? bytes : bytes.subarray(0, Math.floor(bytes.length * 0.7)))
    if (at % 3 !== 1) two.bucket.put(key, bytes)
  }
}

it.each([
  ['one', 'two'],
  ['two', 'one'],
])('leaves the archive as if the remote "%s" had never been read', async (gone, left) => {
  share()
  expect((await archive.sync([one, two])).ok).toBe(true)
  const purged = await purge(gone)
  expect(purged.objects).toBeGreaterThan(20)
  expect(Math.min(purged.sessions, purged.kept)).toBeGreaterThan(5)
  expect(differences(await archive.dump(), await freshDump([left === 'one' ? one : two]))).toEqual({})
  expect(await checkArchive(archive.archive, searchFeeNanoUsd)).toEqual([])
  for (const table of ['objects', 'claims']) {
    const rows = await archive.archive.driver.all({ sql: `SELECT 1 FROM ${table} WHERE remote = ?`, args: [gone] })
    expect(rows).toEqual([])
  }
  const runs = await archive.archive.driver.all({ sql: `SELECT summary FROM sync_runs`, args: [] })
  expect(runs.map(([summary]) => String(summary).includes(`"name":"${gone}"`))).toEqual([false])
  const kept = await archive.archive.driver.all({ sql: `SELECT key FROM meta WHERE key GLOB 'full_pass.*'`, args: [] })
  expect(kept.map(([key]) => key)).toEqual(gone === 'one' ? [] : ['full_pass.one'])
})

it('makes the archive whole again when the remote is read anew', async () => {
  share()
  await archive.sync([one, two])
  await purge('one')
  await archive.sync([one])
  expect(differences(await archive.dump(), await freshDump([one, two]))).toEqual({})
})

it('does nothing to a remote that was never read', async () => {
  one.bucket.put('m/raw/claude/projects/-a/s.jsonl', [...allObjects().values()][0] ?? '')
  await archive.sync([one])
  const before = await archive.dump()
  expect(await purge('three')).toEqual({ objects: 0, sessions: 0, kept: 0 })
  expect(differences(before, await archive.dump())).toEqual({})
})
