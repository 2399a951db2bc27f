import { spawnSync } from 'node:child_process'

import { afterEach, expect, it } from 'vitest'

import { settleByFormat } from '../../src/ingest/index.ts'
import type { Archive } from '../../src/store/index.ts'
import { storeOf } from '../../src/store/index.ts'
import { describeEngines, withHome } from '../store/engines.ts'
import type { Home } from '../store/engines.ts'
import { differences } from '../sync/dump.ts'
import { allObjects, longLog } from '../sync/fixture-objects.ts'
import { freshDump, makeSource, runSync } from '../sync/synced-archive.ts'

const homes: Home[] = []
afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove()
})

const wanted = (...keys: readonly string[]) =>
  keys.map((key) => ({ remote: 'memory', bucket: 'bucket', key, revision: null }))
const keysOf = (objects: readonly { readonly key: string }[]): readonly string[] => objects.map(({ key }) => key)
const claimsIn = async (archive: Archive): Promise<number> =>
  Number((await archive.driver.all({ sql: 'SELECT count(*) FROM claims', args: [] }))[0]?.[0])
const change = (archive: Archive, sql: string, args: readonly (string | number)[]): Promise<void> =>
  archive.driver.transaction((open) => open.run([{ sql, args }]))

describeEngines('claims', (engine) => {
  const inHome = async <T>(work: (archive: Archive, home: Home) => Promise<T>): Promise<T> => {
    const home = await engine.make()
    homes.push(home)
    return await withHome(home, (archive) => work(archive, home))
  }
  const claimsOf = (archive: Archive) => storeOf(archive, settleByFormat).claims()

  it('give each object to one collector, until it is done with it', () =>
    inHome(async (archive) => {
      const first = claimsOf(archive)
      const second = claimsOf(archive)
      expect(keysOf(await first.take(wanted('a', 'b', 'c'), []))).toEqual(['a', 'b', 'c'])
      expect(keysOf(await second.take(wanted('b', 'c', 'd'), []))).toEqual(['d'])
      expect(keysOf(await first.take(wanted('e'), wanted('a', 'b')))).toEqual(['e'])
      expect(keysOf(await second.take(wanted('a', 'b', 'c'), []))).toEqual(['a', 'b'])
      await first.release()
      expect(keysOf(await second.take(wanted('c', 'e'), []))).toEqual(['c', 'e'])
      await second.release()
      expect(await claimsIn(archive)).toBe(0)
    }))

  it('of a dead process of this host are free at once', () =>
    inHome(async (archive) => {
      const dead = claimsOf(archive)
      await dead.take(wanted('a'), [])
      const { pid } = spawnSync(process.execPath, ['-e', ''])
      await change(archive, 'UPDATE claims SET pid = ?', [pid])
      expect(keysOf(await claimsOf(archive).take(wanted('a'), []))).toEqual(['a'])
    }))

  it('of an earlier process with the same id are free at once', () =>
    inHome(async (archive) => {
      await claimsOf(archive).take(wanted('a'), [])
      await change(archive, `UPDATE claims SET owner = 'an earlier one'`, [])
      expect(keysOf(await claimsOf(archive).take(wanted('a'), []))).toEqual(['a'])
    }))

  it('of another host hold until a minute has passed without a renewal', () =>
    inHome(async (archive) => {
      await claimsOf(archive).take(wanted('a'), [])
      await change(archive, `UPDATE claims SET owner = 'far away', host = 'elsewhere', pid = 1`, [])
      const later = claimsOf(archive)
      expect(await later.take(wanted('a'), [])).toEqual([])
      await change(archive, 'UPDATE claims SET expires_at = expires_at - 60000', [])
      expect(keysOf(await later.take(wanted('a'), []))).toEqual(['a'])
    }))

  it('are refused for an object that somebody has read on since it was planned', () =>
    inHome(async (archive) => {
      const source = makeSource()
      source.bucket.put('ann/raw/claude/projects/-x/one.jsonl', longLog('one', 3, 10))
      await runSync(archive, [source])
      const [object] = wanted('ann/raw/claude/projects/-x/one.jsonl')
      if (object === undefined) throw new Error('nothing wanted')
      expect(await claimsOf(archive).take([object], [])).toEqual([])
      expect((await claimsOf(archive).take([{ ...object, revision: 1 }], [])).length).toBe(1)
    }))

  it('are neither taken nor left behind by a sync without news', () =>
    inHome(async (archive) => {
      const source = makeSource()
      for (const [key, bytes] of allObjects()) source.bucket.put(key, bytes)
      let taken = 0
      const counting = {
        store: (store: ReturnType<typeof storeOf>) => ({
          ...store,
          claims: () => {
            const claims = store.claims()
            const take: typeof claims.take = (objects, done) => {
              taken += 1
              return claims.take(objects, done)
            }
            return { ...claims, take }
          },
        }),
      }
      await runSync(archive, [source], counting)
      expect(taken).toBe(1)
      expect(await claimsIn(archive)).toBe(0)
      await runSync(archive, [source], counting)
      expect(taken).toBe(1)
    }))

  it('are released by a run that is interrupted, and by one that fails', () =>
    inHome(async (archive) => {
      const source = makeSource()
      for (const [key, bytes] of allObjects()) source.bucket.put(key, bytes)
      const stop = new AbortController()
      source.bucket.hooks.onOpen = () => stop.abort()
      expect((await runSync(archive, [source], { signal: stop.signal })).cancelled).toBe(true)
      expect(await claimsIn(archive)).toBe(0)
      source.bucket.hooks.onOpen = () => {
        throw new Error('a bug')
      }
      await expect(runSync(archive, [source])).rejects.toThrow('a bug')
      expect(await claimsIn(archive)).toBe(0)
    }))

  it(
    'let four collectors share the work of one bucket while it grows',
    () =>
      inHome(async (_archive, home) => {
        const objects = [...allObjects(), ...many()]
        const buckets = Array.from({ length: 4 }, () => makeSource({}, { pageSize: 20 }))
        let left = 0
        for (const share of [0.3, 0.3, 0.7, 1, 1]) {
          for (const { bucket } of buckets) {
            for (const [key, bytes] of objects) bucket.put(key, bytes.subarray(0, Math.round(bytes.length * share)))
          }
          const runs = await Promise.all(
            buckets.map((source) => withHome(home, (archive) => runSync(archive, [source]))),
          )
          expect(runs.map(({ ok }) => ok)).toEqual([true, true, true, true])
          left += runs.flatMap(({ remotes }) => remotes.flatMap(({ notices }) => notices)).length
        }
        expect(left).toBeGreaterThan(0)
        const [source] = buckets
        if (source === undefined) throw new Error('no bucket')
        expect(differences(await home.dump(), await freshDump([source]))).toEqual({})
      }),
    120_000,
  )
})

function many(): readonly (readonly [string, Buffer])[] {
  return Array.from({ length: 150 }, (_, at) => [
    `many/m${at % 5}/raw/claude/projects/-x/many-${at}.jsonl`,
    longLog(`many-${at}`, 5, 200),
  ])
}
