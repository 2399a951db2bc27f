import type { JSX } from 'preact'

import { api } from '../api.ts'
import type { Dimension } from '../base/filters.ts'
import { count, exactly, percent, short, usd } from '../base/format.ts'
import { useLoad } from '../base/load.ts'
import type { Params } from '../base/request.ts'
import { query, sessionHref, setQuery } from '../base/router.ts'
import { ChartCard } from '../charts/chart-card.tsx'
import { HourGrid, YearGrid } from '../charts/grids.tsx'
import { t } from '../i18n/index.ts'
import { MachineChip } from '../parts/chips.tsx'
import { Choice } from '../parts/controls.tsx'
import { valueName } from '../parts/filter-bar.tsx'
import { firstLine, visible } from '../text/visible.ts'
import type { Measure } from './over-time.tsx'

interface Part {
  readonly params: Params
  readonly measure: Measure
}

const amount = (measure: Measure, one: { readonly totalCost: number | null; readonly totalTokens: number }): number =>
  measure === 'cost' ? (one.totalCost ?? 0) : one.totalTokens
const words = (measure: Measure) => (value: number) =>
  measure === 'cost' ? usd(value) : t('vitals.tokens', { count: short(value) })

/** A year of days. The year is chosen here, whatever span the other charts show. */
export function YearCard({ params, measure }: Part): JSX.Element {
  const asked = Number(query.value.get('year') ?? Number.NaN)
  const year = Number.isSafeInteger(asked) ? asked : null
  const { since: _since, until: _until, ...rest } = params
  const loaded = useLoad(`year ${year} ${JSON.stringify(rest)}`, async (signal) => {
    const first = await api.heatmap({ ...rest, year }, signal)
    const [latest] = first.years
    // Without a year in the address, the latest one that has anything.
    if (year !== null || latest === undefined || latest === first.year || first.days.length > 0) return first
    return await api.heatmap({ ...rest, year: latest }, signal)
  })
  return (
    <ChartCard
      wide
      name="year"
      title={t('analytics.year', { year: loaded.data?.year ?? year ?? '' })}
      note={loaded.data === null ? undefined : usd(loaded.data.totals.totalCost)}
      loaded={loaded}
      isEmpty={({ years }) => years.length === 0}
      table={({ days }) => ({
        columns: [t('column.period'), t('column.tokens'), t('column.cost')],
        rows: days.map((day) => [day.day, day.totalTokens, day.totalCost]),
      })}
      controls={
        loaded.data !== null &&
        loaded.data.years.length > 1 && (
          <Choice
            label={t('analytics.yearLabel')}
            isLabelShown={false}
            values={loaded.data.years.map(String)}
            value={String(loaded.data.year)}
            names={(value) => value}
            onChange={(value) => setQuery({ year: value })}
          />
        )
      }
    >
      {(data) => (
        <YearGrid
          year={data.year}
          values={new Map(data.days.map((day) => [day.day, amount(measure, day)]))}
          show={words(measure)}
          choose={(day) => setQuery({ since: day, until: day })}
          label={t('analytics.yearGrid', { year: data.year })}
        />
      )}
    </ChartCard>
  )
}

/** When in the week work is done. */
export function HoursCard({ params, measure }: Part): JSX.Element {
  const loaded = useLoad(`hours ${JSON.stringify(params)}`, (signal) => api.hours(params, signal))
  return (
    <ChartCard
      name="hours"
      title={t('analytics.hours')}
      note={loaded.data?.timezone}
      loaded={loaded}
      isEmpty={({ cells }) => cells.length === 0}
      table={({ cells }) => ({
        columns: [t('column.weekday'), t('column.hour'), t('column.tokens'), t('column.cost')],
        rows: cells.map((cell) => [cell.weekday + 1, cell.hour, cell.totalTokens, cell.totalCost]),
      })}
    >
      {(data) => (
        <HourGrid
          cells={data.cells.map((cell) => ({ ...cell, value: amount(measure, cell) }))}
          show={words(measure)}
          label={t('analytics.hours')}
        />
      )}
    </ChartCard>
  )
}

