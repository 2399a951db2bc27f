import type { Context } from 'hono'

import type { UsageSums, UsageUnit } from '../../query/index.ts'
import {
  dayOf,
  listTools,
  plainSums,
  usageBySession,
  usageDimensions,
  usageGroups,
  usageHours,
  usageMatrix,
  usageReport,
  usageSpan,
  usageYears,
  windowBefore,
  windowOfYear,
} from '../../query/index.ts'
import type { ApiCacheRow } from '../api.ts'
import type { ServerContext } from '../context.ts'
import { filterParams, pageParams } from '../params.ts'
import { countOf, dimensionsOf, filtersOf, pageOf, wordOf, zoneOf } from '../request.ts'
import type { Route } from '../route.ts'
import { defineRoute } from '../route.ts'
import {
  tools,
  usageCache,
  usageDaily,
  usageHeatmap,
  usageHours as hours,
  usageMatrix as matrix,
  usageMonthly,
  usageSessions,
  usageTotals,
  usageWeekly,
} from '../shapes/usage.ts'

/** Tokens and money, by whatever they can be split by. */
export const usageRoutes: readonly Route[] = [
  defineRoute({
    path: '/usage/daily',
    summary: 'Tokens and money by day',
    params: [...filterParams, 'by'],
    shape: usageDaily,
    answer: async (request, context) => {
      const { periods, ...rest } = await reportOf(request, context, 'day')
      return { kind: 'usageDaily', daily: periods, ...rest }
    },
  }),
  defineRoute({
    path: '/usage/weekly',
    summary: 'Tokens and money by ISO week',
    params: [...filterParams, 'by'],
    shape: usageWeekly,
    answer: async (request, context) => {
      const { periods, ...rest } = await reportOf(request, context, 'week')
      return { kind: 'usageWeekly', weekly: periods, ...rest }
    },
  }),
  defineRoute({
    path: '/usage/monthly',
    summary: 'Tokens and money by month',
    params: [...filterParams, 'by'],
    shape: usageMonthly,
    answer: async (request, context) => {
      const { periods, ...rest } = await reportOf(request, context, 'month')
      return { kind: 'usageMonthly', monthly: periods, ...rest }
    },
  }),
  defineRoute({
    path: '/usage/totals',
    summary: 'The sums of a span and of the one of the same length before it',
    params: filterParams,
    shape: usageTotals,
    // The span before an open one ends elsewhere each moment.
    freshness: 'minute',
    answer: async (request, context) => {
      const { ask, now } = context
      const timezone = zoneOf(request, context)
      const filters = await filtersOf(request, context)
      const before = windowBefore(filters.window, now())
      return {
        kind: 'usageTotals',
        span: await usageSpan(ask, filters, timezone),
        previous: before === null ? null : await usageSpan(ask, { ...filters, window: before }, timezone),
        timezone,
      }
    },
  }),
  defineRoute({
    path: '/usage/matrix',
    summary: 'Tokens and money by two dimensions at once',
    params: [...filterParams, 'rows', 'cols'],
    shape: matrix,
    answer: async (request, context) => {
      const rowDimension = wordOf(request, 'rows', usageDimensions, 'machine')
      const colDimension = wordOf(request, 'cols', usageDimensions, 'model')
      const filters = await filtersOf(request, context)
      const table = await usageMatrix(context.ask, filters, rowDimension, colDimension)
      return { kind: 'usageMatrix', rowDimension, colDimension, ...table }
    },
  }),
  defineRoute({
    path: '/usage/heatmap',
    summary: 'Tokens and money of each day of a year',
    params: [...filterParams, 'year'],
    shape: usageHeatmap,
    answer: async (request, context) => {
      const { ask, now } = context
      const timezone = zoneOf(request, context)
      const year = Math.min(9998, countOf(request, 'year') ?? Number(dayOf(now(), timezone).slice(0, 4)))
      const filters = { ...(await filtersOf(request, context)), window: windowOfYear(year, timezone) }
      const { periods, totals } = await usageReport(ask, { unit: 'day', filters, by: [], timezone })
      return {
        kind: 'usageHeatmap',
        year,
        years: await usageYears(ask, filters, timezone),
        days: periods.map(({ period, totalTokens, totalCost, totalCostNanoUSD }) => ({
          day: period,
          totalTokens,
          totalCost,
          totalCostNanoUSD,
        })),
        totals,
        timezone,
      }
    },
  }),
  defineRoute({
    path: '/usage/hours',
    summary: 'Tokens and money by hour of the day and day of the week',
    params: filterParams,
    shape: hours,
    answer: async (request, context) => {
      const timezone = zoneOf(request, context)
      const filters = await filtersOf(request, context)
      return { kind: 'usageHours', ...(await usageHours(context.ask, filters, timezone)), timezone }
    },
  }),
  defineRoute({
    path: '/usage/sessions',
    summary: 'Sessions by what they cost, dearest first',
    params: [...filterParams, ...pageParams],
    shape: usageSessions,
    answer: async (request, context) => ({
      kind: 'usageSessions',
      ...(await usageBySession(context.ask, await filtersOf(request, context), pageOf(request, 50))),
    }),
  }),
  defineRoute({
    path: '/usage/cache',
    summary: 'How well caches served each machine, model or other dimension',
    params: [...filterParams, 'by'],
    shape: usageCache,
    answer: async (request, context) => {
      const dimension = wordOf(request, 'by', usageDimensions, 'machine')
      const { groups, totals } = await usageGroups(context.ask, await filtersOf(request, context), [dimension])
      return {
        kind: 'usageCache',
        dimension,
        rows: groups.map((group) => cacheRow(group[dimension] ?? null, plainSums(group))),
        totals: cacheRow(null, totals),
      }
    },
  }),
  defineRoute({
    path: '/tools',
    summary: 'Tools by how often they were called, with failed calls',
    params: filterParams,
    shape: tools,
    answer: async (request, context) => {
      const used = await listTools(context.ask, await filtersOf(request, context))
      const sum = (of: (tool: (typeof used)[number]) => number): number =>
        used.reduce((total, tool) => total + of(tool), 0)
      return {
        kind: 'toolList',
        tools: used,
        totals: { calls: sum(({ calls }) => calls), errors: sum(({ errors }) => errors) },
      }
    },
  }),
]

async function reportOf(request: Context, context: ServerContext, unit: UsageUnit) {
  const timezone = zoneOf(request, context)
  const filters = await filtersOf(request, context)
  return { ...(await usageReport(context.ask, { unit, filters, by: dimensionsOf(request), timezone })), timezone }
}

function cacheRow(value: string | null, sums: UsageSums): ApiCacheRow {
  const { inputTokens, cacheReadTokens, cacheCreationTokens } = sums
  const shown = inputTokens + cacheReadTokens + cacheCreationTokens
  return {
    value,
    ...sums,
    hitRate: shown === 0 ? null : cacheReadTokens / shown,
    readsPerWrite: cacheCreationTokens === 0 ? null : cacheReadTokens / cacheCreationTokens,
  }
}
