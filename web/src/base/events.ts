import { signal } from '@preact/signals'

import type { ApiEvents, SessionEvent, SyncStreamEvent } from '../../../src/server/api.ts'
import { freshness } from './freshness.ts'

/** Rises when something in the archive changed: what is shown may be asked for again. */
export const archiveTurn = signal(0)
/** How the page hears of changes: by the stream, by asking now and then, or not at all. */
export const connection = signal<'open' | 'polling' | 'offline'>('offline')
/** The latest word on a session that grew. */
export const sessionEvent = signal<SessionEvent | null>(null)
/** The latest word on a sync of the server. */
export const syncEvent = signal<SyncStreamEvent | null>(null)
/** A sync of the server is under way. */
export const isSyncing = signal(false)

const pollMs = 20_000
const retryMs = 5000
/** Compares what is shown with the news. */
export const shown = freshness(() => changed())
let poll: number | undefined

/** Listens to the server for as long as the page lives; asks now and then while there is no stream. */
export function listen(): void {
  const source = new EventSource('/api/v1/events')
  const on = <Name extends keyof ApiEvents>(name: Name, take: (data: ApiEvents[Name]) => void): void =>
    source.addEventListener(name, (event) => take(JSON.parse((event as MessageEvent<string>).data) as ApiEvents[Name]))
  source.addEventListener('open', () => {
    connection.value = 'open'
    window.clearInterval(poll)
  })
  source.addEventListener('error', () => {
    const isClosed = source.readyState === EventSource.CLOSED
    connection.value = navigator.onLine ? 'polling' : 'offline'
    window.clearInterval(poll)
    poll = window.setInterval(() => changed(), pollMs)
    // A refused stream is not tried again by the browser itself.
    if (isClosed) window.setTimeout(listen, retryMs)
  })
  on('hello', (data) => {
    isSyncing.value = data.isSyncing
    shown.tell(data.version)
  })
  on('reset', () => changed())
  on('archive', (data) => shown.tell(data.version))
  on('session', (data) => {
    sessionEvent.value = data
  })
  on('sync', (data) => {
    syncEvent.value = data
    if (data.kind === 'sync-started') isSyncing.value = true
    if (data.kind === 'sync-finished' || data.kind === 'sync-failed') isSyncing.value = false
  })
}

let waiting: number | undefined

/** Several changes within a second are one. */
function changed(): void {
  waiting ??= window.setTimeout(() => {
    waiting = undefined
    shown.forget()
    archiveTurn.value += 1
  }, 800)
}

window.addEventListener('offline', () => {
  connection.value = 'offline'
})
window.addEventListener('online', () => {
  if (connection.value === 'offline') connection.value = 'polling'
  changed()
})
