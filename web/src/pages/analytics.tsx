import type { JSX } from 'preact'

import { CacheCard, HoursCard, ToolsCard, TopSessions, YearCard } from '../analytics/more-charts.tsx'
import { Cards } from '../analytics/cards.tsx'
import { Matrix } from '../analytics/matrix.tsx'
import { measures, OverTime } from '../analytics/over-time.tsx'
import { api } from '../api.ts'
import { dimensions, filterParams } from '../base/filters.ts'
import { usd } from '../base/format.ts'
import { useLoad } from '../base/load.ts'
import { query } from '../base/router.ts'
import { about } from '../base/shared.ts'
import { t } from '../i18n/index.ts'
import { FilterBar } from '../parts/filter-bar.tsx'
import { PageHead } from '../parts/frame.tsx'
import { EmptyArchive } from '../parts/states.tsx'

/** Cost, tokens and activity over all machines; every chart can be read as a table and saved. */
export function AnalyticsPage(): JSX.Element {
  const params = filterParams.value
  const measure = measures.find((one) => one === query.value.get('measure')) ?? 'cost'
  const by = dimensions.find((one) => one === query.value.get('by')) ?? 'machine'
  const totals = useLoad(`totals ${JSON.stringify(params)}`, (signal) => api.totals(params, signal))
  const part = { params, measure }
  return (
    <div class="page analytics">
      <PageHead
        title={t('nav.analytics')}
        note={totals.data === null ? undefined : t('analytics.zone', { zone: totals.data.timezone })}
      />
      <FilterBar />
      {about.value?.isEmpty === true ? (
        <EmptyArchive />
      ) : (
        <>
          <Cards loaded={totals} />
          <div class="chart-grid">
            <OverTime {...part} by={by} />
            <Matrix {...part} />
            <YearCard {...part} />
            <HoursCard {...part} />
            <TopSessions {...part} />
            <CacheCard {...part} by={by} />
            <ToolsCard {...part} />
          </div>
          <p class="mute page-foot">
            {t('analytics.foot', {
              total: totals.data === null ? '…' : usd(totals.data.span.totalCost),
              prices: about.value?.priceVersion ?? '–',
            })}
          </p>
        </>
      )}
    </div>
  )
}
