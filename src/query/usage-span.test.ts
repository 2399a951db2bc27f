import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { TestArchive } from '../../test/filled-archive.ts'
import { makeTestArchive, noon } from '../../test/filled-archive.ts'
import type { Ask } from './ask.ts'
import { noFilters } from './filters.ts'
import { usageGroups, usageReport } from './usage-report.ts'
import { plainSums, usageHours, usageMatrix, usageSpan } from './usage-span.ts'

let test: TestArchive
beforeEach(async () => {
  test = await makeTestArchive()
})
afterEach(() => test.close())

const hourMs = 3_600_000

describe('usage of a span', () => {
  it('tells hours of the week as the clocks of the zone show them, also for times no log should tell', async () => {
    // Noon in UTC is a Saturday; 1999-12-31 was a Friday.
    const odd = Date.parse('1999-12-31T23:40:00Z')
    await test.add({
      nativeId: 's',
      usage: [
        { input: 1, at: noon },
        { input: 2, at: noon + 20 * 60_000 },
        { input: 4, at: noon + 40 * 60_000, model: 'haiku' },
        { input: 8, at: odd },
      ],
    })
    const hours = async (zone: string) =>
      (await usageHours(test.archive.driver, noFilters, zone)).cells.map(
        ({ weekday, hour, responses, totalTokens }) => [weekday, hour, responses, totalTokens],
      )
    expect(await hours('UTC')).toEqual([
      [4, 23, 1, 8],
      [5, 12, 3, 7],
    ])
    expect(await hours('Asia/Kolkata')).toEqual([
      [5, 5, 1, 8],
      [5, 17, 2, 3],
      [5, 18, 1, 4],
    ])
  })

  it('gives the same sums in a table of two dimensions as by each alone', async () => {
    await test.add({ nativeId: 'a', machine: 'one', usage: [{ input: 1 }, { input: 2, model: 'haiku', at: noon + 1 }] })
    await test.add({ nativeId: 'b', machine: 'two', usage: [{ input: 4 }, { input: 8, model: 'haiku', at: noon + 1 }] })
    const { driver } = test.archive
    const table = await usageMatrix(driver, noFilters, 'machine', 'model')
    const machines = await usageGroups(driver, noFilters, ['machine'])
    const models = await usageGroups(driver, noFilters, ['model'])
    expect(table.rows).toEqual(machines.groups.map((group) => ({ value: group.machine, ...plainSums(group) })))
    expect(table.cols).toEqual(models.groups.map((group) => ({ value: group.model, ...plainSums(group) })))
    expect(table.cells.map(({ row, col, inputTokens }) => `${row} ${col} ${inputTokens}`).toSorted()).toEqual([
      'one haiku 2',
      'one opus 1',
      'two haiku 8',
      'two opus 4',
    ])
    expect(table.totals).toEqual(machines.totals)
  })

  it('counts sessions and responses within the window, to the millisecond', async () => {
    await test.add({ nativeId: 'a', usage: [{ input: 1 }, { input: 2, at: noon + 1 }] })
    await test.add({ nativeId: 'b', usage: [{ input: 4, at: noon + hourMs }] })
    const filters = { ...noFilters, window: { from: noon + 1, before: noon + hourMs } }
    expect(await usageSpan(test.archive.driver, filters, 'UTC')).toMatchObject({
      sessions: 1,
      responses: 1,
      activeDays: 1,
      inputTokens: 2,
    })
  })

  it('sums rows as the index gives them, without looking one up or sorting them', async () => {
    const asked: string[] = []
    const plans: Ask = {
      all: async ({ sql, args }) => {
        const plan = await test.archive.driver.all({ sql: `EXPLAIN QUERY PLAN ${sql}`, args })
        asked.push(...plan.map((row) => String(row[3])))
        return []
      },
    }
    await usageReport(plans, { unit: 'day', filters: noFilters, by: ['machine'], timezone: 'Europe/Berlin' })
    expect(asked).toContain('SEARCH u USING COVERING INDEX usage_by_owner (owner_id=?)')
    expect(asked.indexOf('SCAN binned')).toBeGreaterThan(0)
    expect(asked.slice(0, asked.indexOf('SCAN binned')).join('\n')).not.toContain('TEMP B-TREE')
  })
})
