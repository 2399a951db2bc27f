import type { JSX } from 'preact'

import type { ApiDimension } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { dimensions } from '../base/filters.ts'
import { short, usd } from '../base/format.ts'
import { useLoad } from '../base/load.ts'
import type { Params } from '../base/request.ts'
import { query, setQuery } from '../base/router.ts'
import { colourOf } from '../base/shared.ts'
import { ChartCard } from '../charts/chart-card.tsx'
import { levelsOf } from '../charts/scale.ts'
import { t } from '../i18n/index.ts'
import { Choice } from '../parts/controls.tsx'
import { valueName } from '../parts/filter-bar.tsx'
import type { Measure } from './over-time.tsx'

const mostRows = 12
const mostCols = 8

/** Two dimensions against each other, machine and model at first; sums at the borders. */
export function Matrix({ params, measure }: { readonly params: Params; readonly measure: Measure }): JSX.Element {
  const rows = dimensions.find((one) => one === query.value.get('rows')) ?? 'machine'
  const cols = dimensions.find((one) => one === query.value.get('cols')) ?? (rows === 'model' ? 'machine' : 'model')
  const loaded = useLoad(`matrix ${rows} ${cols} ${JSON.stringify(params)}`, (signal) =>
    api.matrix(rows, cols, params, signal),
  )
  const pick = (sums: { readonly totalCost: number | null; readonly totalTokens: number }): number =>
    measure === 'cost' ? (sums.totalCost ?? 0) : sums.totalTokens
  const show = (sums: { readonly totalCost: number | null; readonly totalTokens: number }): string =>
    measure === 'cost' ? usd(sums.totalCost) : short(sums.totalTokens)
  const chooser = (name: 'rows' | 'cols', value: ApiDimension): JSX.Element => (
    <Choice
      label={t(`analytics.${name}`)}
      isLabelShown={false}
      values={dimensions}
      value={value}
      names={(one) => t(`dimension.${one}`)}
      onChange={(one) => setQuery({ [name]: one })}
    />
  )
  return (
    <ChartCard
      wide
      name={`${rows}-by-${cols}`}
      title={t('analytics.matrix', { rows: t(`dimension.${rows}`), cols: t(`dimension.${cols}`) })}
      loaded={loaded}
      isEmpty={({ cells }) => cells.length === 0}
      table={({ cells }) => ({
        columns: [t(`dimension.${rows}`), t(`dimension.${cols}`), t('column.tokens'), t('column.cost')],
        rows: cells.map((cell) => [cell.row, cell.col, cell.totalTokens, cell.totalCost]),
      })}
      controls={
        <>
          {chooser('rows', rows)}
          <span aria-hidden="true">×</span>
          {chooser('cols', cols)}
        </>
      }
    >
      {(data) => {
        const level = levelsOf(data.cells.map(pick))
        const shownCols = data.cols.slice(0, mostCols)
        return (
          <div class="table-scroll" tabIndex={0} role="region" aria-label={t('analytics.matrixTable')}>
            <table class="table matrix">
              <thead>
                <tr>
                  <th scope="col">{t(`dimension.${rows}`)}</th>
                  {shownCols.map((col) => (
                    <th key={col.value} scope="col" class="number">
                      <button type="button" onClick={() => col.value !== null && setQuery({ [cols]: col.value })}>
                        {valueName(cols, col.value)}
                      </button>
                    </th>
                  ))}
                  <th scope="col" class="number">
                    {t('column.total')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.rows.slice(0, mostRows).map((row) => (
                  <tr key={row.value}>
                    <th scope="row">
                      <button type="button" onClick={() => row.value !== null && setQuery({ [rows]: row.value })}>
                        {rows === 'machine' && (
                          <span class={`dot series-${colourOf('machine', row.value)}`} aria-hidden="true" />
                        )}
                        {valueName(rows, row.value)}
                      </button>
                    </th>
                    {shownCols.map((col) => {
                      const cell = data.cells.find((one) => one.row === row.value && one.col === col.value)
                      return (
                        <td
                          key={col.value}
                          class={`number heat-cell heat-${cell === undefined ? 0 : level(pick(cell))}`}
                        >
                          {cell === undefined ? '' : show(cell)}
                        </td>
                      )
                    })}
                    <td class="number total">{show(row)}</td>
                  </tr>
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row">{t('column.total')}</th>
                  {shownCols.map((col) => (
                    <td key={col.value} class="number">
                      {show(col)}
                    </td>
                  ))}
                  <td class="number total">{show(data.totals)}</td>
                </tr>
              </tfoot>
            </table>
            {(data.rows.length > mostRows || data.cols.length > mostCols) && (
              <p class="mute">{t('analytics.matrixCut')}</p>
            )}
          </div>
        )
      }}
    </ChartCard>
  )
}
