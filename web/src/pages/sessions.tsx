import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

import type { ApiSession } from '../../../src/server/api.ts'
import type { Dimension } from '../base/filters.ts'
import { clearFilters, dimensions, filterCount, filterParams, filters } from '../base/filters.ts'
import { count } from '../base/format.ts'
import { useKeys } from '../base/keys.ts'
import { query, setQuery } from '../base/router.ts'
import { about } from '../base/shared.ts'
import { t } from '../i18n/index.ts'
import { Choice, openMenu, Toggle } from '../parts/controls.tsx'
import { FilterBar, ValueList } from '../parts/filter-bar.tsx'
import { PageHead } from '../parts/frame.tsx'
import { Icon } from '../parts/icon.tsx'
import { Empty, EmptyArchive, Failure, LastSynced, Skeleton } from '../parts/states.tsx'
import { ChoiceBar } from '../sessions/choice-bar.tsx'
import { chosen, setChoosing } from '../sessions/chosen.ts'
import { SessionGroups } from '../sessions/session-groups.tsx'
import { SessionList } from '../sessions/session-list.tsx'
import { SessionColumns } from '../sessions/session-row.tsx'
import { useSessionList } from '../sessions/use-session-list.ts'

const groupings = ['day', 'machine', 'project', 'remote'] as const
const orders = ['ended', 'cost', 'messages'] as const

function oneOf<T extends string>(values: readonly T[], given: string | null, otherwise: T): T {
  return values.find((value) => value === given) ?? otherwise
}

/** The browser of all sessions: facets at the left, rows in the middle, everything in the address. */
export function SessionsPage(): JSX.Element {
  const params = query.value
  const group = oneOf(groupings, params.get('group'), 'day')
  const sort = oneOf(orders, params.get('sort'), 'ended')
  const own = {
    sort: sort === 'ended' ? null : sort,
    children: params.has('children'),
    errors: params.has('errors'),
    q: params.get('q'),
    cost_min: filters.value.cost.least,
    cost_max: filters.value.cost.most,
  }
  const rail = params.get('rail') !== '0'
  useKeys({
    o: () => setQuery({ sort: orders[(orders.indexOf(sort) + 1) % orders.length] ?? null }, { replace: true }),
    b: () => setQuery({ rail: rail ? '0' : null }, { replace: true }),
    m: () => openMenu('machine'),
    e: () => setChoosing(chosen.peek() === null),
  })
  // Whoever comes back to the list begins anew.
  useEffect(() => () => setChoosing(false), [])
  return (
    <div class={`sessions${rail ? '' : ' without-rail'}`}>
      {rail && <Rail />}
      <div class="sessions-body">
        {group === 'day' ? (
          <ByTime group={group} sort={sort} own={own} />
        ) : (
          <>
            <Controls group={group} sort={sort} total={null} sessions={[]} />
            <SessionColumns />
            <div class="scroll" tabIndex={-1}>
              <SessionGroups dimension={group} params={own} />
            </div>
          </>
        )}
      </div>
    </div>
  )
}

type Own = Readonly<Record<'sort' | 'q' | 'cost_min' | 'cost_max', string | null>> &
  Readonly<Record<'children' | 'errors', boolean>>

function ByTime({
  group,
  sort,
  own,
}: {
  readonly group: (typeof groupings)[number]
  readonly sort: (typeof orders)[number]
  readonly own: Own
}): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null)
  const pages = useSessionList({ ...filterParams.value, ...own })
  const isEmpty = pages.total === 0 && pages.sessions.length === 0
  return (
    <>
      <Controls group={group} sort={sort} total={pages.total} sessions={pages.sessions} />
      <SessionColumns />
      <div class="scroll" ref={scroller} tabIndex={-1}>
        {pages.error !== null && <Failure error={pages.error} retry={pages.reload} />}
        {pages.total === null && pages.error === null && <Skeleton rows={14} />}
        {isEmpty && pages.error === null && <NoSessions />}
        {pages.sessions.length > 0 && <SessionList pages={pages} isByDay={sort === 'ended'} scroller={scroller} />}
      </div>
    </>
  )
}

function Controls({
  group,
  sort,
  total,
  sessions,
}: {
  readonly group: (typeof groupings)[number]
  readonly sort: (typeof orders)[number]
  readonly total: number | null
  /** Those loaded so far. */
  readonly sessions: readonly ApiSession[]
}): JSX.Element {
  return (
    <div class="sticky-head">
      <PageHead
        title={t('nav.sessions')}
        note={total === null ? undefined : t('sessions.total', { count: count(total) })}
      >
        <Choice
          label={t('sessions.groupBy')}
          values={groupings}
          value={group}
          names={(value) => (value === 'day' ? t('sessions.day') : t(`dimension.${value}`))}
          onChange={(value) => setQuery({ group: value === 'day' ? null : value })}
        />
        <Choice
          label={t('sessions.sort')}
          values={orders}
          value={sort}
          names={(value) => t(`sort.${value}`)}
          onChange={(value) => setQuery({ sort: value === 'ended' ? null : value })}
        />
        <Toggle
          label={t('sessions.children')}
          isOn={query.value.has('children')}
          onChange={(isOn) => setQuery({ children: isOn ? '1' : null })}
        />
        <Toggle
          label={t('sessions.errors')}
          isOn={query.value.has('errors')}
          onChange={(isOn) => setQuery({ errors: isOn ? '1' : null })}
        />
        <button
          type="button"
          class="button"
          aria-pressed={chosen.value !== null}
          title={`${t('choose.start')} (e)`}
          onClick={() => setChoosing(chosen.peek() === null)}
        >
          <Icon name="check" /> {t('choose.start')}
        </button>
      </PageHead>
      <FilterBar hasCost />
      <ChoiceBar sessions={sessions} />
    </div>
  )
}

function NoSessions(): JSX.Element {
  if (about.value?.isEmpty === true) return <EmptyArchive />
  return (
    <Empty icon="filter" title={t('empty.sessions')}>
      {filterCount.value > 0 && (
        <button type="button" class="button" onClick={clearFilters}>
          {t('filter.clearAll')}
        </button>
      )}
      <LastSynced />
    </Empty>
  )
}

const railDimensions: readonly Dimension[] = dimensions

/** All facets with how many sessions each has. */
function Rail(): JSX.Element {
  return (
    <aside class="rail" aria-label={t('filter.label')}>
      {railDimensions.map((name) => (
        <section key={name}>
          <h2>{t(`dimension.${name}`)}</h2>
          <ValueList dimension={name} />
        </section>
      ))}
    </aside>
  )
}
