import type { Ask } from './ask.ts'
import { int, select, str, strOrNull } from './ask.ts'
import { binnedTally, binnedUsage } from './binned-usage.ts'
import type { Filters } from './filters.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'
import type { Sum, Tally, TokenSums } from './tally.ts'
import { addToSum, compare, costOf, dollars, emptySum, modelsByCost, tokensOf, unpricedModelsOf } from './tally.ts'
import type { Day } from './zone.ts'
import { binMs, dayOf, dayOfNumber, mondayOf, monthOf, offsetSpans, spansBefore } from './zone.ts'

export const usageUnits = ['day', 'week', 'month'] as const
/** A span of the report: a day, an ISO week (named by its Monday) or a month. */
export type UsageUnit = (typeof usageUnits)[number]

export const usageDimensions = ['machine', 'remote', 'project', 'agent', 'model'] as const
export type UsageDimension = (typeof usageDimensions)[number]

/** What one model adds to a span. */
export interface ModelBreakdown {
  readonly modelName: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationTokens: number
  readonly cacheReadTokens: number
  readonly cost: number | null
  readonly costNanoUSD: number | null
}

/** Tokens and money of a span, a group or the whole; money is null when nothing in it has a price. */
export interface UsageSums extends TokenSums {
  readonly totalCost: number | null
  readonly totalCostNanoUSD: number | null
  readonly unpricedModels: readonly string[]
}

/** The sums of one combination of dimensions, which stand beside them by name. */
export type UsageGroup = UsageSums & { readonly [dimension in UsageDimension]?: string | null }

export interface UsagePeriod extends UsageSums {
  /** `YYYY-MM-DD` of the day or of the week's Monday; `YYYY-MM` of the month. */
  readonly period: string
  readonly modelsUsed: readonly string[]
  readonly modelBreakdowns: readonly ModelBreakdown[]
  readonly groups?: readonly UsageGroup[] | undefined
}

export interface UsageReport {
  /** Earliest first; spans without usage are left out. */
  readonly periods: readonly UsagePeriod[]
  readonly totals: UsageSums & { readonly groups?: readonly UsageGroup[] | undefined }
}

/**
 * Tokens and money by day, week or month of a zone. Each charged response counts once, in the span it
 * happened in, on the machine, project and agent of the session it is booked on.
 * @param by  dimensions to split each span and the totals into; none leaves `groups` out
 * @throws AgentsviewError `store.*`
 */
export async function usageReport(ask: Ask, options: ReportOptions): Promise<UsageReport> {
  return (await countedReport(ask, options)).report
}

interface ReportOptions {
  readonly unit: UsageUnit
  readonly filters: Filters
  readonly by: readonly UsageDimension[]
  readonly timezone: string
}

/** The same, with how many responses were charged. */
export async function countedReport(
  ask: Ask,
  options: ReportOptions,
): Promise<{ readonly report: UsageReport; readonly responses: number }> {
  const { unit, filters, by, timezone } = options
  const rows = await usageRows(ask, filters, by, dayOrBin(timezone))
  const periods = new Map<string, Split>()
  const whole = newSplit()
  const names = new Map<number, string>()
  for (const row of rows) {
    let name = names.get(row.bin)
    if (name === undefined) names.set(row.bin, (name = periodOf(dayOfBin(row.bin, timezone), unit)))
    let split = periods.get(name)
    if (split === undefined) periods.set(name, (split = newSplit()))
    addRow(split, row)
    addRow(whole, row)
  }
  const inOrder = [...periods].toSorted(([one], [other]) => compare(one, other))
  const report: UsageReport = {
    periods: inOrder.map(([period, split]) => ({
      period,
      ...sumsOf(split.sum),
      modelsUsed: modelsByCost(split.sum).map(([model]) => model),
      modelBreakdowns: modelsByCost(split.sum).map(([model, tally]) => breakdownOf(model, tally)),
      ...groupsOf(split, by),
    })),
    totals: { ...sumsOf(whole.sum), ...groupsOf(whole, by) },
  }
  return { report, responses: whole.sum.total.rows }
}

/**
 * The day of a quarter of an hour in a zone, as days since 1970-01-01; for times that no span covers, a bin that never
 * lies across a midnight, negative. Grouped by bins alone, every day would come as dozens of rows.
 */
function dayOrBin(timezone: string): SQL {
  return localOrBin(timezone, (local) => sql`${local} / 86400000`)
}

/**
 * A whole number, not negative, made of what the clocks of a zone show at `time`; for times that no span covers, the
 * bin of `time`, negative: `-1 - bin`.
 * @param valueOf  of local milliseconds since 1970-01-01
 */
export function localOrBin(timezone: string, valueOf: (local: SQL) => SQL): SQL {
  // A bound number may arrive as a real, and the quotient must be whole.
  const number = (value: number): SQL => sql.raw(`(${value})`)
  const spans = offsetSpans(timezone)
  const cases = spans.map(
    ({ from, offsetMs }) => sql`WHEN time >= ${number(from)} THEN ${valueOf(sql`(time + ${number(offsetMs)})`)}`,
  )
  return sql`CASE WHEN time < ${number(spansBefore)} THEN CASE ${sql.join(cases, sql` `)}
      ELSE -1 - time / ${number(binMs)} END
    ELSE -1 - time / ${number(binMs)} END`
}

