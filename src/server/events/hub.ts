import { randomUUID } from 'node:crypto'

import type { ApiEvents } from '../api.ts'

/** An event as it is sent; `id` is null for those that are not kept. */
export interface SentEvent {
  readonly id: string | null
  readonly name: keyof ApiEvents
  readonly data: string
}

type Listener = (event: SentEvent) => void

/** Where events of this server meet those who listen; it keeps the last ones for listeners that come back. */
export interface EventHub {
  publish<N extends Exclude<keyof ApiEvents, 'hello' | 'reset'>>(name: N, data: ApiEvents[N]): void
  /**
   * Listens from now on, after being told what came since the event `lastId`; when that is not kept any
   * more, the listener is told `reset`.
   * @returns what stops it
   */
  listen(lastId: string | null, listener: Listener): () => void
  /** Is told when somebody begins to listen, and when nobody does any more. */
  onListening(change: (isListening: boolean) => void): void
}

/** Makes a hub. @param keptEvents  how many events can be sent again */
export function makeEventHub(keptEvents = 2000): EventHub {
  // Ids of an earlier server must not be taken for ours.
  const series = randomUUID().slice(0, 8)
  const kept: SentEvent[] = []
  const listeners = new Set<Listener>()
  let changed: (isListening: boolean) => void = () => undefined
  let next = 1
  const missed = (lastId: string): readonly SentEvent[] => {
    const [of = '', at = ''] = lastId.split('-')
    const oldest = next - kept.length
    const wanted = Number(at) + 1
    const isKept = of === series && Number.isSafeInteger(wanted) && wanted >= oldest && wanted <= next
    return isKept ? kept.slice(wanted - oldest) : [{ id: null, name: 'reset', data: '{"kind":"reset"}' }]
  }
  return {
    publish: (name, data) => {
      const event = { id: `${series}-${next}`, name, data: JSON.stringify(data) }
      next += 1
      kept.push(event)
      if (kept.length > keptEvents) kept.shift()
      for (const listener of listeners) listener(event)
    },
    listen: (lastId, listener) => {
      for (const event of lastId === null ? [] : missed(lastId)) listener(event)
      listeners.add(listener)
      if (listeners.size === 1) changed(true)
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) changed(false)
      }
    },
    onListening: (change) => {
      changed = change
    },
  }
}
