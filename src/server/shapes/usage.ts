import type {
  ApiCacheRow,
  ApiDimension,
  ApiModelBreakdown,
  ApiSessionCost,
  ApiSpan,
  ApiUsageGroup,
  ApiUsagePeriod,
  ApiUsageSums,
  ApiUsageTotals,
  ToolsAnswer,
  UsageCacheAnswer,
  UsageDailyAnswer,
  UsageHeatmapAnswer,
  UsageHoursAnswer,
  UsageMatrixAnswer,
  UsageMonthlyAnswer,
  UsageSessionsAnswer,
  UsageTotalsAnswer,
  UsageWeeklyAnswer,
} from '../api.ts'
import { count, list, named, number, object, oneOf, optional, orNull, text, time } from '../shape.ts'
import { kind, pageFields, texts, tokenFields } from './common.ts'

const money = { totalCost: orNull(number), totalCostNanoUSD: orNull(count) }
const sumFields = { ...tokenFields, ...money, unpricedModels: texts }
const sums = named('UsageSums', object<ApiUsageSums>(sumFields))
const value = orNull(text)

export const modelBreakdown = named(
  'ModelBreakdown',
  object<ApiModelBreakdown>({
    modelName: text,
    inputTokens: count,
    outputTokens: count,
    cacheCreationTokens: count,
    cacheReadTokens: count,
    cost: orNull(number),
    costNanoUSD: orNull(count),
  }),
)

const group = named(
  'UsageGroup',
  object<ApiUsageGroup>({
    ...sumFields,
    machine: optional(value),
    remote: optional(value),
    project: optional(value),
    agent: optional(value),
    model: optional(value),
  }),
)

const period = named(
  'UsagePeriod',
  object<ApiUsagePeriod>({
    period: text,
    ...sumFields,
    modelsUsed: texts,
    modelBreakdowns: list(modelBreakdown),
    groups: optional(list(group)),
  }),
)
const totals = named('UsageTotals', object<ApiUsageTotals>({ ...sumFields, groups: optional(list(group)) }))

export const usageDaily = object<UsageDailyAnswer>({
  ...kind('usageDaily'),
  daily: list(period),
  totals,
  timezone: text,
})
export const usageWeekly = object<UsageWeeklyAnswer>({
  ...kind('usageWeekly'),
  weekly: list(period),
  totals,
  timezone: text,
})
export const usageMonthly = object<UsageMonthlyAnswer>({
  ...kind('usageMonthly'),
  monthly: list(period),
  totals,
  timezone: text,
})

const span = named(
  'UsageSpan',
  object<ApiSpan>({
    from: orNull(time),
    before: orNull(time),
    ...sumFields,
    sessions: count,
    activeDays: count,
    responses: count,
  }),
)
export const usageTotals = object<UsageTotalsAnswer>({
  ...kind('usageTotals'),
  span,
  previous: orNull(span),
  timezone: text,
})

export const dimension = oneOf<ApiDimension>('machine', 'remote', 'project', 'agent', 'model')
export const usageMatrix = object<UsageMatrixAnswer>({
  ...kind('usageMatrix'),
  rowDimension: dimension,
  colDimension: dimension,
  rows: list(object({ value, ...sumFields })),
  cols: list(object({ value, ...sumFields })),
  cells: list(object({ row: value, col: value, ...sumFields })),
  totals: sums,
})

export const usageHeatmap = object<UsageHeatmapAnswer>({
  ...kind('usageHeatmap'),
  year: count,
  years: list(count),
  days: list(object({ day: text, totalTokens: count, ...money })),
  totals: sums,
  timezone: text,
})

export const usageHours = object<UsageHoursAnswer>({
  ...kind('usageHours'),
  cells: list(object({ weekday: count, hour: count, responses: count, totalTokens: count, ...money })),
  totals: sums,
  timezone: text,
})

const sessionCost = named(
  'SessionCost',
  object<ApiSessionCost>({
    sessionId: text,
    agent: text,
    machine: text,
    remote: text,
    project: orNull(text),
    title: text,
    lastActivity: orNull(time),
    ...sumFields,
    modelsUsed: texts,
    modelBreakdowns: list(modelBreakdown),
  }),
)
export const usageSessions = object<UsageSessionsAnswer>({
  ...kind('usageSessions'),
  sessions: list(sessionCost),
  totals: sums,
  ...pageFields,
})

const cacheRow = named(
  'CacheRow',
  object<ApiCacheRow>({ value, ...sumFields, hitRate: orNull(number), readsPerWrite: orNull(number) }),
)
export const usageCache = object<UsageCacheAnswer>({
  ...kind('usageCache'),
  dimension,
  rows: list(cacheRow),
  totals: cacheRow,
})

export const tools = object<ToolsAnswer>({
  ...kind('toolList'),
  tools: list(object({ name: text, category: text, calls: count, errors: count, sessions: count })),
  totals: object({ calls: count, errors: count }),
})
