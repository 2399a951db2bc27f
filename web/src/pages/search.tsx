import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import type { ApiCount, ApiHit, ApiSearchFacets } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { filterParams, filters, toggleFilter } from '../base/filters.ts'
import { ago, count, exactly, short } from '../base/format.ts'
import { useKeys } from '../base/keys.ts'
import { useLoad } from '../base/load.ts'
import { ApiError } from '../base/request.ts'
import { query, sessionHref, setQuery } from '../base/router.ts'
import { forgetSearch, savedSearches, saveSearch } from '../base/stars.ts'
import { t } from '../i18n/index.ts'
import { AgentChip, MachineChip } from '../parts/chips.tsx'
import { IconButton } from '../parts/controls.tsx'
import { FilterBar, valueName } from '../parts/filter-bar.tsx'
import { PageHead } from '../parts/frame.tsx'
import { Icon } from '../parts/icon.tsx'
import { Empty, Failure, LastSynced, Skeleton } from '../parts/states.tsx'
import { firstLine, visible } from '../text/visible.ts'

const pageSize = 50

/** Full-text search over all machines, with counts by what hits have in common. */
export function SearchPage(): JSX.Element {
  const asked = query.value.get('q') ?? ''
  return (
    <div class="page search">
      <PageHead title={t('nav.search')} />
      <SearchField key={asked} asked={asked} />
      <FilterBar />
      {asked.trim() === '' ? <Start /> : <Results asked={asked} />}
    </div>
  )
}

function SearchField({ asked }: { readonly asked: string }): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const field = input.current
    field?.focus()
    field?.setSelectionRange(field.value.length, field.value.length)
  }, [])
  useKeys({ '/': () => input.current?.select() })
  return (
    <form
      role="search"
      class="search-form"
      onSubmit={(event) => {
        event.preventDefault()
        setQuery({ q: input.current?.value ?? '' })
      }}
    >
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        name="q"
        defaultValue={asked}
        placeholder={t('search.placeholder')}
        aria-label={t('search.placeholder')}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          document.querySelector<HTMLElement>('.hit')?.focus()
        }}
      />
      <button class="button primary">{t('nav.search')}</button>
    </form>
  )
}

