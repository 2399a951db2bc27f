import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

import { modelShort, short } from '../base/format.ts'
import type { Dimension } from '../base/filters.ts'
import { clearFilters, dimensions, filterCount, filters, spans, toggleFilter } from '../base/filters.ts'
import { setQuery } from '../base/router.ts'
import { agentName, colourOf, valuesOf } from '../base/shared.ts'
import { t, wordFor } from '../i18n/index.ts'
import { visible } from '../text/visible.ts'
import { Choice, Menu } from './controls.tsx'
import { Icon } from './icon.tsx'

/** What a value of a dimension is called. */
export function valueName(dimension: Dimension, value: string | null): string {
  if (value === null || value === '') return t('value.none')
  if (dimension === 'agent') return agentName(value)
  return visible(dimension === 'model' ? modelShort(value) : value)
}

/** All filters in one line: those set as chips that can be taken away, and a menu for more. */
export function FilterBar({
  hasSpan = true,
  hasCost = false,
}: {
  readonly hasSpan?: boolean
  /** What is listed has a cost of its own. */
  readonly hasCost?: boolean
}): JSX.Element {
  const { lists, branch, since, until } = filters.value
  const knownSpan = spans.find((span) => span === since)
  return (
    <div class="filter-bar" role="group" aria-label={t('filter.label')}>
      {hasSpan && (
        <Choice
          label={t('filter.span')}
          isLabelShown={false}
          values={['', ...spans, ...(since !== '' && knownSpan === undefined ? [since] : [])]}
          value={since}
          names={(value) => (value === '' ? t('span.all') : wordFor('span', value))}
          onChange={(value) => setQuery({ since: value === '' ? null : value, until: null })}
        />
      )}
      {dimensions.map((name) => (
        <DimensionMenu key={name} dimension={name} />
      ))}
      {hasCost && <CostMenu />}
      {dimensions.flatMap((name) =>
        lists[name].map((value) => (
          <FilterChip
            key={`${name}=${value}`}
            name={t(`dimension.${name}`)}
            value={valueName(name, value)}
            colour={name === 'machine' ? colourOf(name, value) : null}
            remove={() => toggleFilter(name, value)}
          />
        )),
      )}
      {branch.map((value) => (
        <FilterChip
          key={value}
          name={t('dimension.branch')}
          value={visible(value)}
          colour={null}
          remove={() => toggleFilter('branch', value)}
        />
      ))}
      {until !== '' && (
        <FilterChip
          name={t('filter.until')}
          value={visible(until)}
          colour={null}
          remove={() => setQuery({ until: null })}
        />
      )}
      {hasCost && <CostChip />}
      {filterCount.value > 1 && (
        <button type="button" class="button quiet" onClick={clearFilters}>
          {t('filter.clear')}
        </button>
      )}
    </div>
  )
}

function FilterChip({
  name,
  value,
  colour,
  remove,
}: {
  readonly name: string
  readonly value: string
  readonly colour: number | null
  readonly remove: () => void
}): JSX.Element {
  return (
    <button type="button" class="filter-chip" onClick={remove} aria-label={t('filter.remove', { name, value })}>
      {colour !== null && <span class={`dot series-${colour}`} aria-hidden="true" />}
      <span class="mute">{name}</span> <span class="chip-text">{value}</span>
      <Icon name="close" />
    </button>
  )
}

function CostChip(): JSX.Element | null {
  const { least, most } = filters.value.cost
  if (least === '' && most === '') return null
  const key = least === '' ? 'cost.most' : most === '' ? 'cost.least' : 'cost.between'
  return (
    <FilterChip
      name={t('column.cost')}
      value={t(key, { least: `$${least}`, most: `$${most}` })}
      colour={null}
      remove={() => setQuery({ cost_min: null, cost_max: null })}
    />
  )
}

function CostMenu(): JSX.Element {
  const { least, most } = filters.value.cost
  return (
    <Menu
      name="cost"
      label={t('filter.by', { name: t('column.cost') })}
      button={
        <>
          {t('column.cost')} <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <form
          class="cost-range"
          onSubmit={(event) => {
            event.preventDefault()
            const given = new FormData(event.currentTarget)
            const value = (name: string): string | null => {
              const text = given.get(name)
              return typeof text === 'string' && text.trim() !== '' ? text.trim() : null
            }
            setQuery({ cost_min: value('least'), cost_max: value('most') })
            close()
          }}
        >
          <Amount name="least" label={t('cost.from')} value={least} />
          <Amount name="most" label={t('cost.to')} value={most} />
          <button type="submit" class="button">
            {t('cost.apply')}
          </button>
        </form>
      )}
    </Menu>
  )
}

function Amount({
  name,
  label,
  value,
}: {
  readonly name: string
  readonly label: string
  readonly value: string
}): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <input type="number" name={name} min="0" max="999999" step="any" inputMode="decimal" defaultValue={value} />
    </label>
  )
}

function DimensionMenu({ dimension }: { readonly dimension: Dimension }): JSX.Element | null {
  const values = valuesOf(dimension)
  if (values.length < 2 && filters.value.lists[dimension].length === 0) return null
  return (
    <Menu
      name={dimension}
      label={t('filter.by', { name: t(`dimension.${dimension}`) })}
      button={
        <>
          {t(`dimension.${dimension}`)} <Icon name="down" />
        </>
      }
    >
      {() => <ValueList dimension={dimension} />}
    </Menu>
  )
}

const mostShown = 200

/** Values of a dimension to tick, with a field to narrow a long list. */
export function ValueList({ dimension }: { readonly dimension: Dimension }): JSX.Element {
  const [part, setPart] = useState('')
  const set = filters.value.lists[dimension]
  const values = valuesOf(dimension).filter(({ value }) => (value ?? '').toLowerCase().includes(part.toLowerCase()))
  return (
    <div class="value-list">
      {valuesOf(dimension).length > 8 && (
        <input
          type="search"
          value={part}
          placeholder={t('filter.narrow')}
          aria-label={t('filter.narrow')}
          onInput={(event) => setPart(event.currentTarget.value)}
        />
      )}
      <ul>
        {values.slice(0, mostShown).map(({ value, count }) =>
          value === null ? null : (
            <li key={value}>
              <label class="value">
                <input type="checkbox" checked={set.includes(value)} onChange={() => toggleFilter(dimension, value)} />
                {dimension === 'machine' && (
                  <span class={`dot series-${colourOf(dimension, value)}`} aria-hidden="true" />
                )}
                <span class="value-name" title={visible(value)}>
                  {valueName(dimension, value)}
                </span>
                <span class="mute number">{short(count)}</span>
              </label>
            </li>
          ),
        )}
      </ul>
    </div>
  )
}
