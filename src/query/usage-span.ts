import type { EpochMs } from '../base/index.ts'
import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { all, int, select, selectOne, str } from './ask.ts'
import { binnedTally, binnedUsage } from './binned-usage.ts'
import type { Filters } from './filters.ts'
import { usageConditions, visibleSessions } from './filters.ts'
import { addToSum, emptySum } from './tally.ts'
import type { UsageDimension, UsageGroup, UsageSums } from './usage-report.ts'
import { countedReport, localOrBin, sumsOf, usageReport, usageTable } from './usage-report.ts'
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
  const charged = sql`EXISTS (SELECT 1 FROM usage u
    WHERE u.owner_id = s.id AND u.counts = 1 AND ${all(usageConditions(filters))})`
  const [sessions, { report, responses }] = await Promise.all([
    selectOne(ask, { count: [sql`count(*)`, int] }, sql`FROM ${visibleSessions} WHERE ${charged}`),
    countedReport(ask, { unit: 'day', filters, by: [], timezone }),
  ])
  const { from, before } = filters.window
  return {
    from: toRfc3339(from),
    before: toRfc3339(before),
    sessions: sessions?.count ?? 0,
    activeDays: report.periods.length,
    responses,
    ...report.totals,
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
  const { cells, rows, cols, totals } = await usageTable(ask, filters, row, col)
  return {
    rows: rows.map((group) => ({ value: group[row] ?? null, ...plainSums(group) })),
    cols: cols.map((group) => ({ value: group[col] ?? null, ...plainSums(group) })),
    cells: cells.map((group) => ({ row: group[row] ?? null, col: group[col] ?? null, ...plainSums(group) })),
    totals,
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
  // Hours since the Monday of a week, 1970-01-01 being a Thursday.
  const hourOrBin = localOrBin(timezone, (local) => sql`(${local} / 3600000 + 72) % 168`)
  const rows = await select(
    ask,
    { hour: [hourOrBin, int], model: [sql`model`, str], ...binnedTally },
    sql`FROM binned GROUP BY 1, 2`,
    binnedUsage(filters, true),
  )
  const cells = new Map<number, { sum: typeof emptySum; responses: number }>()
  let whole = emptySum
  for (const { hour, model, ...tally } of rows) {
    const place = hour < 0 ? hourOfWeek((-1 - hour) * binMs, timezone) : hour
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

function hourOfWeek(at: EpochMs, timezone: string): number {
  return weekdayOf(dayOf(at, timezone)) * 24 + hourOf(at, timezone)
}
