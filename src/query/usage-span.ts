import type { EpochMs } from '../base/index.ts'
import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { int, select, str } from './ask.ts'
import { binnedTally, binnedUsage } from './binned-usage.ts'
import type { Filters } from './filters.ts'
import { addToSum, emptySum } from './tally.ts'
import type { UsageDimension, UsageGroup, UsageSums } from './usage-report.ts'
import { sumsOf, usageGroups, usageReport } from './usage-report.ts'
import { binMs, dayOf, hourOf, startOfDay, weekdayOf } from './zone.ts'
import { sql } from './sql.ts'

/** The sums of a span with what they came from. */
export interface UsageSpan extends UsageSums {
  readonly from: string | null
  readonly before: string | null
  readonly sessions: number
  /** Days of the zone with a charge. */
  readonly activeDays: number
  readonly responses: number
}

/** What the window was charged. @throws AgentsviewError `store.*` */
export async function usageSpan(ask: Ask, filters: Filters, timezone: string): Promise<UsageSpan> {
  const [counted, { periods, totals }] = await Promise.all([
    select(
      ask,
      { sessions: [sql`count(DISTINCT session)`, int], responses: [sql`sum(charged)`, int] },
      sql`FROM binned`,
      binnedUsage(filters, false),
    ),
    usageReport(ask, { unit: 'day', filters, by: [], timezone }),
  ])
  const { from, before } = filters.window
  return {
    from: toRfc3339(from),
    before: toRfc3339(before),
    sessions: counted[0]?.sessions ?? 0,
    activeDays: periods.length,
    responses: counted[0]?.responses ?? 0,
    ...totals,
  }
}

/**
 * The window of the same length that ends where this one begins; an open end is now.
 * @returns null for a window without a beginning
 */
export function windowBefore(window: Filters['window'], now: EpochMs): Filters['window'] | null {
  if (window.from === null) return null
  const length = Math.max(1, (window.before ?? now) - window.from)
  return { from: window.from - length, before: window.from }
}

/** Sums by two dimensions at once, and by each alone; dearest first. */
export interface UsageMatrix {
  readonly rows: readonly (UsageSums & { readonly value: string | null })[]
  readonly cols: readonly (UsageSums & { readonly value: string | null })[]
  /** Cells without usage are left out. */
  readonly cells: readonly (UsageSums & { readonly row: string | null; readonly col: string | null })[]
  readonly totals: UsageSums
}

/** Usage as a table of two dimensions. @throws AgentsviewError `store.*` */
export async function usageMatrix(
  ask: Ask,
  filters: Filters,
  row: UsageDimension,
  col: UsageDimension,
): Promise<UsageMatrix> {
  const [cells, rows, cols] = await Promise.all([
    usageGroups(ask, filters, [row, col]),
    usageGroups(ask, filters, [row]),
    usageGroups(ask, filters, [col]),
  ])
  return {
    rows: rows.groups.map((group) => ({ value: group[row] ?? null, ...plainSums(group) })),
    cols: cols.groups.map((group) => ({ value: group[col] ?? null, ...plainSums(group) })),
    cells: cells.groups.map((group) => ({ row: group[row] ?? null, col: group[col] ?? null, ...plainSums(group) })),
    totals: cells.totals,
  }
}

/** The sums of a group without the names of its dimensions. */
export function plainSums(group: UsageGroup): UsageSums {
  const { machine: _m, remote: _r, project: _p, agent: _a, model: _o, ...sums } = group
  return sums
}

/** One hour of the day on one day of the week. */
export interface UsageHour {
  /** 0 is Monday. */
  readonly weekday: number
  readonly hour: number
  readonly responses: number
  readonly totalTokens: number
  readonly totalCost: number | null
  readonly totalCostNanoUSD: number | null
}

/** Usage by hour and weekday of the zone; empty hours are left out. @throws AgentsviewError `store.*` */
export async function usageHours(
  ask: Ask,
  filters: Filters,
  timezone: string,
): Promise<{ readonly cells: readonly UsageHour[]; readonly totals: UsageSums }> {
  const rows = await select(
    ask,
    { bin: [sql`time / ${sql.raw(String(binMs))}`, int], model: [sql`model`, str], ...binnedTally },
    sql`FROM binned GROUP BY 1, 2`,
    binnedUsage(filters, true),
  )
  const cells = new Map<number, { sum: typeof emptySum; responses: number }>()
  let whole = emptySum
  for (const { bin, model, ...tally } of rows) {
    const place = weekdayOf(dayOf(bin * binMs, timezone)) * 24 + hourOf(bin * binMs, timezone)
    const cell = cells.get(place) ?? { sum: emptySum, responses: 0 }
    cells.set(place, { sum: addToSum(cell.sum, model, tally), responses: cell.responses + tally.rows })
    whole = addToSum(whole, model, tally)
  }
  return {
    cells: [...cells]
      .toSorted(([one], [other]) => one - other)
      .map(([place, { sum, responses }]) => {
        const { totalTokens, totalCost, totalCostNanoUSD } = sumsOf(sum)
        return {
          weekday: Math.floor(place / 24),
          hour: place % 24,
          responses,
          totalTokens,
          totalCost,
          totalCostNanoUSD,
        }
      }),
    totals: sumsOf(whole),
  }
}

/** The window of one calendar year of a zone. */
export function windowOfYear(year: number, timezone: string): Filters['window'] {
  return { from: startOfDay(`${year}-01-01`, timezone), before: startOfDay(`${year + 1}-01-01`, timezone) }
}

/** Years of the zone with usage, newest first. @throws AgentsviewError `store.*` */
export async function usageYears(ask: Ask, filters: Filters, timezone: string): Promise<readonly number[]> {
  const window = { from: null, before: null }
  const { periods } = await usageReport(ask, { unit: 'month', filters: { ...filters, window }, by: [], timezone })
  return [...new Set(periods.map(({ period }) => Number(period.slice(0, 4))))].toReversed()
}
