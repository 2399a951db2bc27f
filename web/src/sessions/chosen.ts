import { signal } from '@preact/signals'

/** Ids of the sessions chosen from the list, in the order of choosing; null while none are being chosen. */
export const chosen = signal<ReadonlySet<string> | null>(null)

/** As many as one file takes. */
export const mostChosen = 100

/** Begins or ends choosing; what was chosen is forgotten at its end. */
export function setChoosing(isOn: boolean): void {
  chosen.value = isOn ? new Set() : null
}

/** Chooses a session, or no longer. */
export function toggleChosen(id: string): void {
  const next = new Set(chosen.peek())
  if (!next.delete(id) && next.size < mostChosen) next.add(id)
  chosen.value = next
}

/** Chooses these as well, as far as there is room. */
export function chooseAll(ids: readonly string[]): void {
  chosen.value = new Set([...(chosen.peek() ?? []), ...ids].slice(0, mostChosen))
}