/** Before a search: how to ask, and the searches that are kept. */
function Start(): JSX.Element {
  return (
    <div class="search-start">
      <section>
        <h2>{t('search.how')}</h2>
        <dl class="facts">
          {(['words', 'phrase', 'or', 'not', 'prefix', 'cjk'] as const).map((kind) => (
            <div key={kind}>
              <dt class="mono">{t(`search.example.${kind}`)}</dt>
              <dd>{t(`search.means.${kind}`)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section>
        <h2>{t('search.saved')}</h2>
        {savedSearches.value.length === 0 && <p class="mute">{t('search.noneSaved')}</p>}
        <ul class="plain">
          {savedSearches.value.map((saved) => (
            <Saved key={saved.query} query={saved.query} seen={saved.seen} />
          ))}
        </ul>
      </section>
    </div>
  )
}

/** A kept search, with how many hits came since it was last opened. */
function Saved({ query: saved, seen }: { readonly query: string; readonly seen: number }): JSX.Element {
  const { data } = useLoad(`saved ${saved}`, (signal) => api.search({ q: saved, limit: 1 }, signal))
  const fresh = data === null ? 0 : Math.max(0, data.total - seen)
  return (
    <li class="saved">
      <a href={`/search?q=${encodeURIComponent(saved)}`}>{visible(saved)}</a>
      {fresh > 0 && <span class="tag tone-good">{t('search.fresh', { count: count(fresh) })}</span>}
      {data !== null && <span class="mute number">{count(data.total)}</span>}
      <IconButton icon="close" label={t('search.forget', { query: saved })} onClick={() => forgetSearch(saved)} />
    </li>
  )
}

interface Group {
  readonly sessionId: string
  readonly hits: readonly ApiHit[]
}

/** Hits of one session together, in the order of their best one. */
function grouped(hits: readonly ApiHit[]): readonly Group[] {
  const groups = new Map<string, ApiHit[]>()
  for (const hit of hits) groups.set(hit.sessionId, [...(groups.get(hit.sessionId) ?? []), hit])
  return [...groups].map(([sessionId, own]) => ({ sessionId, hits: own }))
}

function Results({ asked }: { readonly asked: string }): JSX.Element {
  const params = { ...filterParams.value, q: asked, limit: pageSize }
  const key = `search ${JSON.stringify(params)}`
  const { data, error, reload } = useLoad(key, (signal) => api.search({ ...params, facets: true }, signal), true)
  const [more, setMore] = useState<{
    readonly key: string
    readonly hits: readonly ApiHit[]
    readonly next: string | null
  }>({
    key: '',
    hits: [],
    next: null,
  })
  const [moreError, setMoreError] = useState<ApiError | null>(null)
  useEffect(() => {
    if (data === null) return
    setMore({ key, hits: [], next: data.nextCursor })
    // Opening a kept search means its hits were seen.
    if (savedSearches.peek().some((saved) => saved.query === asked)) saveSearch({ query: asked, seen: data.total })
  }, [data])
  const loadMore = (): void => {
    api.search({ ...params, cursor: more.next }, undefined).then(
      (answer) => {
        setMoreError(null)
        setMore((before) =>
          before.key === key ? { key, hits: [...before.hits, ...answer.hits], next: answer.nextCursor } : before,
        )
      },
      (failure: unknown) => setMoreError(failure instanceof ApiError ? failure : ApiError.ofBug(failure)),
    )
  }
  const hits = useMemo(() => [...(data?.hits ?? []), ...(more.key === key ? more.hits : [])], [data, more, key])
  const groups = useMemo(() => grouped(hits), [hits])
  useHitKeys()
  if (error !== null) return <Failure error={error} retry={reload} />
  if (data === null) return <Skeleton rows={8} />
  const isSaved = savedSearches.value.some((saved) => saved.query === asked)
  return (
    <div class="search-results">
      {data.facets !== null && <Facets facets={data.facets} />}
      <div class="search-hits">
        <p class="search-total">
          <span role="status">{t('search.total', { count: count(data.total), sessions: count(groups.length) })}</span>
          <IconButton
            icon="star"
            filled={isSaved}
            isOn={isSaved}
            label={isSaved ? t('search.unsave') : t('search.save')}
            onClick={() => (isSaved ? forgetSearch(asked) : saveSearch({ query: asked, seen: data.total }))}
          />
        </p>
        {data.total === 0 && (
          <Empty icon="search" title={t('search.none')}>
            <p>{t('search.noneHint')}</p>
            <LastSynced />
          </Empty>
        )}
        {groups.map((group) => (
          <HitGroup key={group.sessionId} group={group} asked={asked} />
        ))}
        {moreError !== null && <Failure error={moreError} retry={loadMore} />}
        {more.next !== null && more.key === key && (
          <button type="button" class="button" onClick={loadMore}>
            {t('search.more', { count: count(data.total - hits.length) })}
          </button>
        )}
      </div>
    </div>
  )
}

/** `j` and `k` walk through the hits; Enter opens the one that has the focus. */
function useHitKeys(): void {
  const move = (step: 1 | -1): void => {
    const hits = [...document.querySelectorAll<HTMLElement>('.hit')]
    const at = hits.findIndex((hit) => hit === document.activeElement)
    hits[Math.min(hits.length - 1, Math.max(0, at + step))]?.focus()
  }
  useKeys({ j: () => move(1), k: () => move(-1) })
}

function HitGroup({ group, asked }: { readonly group: Group; readonly asked: string }): JSX.Element | null {
  const [first] = group.hits
  if (first === undefined) return null
  return (
    <section class="hit-group">
      <h2>
        <a href={sessionHref(first.sessionId)}>{firstLine(first.title, 120)}</a>
        <MachineChip machine={first.machine} />
        <AgentChip agent={first.agent} />
        {first.project !== null && <span class="mute">{visible(first.project)}</span>}
        <span class="mute number">{t('search.hits', { count: group.hits.length })}</span>
      </h2>
      {group.hits.map((hit) => (
        <a
          key={hit.ordinal}
          class="hit"
          href={`${sessionHref(hit.sessionId, hit.ordinal)}&q=${encodeURIComponent(asked)}`}
        >
          <span class="hit-where mute">
            <span class="number">#{hit.ordinal}</span> {t(`searchRole.${hit.role}`)}
            {hit.field === 'thinking' && <> · {t('message.thinking')}</>}
          </span>
          <Snippet text={hit.snippet} matches={hit.matches} />
          <time class="mute number" dateTime={hit.timestamp ?? ''} title={exactly(hit.timestamp)}>
            {ago(hit.timestamp)}
          </time>
        </a>
      ))}
    </section>
  )
}

function Snippet({ text, matches }: { readonly text: string; readonly matches: ApiHit['matches'] }): JSX.Element {
  const parts: (JSX.Element | string)[] = []
  let at = 0
  for (const [start, end] of matches) {
    if (start < at || end > text.length) continue
    parts.push(visible(text.slice(at, start)), <mark key={start}>{visible(text.slice(start, end))}</mark>)
    at = end
  }
  parts.push(visible(text.slice(at)))
  return <span class="snippet">{parts}</span>
}

const facetNames = ['machine', 'agent', 'project'] as const
const mostShown = 8

function Facets({ facets }: { readonly facets: ApiSearchFacets }): JSX.Element {
  return (
    <aside class="facets" aria-label={t('search.facets')}>
      {facetNames.map((name) => (
        <section key={name}>
          <h2>{t(`dimension.${name}`)}</h2>
          <FacetList
            counts={facets[name]}
            nameOf={(value) => valueName(name, value)}
            isOn={(value) => filters.value.lists[name].includes(value)}
            choose={(value) => toggleFilter(name, value)}
          />
        </section>
      ))}
      <section>
        <h2>{t('search.months')}</h2>
        <FacetList
          counts={facets.month}
          nameOf={(value) => value ?? t('value.none')}
          isOn={(value) => filters.value.since === value}
          choose={(value) =>
            setQuery(filters.value.since === value ? { since: null, until: null } : { since: value, until: value })
          }
        />
      </section>
      <section>
        <h2>{t('search.roles')}</h2>
        <ul class="plain facet-list">
          {facets.role.map(({ value, count: hits }) => (
            <li key={value} class="facet-plain">
              {value === 'user' || value === 'assistant' || value === 'system' ? t(`searchRole.${value}`) : value}
              <span class="mute number">{short(hits)}</span>
            </li>
          ))}
        </ul>
      </section>
    </aside>
  )
}

function FacetList({
  counts,
  nameOf,
  isOn,
  choose,
}: {
  readonly counts: readonly ApiCount[]
  readonly nameOf: (value: string | null) => string
  readonly isOn: (value: string) => boolean
  readonly choose: (value: string) => void
}): JSX.Element {
  return (
    <ul class="plain facet-list">
      {counts.slice(0, mostShown).map(({ value, count: hits }) => (
        <li key={value}>
          <button
            type="button"
            aria-pressed={value !== null && isOn(value)}
            disabled={value === null}
            onClick={() => value !== null && choose(value)}
          >
            <span class="value-name">{nameOf(value)}</span>
            <span class="mute number">{short(hits)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
