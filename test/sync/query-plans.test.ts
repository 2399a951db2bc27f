import { expect, it } from 'vitest'

import { settleByFormat, sync } from '../../src/ingest/index.ts'
import { priceTable } from '../../src/pricing/index.ts'
import type { Archive } from '../../src/store/index.ts'
import { storeOf } from '../../src/store/index.ts'
import { allObjects } from './fixture-objects.ts'
import { makeArchive, makeSource } from './synced-archive.ts'

/** Tables that grow with the logs: what reads one of them whole makes each commit dearer than the one before. */
const growing =
  /\bSCAN (objects|sessions|messages|tool_calls|tool_results|usage|marks|outputs|bad_lines|o|s|m|c|p|u|k|own|other)\b/

/** What may read all rows of a table: it is asked for once a run, not for each commit. */
const onceARun = [/FROM objects WHERE remote = \?/, /SELECT DISTINCT machine, cwd FROM sessions/]

it('no commit reads a whole table, so that its cost follows what is new', async () => {
  const asked = new Set<string>()
  const filled = await makeArchive()
  try {
    const { archive } = filled
    const watched: Archive = {
      ...archive,
      driver: {
        ...archive.driver,
        transaction: (work) =>
          archive.driver.transaction((open) =>
            work({
              all: (statement) => {
                asked.add(statement.sql)
                return open.all(statement)
              },
              run: (statements) => {
                for (const statement of statements) if ('sql' in statement) asked.add(statement.sql)
                return open.run(statements)
              },
            }),
          ),
      },
    }
    const { bucket, source } = makeSource()
    const objects = allObjects()
    const deps = {
      store: storeOf(watched, settleByFormat),
      prices: priceTable(),
      now: () => Date.UTC(2026, 7, 1),
      signal: new AbortController().signal,
      onEvent: () => undefined,
    }
    const wishes = { full: false, dryRun: false, failFast: false, machines: null, modifiedSince: null, maxBytes: null }
    // Half of each first, so that appends and re-reads are among what is asked.
    for (const share of [0.5, 1]) {
      for (const [key, bytes] of objects) bucket.put(key, bytes.subarray(0, Math.ceil(bytes.length * share)))
      await sync([source], wishes, deps)
    }
    await sync([source], { ...wishes, full: true }, deps)

    expect(asked.size).toBeGreaterThan(30)
    const whole: string[] = []
    for (const sql of asked) {
      if (onceARun.some((known) => known.test(sql))) continue
      const plan = await archive.driver.all({ sql: `EXPLAIN QUERY PLAN ${sql}`, args: [] })
      const scans = plan.map((row) => String(row[3])).filter((step) => growing.test(step))
      if (scans.length > 0) whole.push(`${scans.join('; ')}\n${sql}`)
    }
    expect(whole).toEqual([])
  } finally {
    filled.close()
  }
})
