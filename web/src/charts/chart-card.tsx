import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'

import { count } from '../base/format.ts'
import type { Loaded } from '../base/load.ts'
import { t } from '../i18n/index.ts'
import { download, IconButton } from '../parts/controls.tsx'
import { Failure, Skeleton } from '../parts/states.tsx'
import { visible } from '../text/visible.ts'
import type { ChartTable } from './csv.ts'
import { toCsv } from './csv.ts'

const mostRows = 500

/** A chart with its title, its table and its file; loading, failing and empty are told in its place. */
export function ChartCard<T>({
  title,
  name,
  note,
  loaded,
  table,
  isEmpty,
  controls,
  children,
  wide = false,
}: {
  readonly title: string
  /** Name of the file. */
  readonly name: string
  readonly note?: ComponentChildren
  readonly loaded: Loaded<T>
  readonly table: (data: T) => ChartTable
  readonly isEmpty: (data: T) => boolean
  readonly controls?: ComponentChildren
  readonly children: (data: T) => ComponentChildren
  readonly wide?: boolean
}): JSX.Element {
  const [isTable, setTable] = useState(false)
  const { data, error, reload } = loaded
  return (
    <section class={`card${wide ? ' wide' : ''}`} aria-label={title}>
      <header class="card-head">
        <h2>{title}</h2>
        {note !== undefined && <span class="mute card-note">{note}</span>}
        <div class="card-controls">
          {controls}
          <IconButton icon="table" label={t('chart.table')} isOn={isTable} onClick={() => setTable(!isTable)} />
          <IconButton
            icon="download"
            label={t('chart.csv')}
            onClick={() => data !== null && download(`agentsview-${name}.csv`, 'text/csv', toCsv(table(data)))}
          />
        </div>
      </header>
      {error !== null && <Failure error={error} retry={reload} />}
      {data === null && error === null && <Skeleton rows={3} />}
      {data !== null && isEmpty(data) && <p class="mute card-empty">{t('chart.empty')}</p>}
      {data !== null && !isEmpty(data) && (isTable ? <Table title={title} table={table(data)} /> : children(data))}
    </section>
  )
}

function Table({ title, table }: { readonly title: string; readonly table: ChartTable }): JSX.Element {
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={title}>
      <table class="table">
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {visible(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, mostRows).map((row, at) => (
            <tr key={at}>
              {row.map((value, index) => (
                <td key={index} class={typeof value === 'number' ? 'number' : ''}>
                  {typeof value === 'number'
                    ? Number.isInteger(value)
                      ? count(value)
                      : value.toFixed(4)
                    : visible(value ?? '–')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > mostRows && (
        <p class="mute">{t('chart.cut', { count: count(mostRows), of: count(table.rows.length) })}</p>
      )}
    </div>
  )
}
