import type { JSX } from 'preact'

import { api } from '../api.ts'
import type { Dimension } from '../base/filters.ts'
import { filterParams } from '../base/filters.ts'
import { count, duration, percent, short, usd } from '../base/format.ts'
import { useLoad } from '../base/load.ts'
import { query, sessionHref, setQuery } from '../base/router.ts'
import { valuesOf } from '../base/shared.ts'
import { t } from '../i18n/index.ts'
import { Choice, Segments } from '../parts/controls.tsx'
import { FilterBar, valueName } from '../parts/filter-bar.tsx'
import { PageHead } from '../parts/frame.tsx'
import { Empty, Failure, Skeleton } from '../parts/states.tsx'
import { firstLine, visible } from '../text/visible.ts'

const kinds = ['session', 'machine', 'model', 'project', 'remote', 'agent'] as const
type Kind = (typeof kinds)[number]

interface Facts {
  readonly title: string
  readonly href: string
  readonly numbers: readonly { readonly name: string; readonly value: number | null; readonly shown: string }[]
  readonly parts: readonly { readonly name: string; readonly value: number }[]
}

/** Two sessions, machines or models beside each other. */
export function ComparePage(): JSX.Element {
  const kind = kinds.find((one) => one === query.value.get('by')) ?? 'session'
  const a = query.value.get('a') ?? ''
  const b = query.value.get('b') ?? ''
  return (
    <div class="page compare">
      <PageHead title={t('nav.compare')}>
        <Segments
          label={t('compare.kind')}
          values={kinds}
          value={kind}
          names={(one) => (one === 'session' ? t('column.session') : t(`dimension.${one}`))}
          onChange={(one) => setQuery({ by: one === 'session' ? null : one, a: null, b: null })}
        />
      </PageHead>
      {kind !== 'session' && <FilterBar />}
      <div class="compare-choice">
        <Chooser name="a" kind={kind} value={a} />
        <span class="mute">{t('compare.with')}</span>
        <Chooser name="b" kind={kind} value={b} />
      </div>
      {a === '' || b === '' ? <Empty icon="compare" title={t('compare.choose')} /> : <Both kind={kind} a={a} b={b} />}
    </div>
  )
}

function Chooser({
  name,
  kind,
  value,
}: {
  readonly name: 'a' | 'b'
  readonly kind: Kind
  readonly value: string
}): JSX.Element {
  const label = t(name === 'a' ? 'compare.first' : 'compare.second')
  const recent = useLoad(kind === 'session' ? 'compare sessions' : null, (signal) =>
    api.sessions({ limit: 100 }, signal),
  )
  if (kind === 'session') {
    const sessions = recent.data?.sessions ?? []
    const known = ['', ...new Set([...(value === '' ? [] : [value]), ...sessions.map(({ id }) => id)])]
    const titles = new Map(
      sessions.map((session) => [session.id, `${firstLine(session.title, 60)} · ${session.machine}`]),
    )
    return (
      <Choice
        label={label}
        values={known}
        value={value}
        names={(id) => (id === '' ? '…' : (titles.get(id) ?? id))}
        onChange={(id) => setQuery({ [name]: id })}
      />
    )
  }
  const values = ['', ...valuesOf(kind).flatMap(({ value: one }) => one ?? [])]
  return (
    <Choice
      label={label}
      values={values}
      value={value}
      names={(one) => (one === '' ? '…' : valueName(kind, one))}
      onChange={(one) => setQuery({ [name]: one })}
    />
  )
}

