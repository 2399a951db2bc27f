import { afterEach, expect, it } from 'vitest'

import { priceTable, priceUsage } from '../../src/pricing/index.ts'
import { noFilters, search, usageReport } from '../../src/query/index.ts'
import { reprice } from '../../src/store/index.ts'
import { differences } from '../sync/dump.ts'
import { allObjects, longLog } from '../sync/fixture-objects.ts'
import { freshDump, makeSource, runSync } from '../sync/synced-archive.ts'
import { describeEngines, withHome } from '../store/engines.ts'
import type { Home } from '../store/engines.ts'

const homes: Home[] = []
afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove()
})

describeEngines('an archive', (engine) => {
  const make = async (): Promise<Home> => {
    const home = await engine.make()
    homes.push(home)
    return home
  }

  it('tells what every fixture says, however often and in however many steps it was read', async () => {
    const home = await make()
    const source = makeSource()
    const objects = [...allObjects()]
    await withHome(home, async (archive) => {
      for (const [key, bytes] of objects) source.bucket.put(key, bytes.subarray(0, Math.floor(bytes.length / 2)))
      await runSync(archive, [source])
      for (const [key, bytes] of objects) source.bucket.put(key, bytes)
      const summary = await runSync(archive, [source])
      expect(summary.ok).toBe(true)
      const again = await runSync(archive, [source])
      expect(again.totals.requests).toEqual({ list: 1, get: 0, head: 0 })
      await runSync(archive, [source], { wishes: { full: true } })
    })
    expect(differences(await home.dump(), await freshDump([source]))).toEqual({})
  })

  it('gives back more rows than one answer of a server holds', async () => {
    const home = await make()
    const source = makeSource()
    source.bucket.put('prod/ann/raw/claude/projects/-x/long.jsonl', longLog('long', 700, 20_000))
    await withHome(home, async (archive) => {
      await runSync(archive, [source])
      const rows = await archive.driver.all({ sql: 'SELECT "offset", text FROM messages ORDER BY "offset"', args: [] })
      expect(rows.length).toBe(1400)
      expect(rows.map(([offset]) => Number(offset))).toEqual(
        rows.map(([offset]) => Number(offset)).toSorted((a, b) => a - b),
      )
      const inside = await archive.driver.transaction((open) =>
        open.all({ sql: 'SELECT "offset", text FROM messages ORDER BY "offset"', args: [] }),
      )
      expect(inside).toEqual(rows)
    })
  })

  it('answers searches and sums, and takes new prices', async () => {
    const home = await make()
    const source = makeSource()
    for (const [key, bytes] of allObjects()) source.bucket.put(key, bytes)
    await withHome(home, async (archive) => {
      await runSync(archive, [source])
      const report = await usageReport(archive.driver, { unit: 'day', filters: noFilters, by: [], timezone: 'UTC' })
      expect(report.totals.totalTokens).toBeGreaterThan(0)
      const before = await archive.driver.all({ sql: 'SELECT sum(tokens_cost) FROM usage WHERE counts = 1', args: [] })
      await reprice(archive, 'twice', (row) => {
        const { tokensCost } = priceUsage(priceTable(), row)
        return tokensCost === null ? null : tokensCost * 2
      })
      const after = await archive.driver.all({ sql: 'SELECT sum(tokens_cost) FROM usage WHERE counts = 1', args: [] })
      expect(Number(after[0]?.[0])).toBe(2 * Number(before[0]?.[0]))
      expect((await search(archive.driver, 'the', noFilters, { limit: 5, cursor: null })).hits.length).toBe(5)
    })
  })

  it('rolls a failed transaction back whole', async () => {
    const home = await make()
    await withHome(home, async (archive) => {
      const failing = archive.driver.transaction(async (open) => {
        await open.run([{ sql: `INSERT INTO meta (key, value) VALUES ('a', 'b')`, args: [] }])
        throw new Error('half-way')
      })
      await expect(failing).rejects.toThrow('half-way')
      expect(await archive.driver.all({ sql: `SELECT * FROM meta WHERE key = 'a'`, args: [] })).toEqual([])
    })
  })

  it('lets several writers take turns', async () => {
    const home = await make()
    const add = async (name: string): Promise<void> =>
      await withHome(home, async (archive) => {
        for (let at = 0; at < 20; at += 1) {
          await archive.driver.transaction(async (open) => {
            const [row] = await open.all({ sql: 'SELECT count(*) FROM meta', args: [] })
            await open.run([
              { sql: 'INSERT INTO meta (key, value) VALUES (?, ?)', args: [`${name}-${at}`, String(row?.[0])] },
            ])
          })
        }
      })
    await withHome(home, async () => undefined)
    await Promise.all(['a', 'b', 'c'].map(add))
    await withHome(home, async (archive) => {
      const rows = await archive.driver.all({ sql: 'SELECT count(DISTINCT value), count(*) FROM meta', args: [] })
      expect(rows).toEqual([[60, 60]])
    })
  })
})
