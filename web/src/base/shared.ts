import { computed, effect, signal } from '@preact/signals'

import type { AboutAnswer, ApiRemote, FacetsAnswer } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { archiveTurn } from './events.ts'
import type { Dimension } from './filters.ts'
import { ApiError } from './request.ts'

/** What this server is; null until it has answered. */
export const about = signal<AboutAnswer | null>(null)
/** What there is to filter by. */
export const facets = signal<FacetsAnswer | null>(null)
/** State of every remote. */
export const remotes = signal<readonly ApiRemote[] | null>(null)
/** Why the three above are old or missing. */
export const sharedError = signal<ApiError | null>(null)

/** Remotes that could not be read the last time: what is shown lacks what they hold since. */
export const failingRemotes = computed(() => (remotes.value ?? []).filter(({ state }) => state === 'failing'))

/** Keeps what every page needs up to date. */
export function keepShared(): void {
  effect(() => {
    void archiveTurn.value
    void loadShared()
  })
}

async function loadShared(): Promise<void> {
  try {
    about.value = await api.about(undefined)
    const [facetsNow, remotesNow] = await Promise.all([api.facets(undefined), api.remotes(undefined)])
    facets.value = facetsNow
    remotes.value = remotesNow.remotes
    sharedError.value = null
  } catch (error) {
    sharedError.value = error instanceof ApiError ? error : ApiError.ofBug(error)
  }
}

/** Known values of a dimension, the most frequent first. */
export function valuesOf(dimension: Dimension): FacetsAnswer['machines'] {
  const known = facets.value
  if (known === null) return []
  const lists = {
    machine: known.machines,
    remote: known.remotes,
    project: known.projects,
    agent: known.agents,
    model: known.models,
  }
  return lists[dimension]
}

/** How many colours series have before they share one. */
export const seriesColours = 8

/** The colour of a value in every chart and chip: by its place among the known ones, so that it never changes. */
export function colourOf(dimension: Dimension, value: string | null): number {
  const at = valuesOf(dimension).findIndex((known) => known.value === value)
  return at < 0 ? seriesColours : at % seriesColours
}

/** The name of an agent for people: the first word of its program's name. */
export function agentName(id: string): string {
  return about.value?.agents.find((agent) => agent.id === id)?.name ?? id
}

/** The place of an agent in the server's list, for its colour. */
export function agentSlot(id: string): number {
  const at = about.value?.agents.findIndex((agent) => agent.id === id) ?? -1
  return at < 0 ? 6 : at % 6
}