/** Sessions that cost most. */
export function TopSessions({ params }: Part): JSX.Element {
  const loaded = useLoad(`top ${JSON.stringify(params)}`, (signal) => api.topSessions({ ...params, limit: 10 }, signal))
  return (
    <ChartCard
      name="top-sessions"
      title={t('analytics.top')}
      loaded={loaded}
      isEmpty={({ sessions }) => sessions.length === 0}
      table={({ sessions }) => ({
        columns: [
          t('column.session'),
          t('dimension.machine'),
          t('dimension.project'),
          t('column.tokens'),
          t('column.cost'),
        ],
        rows: sessions.map((one) => [one.title, one.machine, one.project, one.totalTokens, one.totalCost]),
      })}
    >
      {({ sessions }) => (
        <ol class="plain top-list">
          {sessions.map((one) => (
            <li key={one.sessionId}>
              <a href={sessionHref(one.sessionId)} title={exactly(one.lastActivity)}>
                {firstLine(one.title, 100)}
              </a>
              <MachineChip machine={one.machine} />
              <span class="number">{usd(one.totalCost)}</span>
            </li>
          ))}
        </ol>
      )}
    </ChartCard>
  )
}

/** How well caches served each value of a dimension. */
export function CacheCard({ params, by }: Part & { readonly by: Dimension }): JSX.Element {
  const loaded = useLoad(`cache ${by} ${JSON.stringify(params)}`, (signal) => api.cache(by, params, signal))
  return (
    <ChartCard
      name={`cache-by-${by}`}
      title={t('analytics.cache')}
      note={t(`dimension.${by}`)}
      loaded={loaded}
      isEmpty={({ rows }) => rows.length === 0}
      table={({ rows }) => ({
        columns: [
          t(`dimension.${by}`),
          t('cache.hitRate'),
          t('cache.readsPerWrite'),
          t('tokens.cacheReadTokens'),
          t('tokens.cacheCreationTokens'),
        ],
        rows: rows.map((row) => [
          row.value,
          row.hitRate,
          row.readsPerWrite,
          row.cacheReadTokens,
          row.cacheCreationTokens,
        ]),
      })}
    >
      {({ rows }) => (
        <table class="mini bars">
          <thead class="reader-only">
            <tr>
              <th scope="col">{t(`dimension.${by}`)}</th>
              <th scope="col">{t('cache.hitRate')}</th>
              <th scope="col">{t('cache.readsPerWrite')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, 10).map((row) => (
              <tr key={row.value}>
                <th scope="row">{valueName(by, row.value)}</th>
                <td class="bar-cell">
                  <span class="bar" style={{ width: `${(row.hitRate ?? 0) * 100}%` }} />
                  <span class="reader-only">{percent(row.hitRate ?? 0)}</span>
                </td>
                <td class="number">
                  {row.hitRate === null ? '–' : percent(row.hitRate)}
                  <span class="mute"> {row.readsPerWrite === null ? '' : `${row.readsPerWrite.toFixed(1)}×`}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </ChartCard>
  )
}

/** What tools are used, and how often they fail. */
export function ToolsCard({ params }: Part): JSX.Element {
  const loaded = useLoad(`tools ${JSON.stringify(params)}`, (signal) => api.tools(params, signal))
  return (
    <ChartCard
      name="tools"
      title={t('analytics.tools')}
      note={
        loaded.data === null
          ? undefined
          : t('analytics.toolTotals', {
              calls: count(loaded.data.totals.calls),
              errors: count(loaded.data.totals.errors),
            })
      }
      loaded={loaded}
      isEmpty={({ tools }) => tools.length === 0}
      table={({ tools }) => ({
        columns: [t('column.tool'), t('column.calls'), t('column.errors'), t('nav.sessions')],
        rows: tools.map((tool) => [tool.name, tool.calls, tool.errors, tool.sessions]),
      })}
    >
      {({ tools }) => {
        const most = Math.max(1, ...tools.map(({ calls }) => calls))
        return (
          <table class="mini bars">
            <tbody>
              {tools.slice(0, 12).map((tool) => (
                <tr key={tool.name}>
                  <th scope="row" title={visible(tool.name)}>
                    {visible(tool.name)}
                  </th>
                  <td class="bar-cell" aria-hidden="true">
                    <span class="bar" style={{ width: `${(tool.calls / most) * 100}%` }} />
                  </td>
                  <td class="number">
                    {count(tool.calls)}
                    {tool.errors > 0 && <span class="minus"> {percent(tool.errors / tool.calls)}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }}
    </ChartCard>
  )
}
