import { computed } from '@preact/signals'

import { listOf, query, setQuery } from './router.ts'
import type { Params } from './request.ts'
import { zone } from './settings.ts'

/** What everything can be narrowed by; the names are those of the command line and of the address. */
export const dimensions = ['machine', 'remote', 'project', 'agent', 'model'] as const
export type Dimension = (typeof dimensions)[number]

/** Spans offered for a click; any other date goes in the address as the command line takes it. */
export const spans = ['today', '7d', '30d', '90d', '1y'] as const
export type Span = (typeof spans)[number]

/** The filters of the address. */
export interface Filters {
  readonly lists: Readonly<Record<Dimension, readonly string[]>>
  readonly branch: readonly string[]
  readonly since: string
  readonly until: string
  /** Dollars, as typed; empty for an open end. Only lists of sessions know it. */
  readonly cost: { readonly least: string; readonly most: string }
}

export const filters = computed<Filters>(() => {
  const params = query.value
  return {
    lists: {
      machine: listOf(params, 'machine'),
      remote: listOf(params, 'remote'),
      project: listOf(params, 'project'),
      agent: listOf(params, 'agent'),
      model: listOf(params, 'model'),
    },
    branch: listOf(params, 'branch'),
    since: params.get('since') ?? '',
    until: params.get('until') ?? '',
    cost: { least: amountOf(params.get('cost_min')), most: amountOf(params.get('cost_max')) },
  }
})

/** What is no amount is none: an address may say anything. */
function amountOf(text: string | null): string {
  return text !== null && text.trim() !== '' && Number(text) >= 0 && Number(text) < 1e6 ? text.trim() : ''
}

/** The filters as parameters of the API, with the zone days are counted in. */
export const filterParams = computed<Params>(() => {
  const { lists, branch, since, until } = filters.value
  return { ...joined(lists), branch: branch.join(','), since: sinceParam(since), until, timezone: zone() }
})

function joined(lists: Filters['lists']): Params {
  return Object.fromEntries(dimensions.map((name) => [name, lists[name].join(',')]))
}

/** `1y` is a word of this page; the server knows days. */
function sinceParam(since: string): string {
  return since === '1y' ? '365d' : since
}

/** How many filters are set. */
export const filterCount = computed(() => {
  const { lists, branch, since, until, cost } = filters.value
  const inLists = dimensions.reduce((sum, name) => sum + lists[name].length, 0)
  return (
    inLists + branch.length + (since === '' ? 0 : 1) + (until === '' ? 0 : 1) + (cost.least + cost.most === '' ? 0 : 1)
  )
})

/** Adds a value to a filter, or takes it away when it is set. */
export function toggleFilter(name: Dimension | 'branch', value: string): void {
  const { lists, branch } = filters.peek()
  const set = name === 'branch' ? branch : lists[name]
  setQuery({ [name]: set.includes(value) ? set.filter((one) => one !== value) : [...set, value], cursor: null })
}

/** Removes every filter, leaving what else the address says. */
export function clearFilters(): void {
  const none = Object.fromEntries(
    [...dimensions, 'branch', 'since', 'until', 'q', 'errors', 'cost_min', 'cost_max'].map((name) => [name, null]),
  )
  setQuery(none)
}

/** An address with the filters of the present one, and more. */
export function withFilters(page: string, more: Readonly<Record<string, string>> = {}): string {
  const next = new URLSearchParams()
  for (const name of [...dimensions, 'branch', 'since', 'until']) {
    const value = query.value.get(name)
    if (value !== null && value !== '') next.set(name, value)
  }
  for (const [name, value] of Object.entries(more)) next.set(name, value)
  const text = next.toString()
  return text === '' ? page : `${page}?${text}`
}