function Both({ kind, a, b }: { readonly kind: Kind; readonly a: string; readonly b: string }): JSX.Element {
  const params = filterParams.value
  const { data, error, reload } = useLoad(`compare ${kind} ${a} ${b} ${JSON.stringify(params)}`, (signal) =>
    Promise.all([a, b].map((one) => (kind === 'session' ? sessionFacts(one, signal) : valueFacts(kind, one, signal)))),
  )
  if (error !== null) return <Failure error={error} retry={reload} />
  const [left, right] = data ?? []
  if (left === undefined || right === undefined) return <Skeleton rows={8} />
  const names = [...new Set([...left.parts, ...right.parts].map(({ name }) => name))]
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={t('nav.compare')}>
      <table class="table compare-table">
        <thead>
          <tr>
            <th scope="col">
              <span class="reader-only">{t('compare.what')}</span>
            </th>
            <th scope="col">
              <a href={left.href}>{left.title}</a>
            </th>
            <th scope="col">
              <a href={right.href}>{right.title}</a>
            </th>
            <th scope="col" class="number">
              {t('compare.ratio')}
            </th>
          </tr>
        </thead>
        <tbody>
          {left.numbers.map((one, at) => {
            const other = right.numbers[at]
            return (
              <Line
                key={one.name}
                name={one.name}
                left={one.shown}
                right={other?.shown ?? '–'}
                ratio={ratioOf(one.value, other?.value ?? null)}
              />
            )
          })}
          {names.slice(0, 15).map((name) => {
            const [one, other] = [left, right].map(({ parts }) => parts.find((part) => part.name === name)?.value ?? 0)
            return (
              <Line
                key={name}
                name={visible(name)}
                left={count(one ?? 0)}
                right={count(other ?? 0)}
                ratio={ratioOf(one ?? 0, other ?? 0)}
              />
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function Line({
  name,
  left,
  right,
  ratio,
}: Readonly<Record<'name' | 'left' | 'right' | 'ratio', string>>): JSX.Element {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">{left}</td>
      <td class="number">{right}</td>
      <td class="number mute">{ratio}</td>
    </tr>
  )
}

function ratioOf(one: number | null, other: number | null): string {
  return one === null || other === null || other === 0 ? '–' : `${(one / other).toFixed(2)}×`
}

async function sessionFacts(id: string, signal: AbortSignal): Promise<Facts> {
  const [{ session }, usage] = await Promise.all([api.session(id, signal), api.sessionUsage(id, signal)])
  const shown = usage.inputTokens + usage.cacheReadTokens + usage.cacheCreationTokens
  return {
    title: firstLine(session.title, 70),
    href: sessionHref(session.id),
    numbers: [
      { name: t('column.cost'), value: usage.costUSD, shown: usd(usage.costUSD) },
      { name: t('column.tokens'), value: usage.totalTokens, shown: short(usage.totalTokens) },
      { name: t('tokens.outputTokens'), value: usage.outputTokens, shown: short(usage.outputTokens) },
      {
        name: t('vitals.cacheHits'),
        value: shown === 0 ? null : usage.cacheReadTokens / shown,
        shown: shown === 0 ? '–' : percent(usage.cacheReadTokens / shown),
      },
      {
        name: t('facts.duration'),
        value: session.durationMs,
        shown: session.durationMs === null ? '–' : duration(session.durationMs),
      },
      { name: t('column.messages'), value: session.messageCount, shown: count(session.messageCount) },
      { name: t('card.responses'), value: usage.stepCount, shown: count(usage.stepCount) },
      { name: t('vitals.children'), value: session.children.length, shown: count(session.children.length) },
    ],
    parts: session.tools.map(({ name, calls }) => ({ name, value: calls })),
  }
}

async function valueFacts(kind: Dimension, value: string, signal: AbortSignal): Promise<Facts> {
  const params = { ...filterParams.peek(), [kind]: value }
  const [{ span }, { tools }] = await Promise.all([api.totals(params, signal), api.tools(params, signal)])
  const shown = span.inputTokens + span.cacheReadTokens + span.cacheCreationTokens
  return {
    title: valueName(kind, value),
    href: `/sessions?${kind}=${encodeURIComponent(value)}`,
    numbers: [
      { name: t('column.cost'), value: span.totalCost, shown: usd(span.totalCost) },
      { name: t('column.tokens'), value: span.totalTokens, shown: short(span.totalTokens) },
      { name: t('tokens.outputTokens'), value: span.outputTokens, shown: short(span.outputTokens) },
      {
        name: t('vitals.cacheHits'),
        value: shown === 0 ? null : span.cacheReadTokens / shown,
        shown: shown === 0 ? '–' : percent(span.cacheReadTokens / shown),
      },
      { name: t('card.sessions'), value: span.sessions, shown: count(span.sessions) },
      { name: t('card.responses'), value: span.responses, shown: count(span.responses) },
      { name: t('compare.activeDays'), value: span.activeDays, shown: count(span.activeDays) },
    ],
    parts: tools.map(({ name, calls }) => ({ name, value: calls })),
  }
}
