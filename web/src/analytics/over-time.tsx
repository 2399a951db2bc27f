import type { JSX } from 'preact'

import type { ApiUsageGroup, ApiUsagePeriod } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import type { Dimension } from '../base/filters.ts'
import { dimensions, filters } from '../base/filters.ts'
import { addDays, dayShort, short, usd } from '../base/format.ts'
import { useLoad } from '../base/load.ts'
import type { Params } from '../base/request.ts'
import { query, setQuery } from '../base/router.ts'
import { colourOf, seriesColours } from '../base/shared.ts'
import { ChartCard } from '../charts/chart-card.tsx'
import type { Bar } from '../charts/stacked-bars.tsx'
import { StackedBars } from '../charts/stacked-bars.tsx'
import { t } from '../i18n/index.ts'
import { Choice, Segments } from '../parts/controls.tsx'
import { valueName } from '../parts/filter-bar.tsx'

const units = ['day', 'week', 'month'] as const
type Unit = (typeof units)[number]
export const measures = ['cost', 'tokens'] as const
export type Measure = (typeof measures)[number]

const mostSeries = 8
const mostGaps = 400

interface Report {
  readonly unit: Unit
  readonly periods: readonly ApiUsagePeriod[]
  readonly timezone: string
}

async function ask(unit: Unit, params: Params, signal: AbortSignal): Promise<Report> {
  if (unit === 'day') {
    const { daily, timezone } = await api.daily(params, signal)
    return { unit, periods: daily, timezone }
  }
  if (unit === 'week') {
    const { weekly, timezone } = await api.weekly(params, signal)
    return { unit, periods: weekly, timezone }
  }
  const { monthly, timezone } = await api.monthly(params, signal)
  return { unit, periods: monthly, timezone }
}

/** Cost or tokens over time, stacked by machine or another dimension. */
export function OverTime({
  params,
  by,
  measure,
}: {
  readonly params: Params
  readonly by: Dimension
  readonly measure: Measure
}): JSX.Element {
  const unit = units.find((one) => one === query.value.get('unit')) ?? 'day'
  const loaded = useLoad(`time ${unit} ${by} ${JSON.stringify(params)}`, (signal) =>
    ask(unit, { ...params, by }, signal),
  )
  const show = (value: number): string => (measure === 'cost' ? (value === 0 ? '$0' : usd(value)) : short(value))
  return (
    <ChartCard
      wide
      name={`usage-by-${by}`}
      title={t(measure === 'cost' ? 'analytics.costOverTime' : 'analytics.tokensOverTime')}
      note={loaded.data === null ? undefined : t('analytics.zone', { zone: loaded.data.timezone })}
      loaded={loaded}
      isEmpty={({ periods }) => periods.length === 0}
      table={({ periods }) => ({
        columns: [t('column.period'), t(`dimension.${by}`), t('column.tokens'), t('column.cost')],
        rows: periods.flatMap(({ period, groups = [] }) =>
          groups.map((group) => [period, group[by] ?? null, group.totalTokens, group.totalCost]),
        ),
      })}
      controls={
        <>
          <Choice
            label={t('analytics.by')}
            values={dimensions}
            value={by}
            names={(value) => t(`dimension.${value}`)}
            onChange={(value) => setQuery({ by: value === 'machine' ? null : value })}
          />
          <Segments
            label={t('analytics.measure')}
            values={measures}
            value={measure}
            names={(value) => t(`measure.${value}`)}
            onChange={(value) => setQuery({ measure: value === 'cost' ? null : value })}
          />
          <Segments
            label={t('analytics.unit')}
            values={units}
            value={unit}
            names={(value) => t(`unit.${value}`)}
            onChange={(value) => setQuery({ unit: value === 'day' ? null : value })}
          />
        </>
      }
    >
      {(report) => {
        const bars = barsOf(report, by, measure)
        return (
          <>
            <StackedBars
              bars={bars}
              show={show}
              label={t('analytics.chartLabel', { name: t(`dimension.${by}`) })}
              choose={(bar, series) => setQuery({ ...spanOf(bar.key, unit), ...choiceOf(by, series, report) })}
            />
            <Legend bars={bars} />
          </>
        )
      }}
    </ChartCard>
  )
}

function Legend({ bars }: { readonly bars: readonly Bar[] }): JSX.Element {
  const names = new Map(bars.flatMap(({ parts }) => parts.map(({ name, colour }) => [name, colour] as const)))
  return (
    <ul class="legend">
      {[...names].map(([name, colour]) => (
        <li key={name}>
          <span class={`dot series-${colour}`} aria-hidden="true" /> {name}
        </li>
      ))}
    </ul>
  )
}

const valueOf = (group: ApiUsageGroup, measure: Measure): number =>
  measure === 'cost' ? (group.totalCost ?? 0) : group.totalTokens

/** The largest series by themselves, all others as one; spans without usage are empty bars. */
function barsOf({ periods, unit }: Report, by: Dimension, measure: Measure): readonly Bar[] {
  const totals = new Map<string, number>()
  for (const { groups = [] } of periods) {
    for (const group of groups) {
      const name = group[by] ?? ''
      totals.set(name, (totals.get(name) ?? 0) + valueOf(group, measure))
    }
  }
  const ranked = [...totals].toSorted(([, one], [, other]) => other - one).map(([name]) => name)
  const kept = ranked.slice(0, ranked.length > mostSeries ? mostSeries - 1 : mostSeries)
  const found = new Map(periods.map((period) => [period.period, period]))
  return withGaps([...found.keys()], unit).map((key) => {
    const groups = found.get(key)?.groups ?? []
    const own = kept.flatMap((name, rank) => {
      const group = groups.find((one) => (one[by] ?? '') === name)
      const value = group === undefined ? 0 : valueOf(group, measure)
      const colour = by === 'machine' ? colourOf(by, name) : rank
      return value > 0 ? [{ name: valueName(by, name), value, colour }] : []
    })
    const rest = groups
      .filter((group) => !kept.includes(group[by] ?? ''))
      .reduce((sum, group) => sum + valueOf(group, measure), 0)
    const others = rest > 0 ? [{ name: t('analytics.others'), value: rest, colour: seriesColours }] : []
    return { key, label: unit === 'month' ? key : dayShort(key), parts: [...own, ...others] }
  })
}

/** Days and weeks between the first and the last, so that time runs evenly. */
function withGaps(keys: readonly string[], unit: Unit): readonly string[] {
  const [first] = keys
  const last = keys.at(-1)
  if (unit === 'month' || first === undefined || last === undefined) return keys
  const days = (Date.parse(last) - Date.parse(first)) / 86_400_000
  const step = unit === 'day' ? 1 : 7
  if (days / step > mostGaps) return keys
  return Array.from({ length: days / step + 1 }, (_, at) => addDays(first, at * step))
}

/** The span a bar stands for. */
function spanOf(key: string, unit: Unit): Readonly<Record<string, string>> {
  if (unit === 'day') return { since: key, until: key }
  return unit === 'month' ? { since: key, until: key } : { since: key, until: addDays(key, 6) }
}

/** The filter a series stands for; none for "others", and none where that filter is set already. */
function choiceOf(by: Dimension, series: string, { periods }: Report): Readonly<Record<string, string>> {
  const values = new Set(periods.flatMap(({ groups = [] }) => groups.map((group) => group[by] ?? '')))
  const value = [...values].find((one) => one !== '' && valueName(by, one) === series)
  return value === undefined || filters.value.lists[by].length > 0 ? {} : { [by]: value }
}
