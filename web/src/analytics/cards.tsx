import type { JSX } from 'preact'

import type { ApiSpan, UsageTotalsAnswer } from '../../../src/server/api.ts'
import { count, percent, short, usd } from '../base/format.ts'
import type { Loaded } from '../base/load.ts'
import { t } from '../i18n/index.ts'
import { Failure, Skeleton } from '../parts/states.tsx'
import { visible } from '../text/visible.ts'

/** The numbers of a span, each with its change against the span before. */
export function Cards({ loaded }: { readonly loaded: Loaded<UsageTotalsAnswer> }): JSX.Element {
  const { data, error, reload } = loaded
  if (error !== null) return <Failure error={error} retry={reload} />
  if (data === null) return <Skeleton kind="card" rows={1} />
  const { span, previous } = data
  const shown = (one: ApiSpan): number => one.inputTokens + one.cacheReadTokens + one.cacheCreationTokens
  const hits = (one: ApiSpan): number => (shown(one) === 0 ? 0 : one.cacheReadTokens / shown(one))
  const perDay = (one: ApiSpan): number => (one.activeDays === 0 ? 0 : (one.totalCost ?? 0) / one.activeDays)
  return (
    <>
      <div class="cards">
        <Card
          name={t('card.cost')}
          value={usd(span.totalCost)}
          now={span.totalCost ?? 0}
          before={previous?.totalCost ?? null}
          isMoreBad
        />
        <Card
          name={t('card.tokens')}
          value={short(span.totalTokens)}
          now={span.totalTokens}
          before={previous?.totalTokens ?? null}
        />
        <Card
          name={t('card.sessions')}
          value={count(span.sessions)}
          now={span.sessions}
          before={previous?.sessions ?? null}
        />
        <Card
          name={t('card.responses')}
          value={short(span.responses)}
          now={span.responses}
          before={previous?.responses ?? null}
        />
        <Card
          name={t('card.perDay')}
          value={usd(perDay(span))}
          now={perDay(span)}
          before={previous === null ? null : perDay(previous)}
          isMoreBad
        />
        <Card
          name={t('card.cache')}
          value={percent(hits(span))}
          now={hits(span)}
          before={previous === null ? null : hits(previous)}
        />
      </div>
      {span.unpricedModels.length > 0 && (
        <p class="banner tone-warn">
          <span>
            {t('analytics.unpriced', { models: span.unpricedModels.map(visible).join(', ') })} <code>prices</code>
          </span>
        </p>
      )}
    </>
  )
}

function Card({
  name,
  value,
  now,
  before,
  isMoreBad = false,
}: {
  readonly name: string
  readonly value: string
  readonly now: number
  readonly before: number | null
  readonly isMoreBad?: boolean
}): JSX.Element {
  const change = before === null || before === 0 ? null : (now - before) / before
  const tone = change === null || Math.abs(change) < 0.005 ? 'mute' : change > 0 === isMoreBad ? 'minus' : 'plus'
  return (
    <div class="number-card">
      <p class="number-name">{name}</p>
      <p class="number-value number">{value}</p>
      <p class={`number-change number ${tone}`}>
        {change === null
          ? t('card.noPrevious')
          : `${change > 0 ? '▲' : '▼'} ${percent(Math.abs(change))} ${t('card.previous')}`}
      </p>
    </div>
  )
}
