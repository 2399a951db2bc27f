import type { Answer, ApiTokens, Page } from './common.ts'

/** What one model adds to a span. */
export interface ApiModelBreakdown {
  readonly modelName: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationTokens: number
  readonly cacheReadTokens: number
  readonly cost: number | null
  readonly costNanoUSD: number | null
}

/** Tokens and money of a span, a group or the whole; money is null when nothing in it has a price. */
export interface ApiUsageSums extends ApiTokens {
  readonly totalCost: number | null
  readonly totalCostNanoUSD: number | null
  readonly unpricedModels: readonly string[]
}

/** What usage can be split by (`by`, `rows`, `cols`). */
export type ApiDimension = 'machine' | 'remote' | 'project' | 'agent' | 'model'

/** The sums of one combination of dimensions, which stand beside them by name. */
export interface ApiUsageGroup extends ApiUsageSums {
  readonly machine?: string | null | undefined
  readonly remote?: string | null | undefined
  readonly project?: string | null | undefined
  readonly agent?: string | null | undefined
  readonly model?: string | null | undefined
}

export interface ApiUsagePeriod extends ApiUsageSums {
  /** `YYYY-MM-DD` of the day or of the week's Monday; `YYYY-MM` of the month. Spans without usage are left out. */
  readonly period: string
  readonly modelsUsed: readonly string[]
  readonly modelBreakdowns: readonly ApiModelBreakdown[]
  /** There when `by` was given. */
  readonly groups?: readonly ApiUsageGroup[] | undefined
}

export interface ApiUsageTotals extends ApiUsageSums {
  readonly groups?: readonly ApiUsageGroup[] | undefined
}

/** `GET /usage/daily` */
export interface UsageDailyAnswer extends Answer<'usageDaily'> {
  readonly daily: readonly ApiUsagePeriod[]
  readonly totals: ApiUsageTotals
  readonly timezone: string
}
/** `GET /usage/weekly` */
export interface UsageWeeklyAnswer extends Answer<'usageWeekly'> {
  readonly weekly: readonly ApiUsagePeriod[]
  readonly totals: ApiUsageTotals
  readonly timezone: string
}
/** `GET /usage/monthly` */
export interface UsageMonthlyAnswer extends Answer<'usageMonthly'> {
  readonly monthly: readonly ApiUsagePeriod[]
  readonly totals: ApiUsageTotals
  readonly timezone: string
}

/** The sums of a span with what they came from. */
export interface ApiSpan extends ApiUsageSums {
  /** First moment, and the first moment after it; null is open. */
  readonly from: string | null
  readonly before: string | null
  /** Sessions that were charged something, subagents among them. */
  readonly sessions: number
  /** Days of the zone with a charge. */
  readonly activeDays: number
  readonly responses: number
}

/** `GET /usage/totals`: the span asked for, and the one of the same length before it (null without `since`). */
export interface UsageTotalsAnswer extends Answer<'usageTotals'> {
  readonly span: ApiSpan
  readonly previous: ApiSpan | null
  readonly timezone: string
}

/** `GET /usage/matrix?rows=machine&cols=model`: dearest rows and columns first; cells without usage are left out. */
export interface UsageMatrixAnswer extends Answer<'usageMatrix'> {
  readonly rowDimension: ApiDimension
  readonly colDimension: ApiDimension
  readonly rows: readonly (ApiUsageSums & { readonly value: string | null })[]
  readonly cols: readonly (ApiUsageSums & { readonly value: string | null })[]
  readonly cells: readonly (ApiUsageSums & { readonly row: string | null; readonly col: string | null })[]
  readonly totals: ApiUsageSums
}

/** `GET /usage/heatmap?year=`: days of one calendar year that have usage. */
export interface UsageHeatmapAnswer extends Answer<'usageHeatmap'> {
  readonly year: number
  /** Years with usage, newest first. */
  readonly years: readonly number[]
  readonly days: readonly {
    readonly day: string
    readonly totalTokens: number
    readonly totalCost: number | null
    readonly totalCostNanoUSD: number | null
  }[]
  readonly totals: ApiUsageSums
  readonly timezone: string
}

/** `GET /usage/hours`: by hour of the day and day of the week in the zone; empty ones are left out. */
export interface UsageHoursAnswer extends Answer<'usageHours'> {
  readonly cells: readonly {
    /** 0 is Monday. */
    readonly weekday: number
    readonly hour: number
    readonly responses: number
    readonly totalTokens: number
    readonly totalCost: number | null
    readonly totalCostNanoUSD: number | null
  }[]
  readonly totals: ApiUsageSums
  readonly timezone: string
}

/** What one session was charged within the window. */
export interface ApiSessionCost extends ApiUsageSums {
  readonly sessionId: string
  readonly agent: string
  readonly machine: string
  readonly remote: string
  readonly project: string | null
  readonly title: string
  readonly lastActivity: string | null
  readonly modelsUsed: readonly string[]
  readonly modelBreakdowns: readonly ApiModelBreakdown[]
}

/** `GET /usage/sessions`: dearest first. */
export interface UsageSessionsAnswer extends Answer<'usageSessions'>, Page {
  readonly sessions: readonly ApiSessionCost[]
  readonly totals: ApiUsageSums
}

/** How well caches served one machine or model. */
export interface ApiCacheRow extends ApiUsageSums {
  readonly value: string | null
  /** Share of the shown tokens that a cache served, 0 to 1; null when none were shown. */
  readonly hitRate: number | null
  /** Tokens read from caches for each token written to them; null when none were written. */
  readonly readsPerWrite: number | null
}

/** `GET /usage/cache?by=machine` (or any other dimension) */
export interface UsageCacheAnswer extends Answer<'usageCache'> {
  readonly dimension: ApiDimension
  readonly rows: readonly ApiCacheRow[]
  readonly totals: ApiCacheRow
}

/** `GET /tools`: the most used first. */
export interface ToolsAnswer extends Answer<'toolList'> {
  readonly tools: readonly {
    readonly name: string
    readonly category: string
    readonly calls: number
    readonly errors: number
    readonly sessions: number
  }[]
  readonly totals: { readonly calls: number; readonly errors: number }
}
