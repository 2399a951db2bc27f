import { afterEach, describe, expect, it } from 'vitest'

import { settleByFormat } from '../../src/ingest/index.ts'
import { searchFeeNanoUsd } from '../../src/pricing/index.ts'
import type { RenamedMachine } from '../../src/store/index.ts'
import { checkArchive, renameMachine, storeOf } from '../../src/store/index.ts'
import { differences } from './dump.ts'
import { allObjects, demoObjects } from './fixture-objects.ts'
import type { SyncedArchive, TestSource } from './synced-archive.ts'
import { freshDump, makeArchive, makeSource, sourceWith } from './synced-archive.ts'

let archive: SyncedArchive | null = null
afterEach(() => archive?.close())

const filled = async (objects: ReadonlyMap<string, Buffer>): Promise<[SyncedArchive, TestSource]> => {
  archive = await makeArchive()
  const source = makeSource()
  for (const [key, bytes] of objects) source.bucket.put(key, bytes)
  await archive.sync([source])
  return [archive, source]
}
const renamed = (synced: SyncedArchive, from: string, to: string): Promise<RenamedMachine> =>
  renameMachine(synced.archive, from, to, { settle: settleByFormat, webSearchFee: searchFeeNanoUsd })

/** The archive after a rename, and a sync by the new rules, held against a clean sync by them. */
const expectAsFresh = async (synced: SyncedArchive, source: TestSource, rename: Readonly<Record<string, string>>) => {
  const rules = Object.entries(rename).map(([from, to]) => ({ from, to }))
  const now = sourceWith(source, { rename: rules })
  const { totals } = await synced.sync([now])
  expect(totals.requests.get).toBe(0)
  expect(differences(await synced.dump(), await freshDump([now]))).toEqual({})
  expect(await checkArchive(synced.archive, searchFeeNanoUsd)).toEqual([])
}
const machinesOf = async (synced: SyncedArchive): Promise<readonly string[]> =>
  (await synced.archive.driver.all({ sql: 'SELECT name FROM machines ORDER BY name', args: [] })).map(([name]) =>
    String(name),
  )

describe('a renamed machine', () => {
  it('leaves the archive as a clean sync under its new name fills it, without reading anything again', async () => {
    const [synced, source] = await filled(demoObjects())
    const machines = await machinesOf(synced)
    expect(machines.length).toBeGreaterThan(2)
    const rename: Record<string, string> = {}
    for (const [at, machine] of machines.entries()) {
      // Before and after all others, so that where a name decides it decides otherwise.
      const to = at % 2 === 0 ? `zz-${machine}` : `AA ${machine}`
      const { objects, sessions } = await renamed(synced, machine, to)
      expect([objects > 0, sessions > 0]).toEqual([true, true])
      rename[machine] = to
      await expectAsFresh(synced, source, rename)
    }
    expect(await machinesOf(synced)).toEqual(Object.values(rename).toSorted())
  })

  it('keeps what is gone from the bucket, under the new name', async () => {
    const [synced, source] = await filled(demoObjects())
    const [machine = ''] = await machinesOf(synced)
    for (const key of demoObjects().keys()) if (key.includes(`/${machine}/raw/`)) source.bucket.delete(key)
    await synced.sync([source])
    const { sessions } = await renamed(synced, machine, 'old-box')
    expect(sessions).toBeGreaterThan(0)
    await synced.sync([sourceWith(source, { rename: [{ from: machine, to: 'old-box' }] })])
    const left = await synced.archive.driver.all({ sql: 'SELECT DISTINCT machine FROM sessions', args: [] })
    expect(left.flat()).toContain('old-box')
    expect(left.flat()).not.toContain(machine)
  })

  it('goes on where it was when its objects grow', async () => {
    const [synced, source] = await filled(demoObjects())
    const [machine = ''] = await machinesOf(synced)
    await renamed(synced, machine, 'box')
    const [key = '', bytes = Buffer.alloc(0)] =
      [...demoObjects()].find(([name]) => name.includes(`/${machine}/raw/`) && name.endsWith('.jsonl')) ?? []
    source.bucket.put(key, Buffer.concat([bytes, Buffer.from('{"type":"summary","summary":"more"}\n')]))
    const now = sourceWith(source, { rename: [{ from: machine, to: 'box' }] })
    const { totals } = await synced.sync([now])
    expect(totals.objects).toMatchObject({ appended: 1, reread: 0 })
    expect(differences(await synced.dump(), await freshDump([now]))).toEqual({})
  })
})

describe('machines that become one', () => {
  it('are what a clean sync under one name gives: the same session in two places is one', async () => {
    const [synced, source] = await filled(allObjects())
    const machines = await machinesOf(synced)
    const rename: Record<string, string> = {}
    const [first = '', ...others] = machines
    for (const machine of others) {
      await renamed(synced, machine, first)
      rename[machine] = first
    }
    await expectAsFresh(synced, source, rename)
    expect(await machinesOf(synced)).toEqual([first])
  })

  it('are so two by two', async () => {
    const machines = ['ci-runner', 'gpu-3', 'laptop']
    for (const from of machines) {
      for (const to of machines.filter((name) => name !== from)) {
        const [synced, source] = await filled(demoObjects())
        await renamed(synced, from, to)
        await expectAsFresh(synced, source, { [from]: to })
        synced.close()
      }
    }
    archive = null
  })
})

it('is refused while a collector reads, and changes nothing', async () => {
  const [synced, source] = await filled(demoObjects())
  const before = await synced.dump()
  const [machine = ''] = await machinesOf(synced)
  const claims = storeOf(synced.archive, settleByFormat).claims()
  await claims.take([{ remote: source.source.name, bucket: 'b', key: 'k', revision: null }], [])
  await expect(renamed(synced, machine, 'box')).rejects.toMatchObject({ code: 'usage.running' })
  expect(differences(await synced.dump(), before)).toEqual({})
  await claims.release()
  await renamed(synced, machine, 'box')
  expect(await machinesOf(synced)).toContain('box')
})