function dayOfBin(bin: number, timezone: string): Day {
  return bin < 0 ? dayOf((-1 - bin) * binMs, timezone) : dayOfNumber(bin)
}

/** Tokens and money by one or more dimensions over the whole window, dearest first. */
export async function usageGroups(
  ask: Ask,
  filters: Filters,
  by: readonly UsageDimension[],
): Promise<{ readonly groups: readonly UsageGroup[]; readonly totals: UsageSums }> {
  const whole = newSplit()
  for (const row of await usageRows(ask, filters, by, null)) addRow(whole, row)
  return { groups: groupsOf(whole, by).groups ?? [], totals: sumsOf(whole.sum) }
}

/** The same by two dimensions at once, and by each of them alone. */
export async function usageTable(
  ask: Ask,
  filters: Filters,
  row: UsageDimension,
  col: UsageDimension,
): Promise<{
  readonly cells: readonly UsageGroup[]
  readonly rows: readonly UsageGroup[]
  readonly cols: readonly UsageGroup[]
  readonly totals: UsageSums
}> {
  const [cells, rows, cols] = [newSplit(), newSplit(), newSplit()]
  for (const cell of await usageRows(ask, filters, [row, col], null)) {
    const [rowName, colName] = JSON.parse(cell.group ?? '[]') as readonly (string | null)[]
    addRow(cells, cell)
    addRow(rows, { ...cell, group: JSON.stringify([rowName]) })
    addRow(cols, { ...cell, group: JSON.stringify([colName]) })
  }
  return {
    cells: groupsOf(cells, [row, col]).groups ?? [],
    rows: groupsOf(rows, [row]).groups ?? [],
    cols: groupsOf(cols, [col]).groups ?? [],
    totals: sumsOf(cells.sum),
  }
}

/** The sums of a set of charged rows as JSON shows them. */
export function sumsOf(sum: Sum): UsageSums {
  const cost = costOf(sum.total)
  return {
    ...tokensOf(sum.total),
    totalCost: dollars(cost),
    totalCostNanoUSD: cost,
    unpricedModels: unpricedModelsOf(sum),
  }
}

/** What one model adds, as JSON shows it. */
export function breakdownOf(model: string, tally: Tally): ModelBreakdown {
  const { inputTokens, outputTokens, cacheCreationTokens, cacheReadTokens } = tally
  const cost = costOf(tally)
  return {
    modelName: model,
    inputTokens,
    outputTokens,
    cacheCreationTokens,
    cacheReadTokens,
    cost: dollars(cost),
    costNanoUSD: cost,
  }
}

type UsageRow = Tally & { readonly bin: number; readonly model: string; readonly group: string | null }

/** Charged rows summed by bin, model and dimensions. @param bin  null: one bin for all */
async function usageRows(
  ask: Ask,
  filters: Filters,
  by: readonly UsageDimension[],
  bin: SQL | null,
): Promise<readonly UsageRow[]> {
  // The columns have the names of the dimensions.
  const group = by.length === 0 ? sql`NULL` : sql.raw(`json_array(${by.join(', ')})`)
  return await select(
    ask,
    { bin: [bin ?? sql`0`, int], model: [sql`model`, str], group: [group, strOrNull], ...binnedTally },
    sql`FROM binned GROUP BY 1, 2, 3`,
    binnedUsage(filters, bin !== null),
  )
}

/** Sums of a span, whole and by group; the key of a group is the JSON of its dimensions' values. */
interface Split {
  sum: Sum
  readonly groups: Map<string, Sum>
}

function newSplit(): Split {
  return { sum: emptySum, groups: new Map() }
}

function addRow(split: Split, row: UsageRow): void {
  const { model, group } = row
  split.sum = addToSum(split.sum, model, row)
  if (group !== null) split.groups.set(group, addToSum(split.groups.get(group) ?? emptySum, model, row))
}

function groupsOf(split: Split, by: readonly UsageDimension[]): { groups?: readonly UsageGroup[] } {
  if (by.length === 0) return {}
  const groups = [...split.groups].toSorted(
    ([key, one], [otherKey, other]) =>
      (costOf(other.total) ?? -1) - (costOf(one.total) ?? -1) || compare(key, otherKey),
  )
  return {
    groups: groups.map(([key, sum]) => {
      const values = JSON.parse(key) as readonly (string | null)[]
      const names = Object.fromEntries(by.map((dimension, at) => [dimension, values[at] ?? null]))
      return { ...names, ...sumsOf(sum) }
    }),
  }
}

function periodOf(day: string, unit: UsageUnit): string {
  if (unit === 'day') return day
  return unit === 'week' ? mondayOf(day) : monthOf(day)
}
