import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'

import type { LiveAnswer } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { connection, isSyncing, syncEvent } from '../base/events.ts'
import { bytes, usd } from '../base/format.ts'
import { useLoad } from '../base/load.ts'
import { sessionHref } from '../base/router.ts'
import { t, wordFor } from '../i18n/index.ts'
import { firstLine } from '../text/visible.ts'
import { MachineChip } from './chips.tsx'

const refreshMs = 60_000
const mostShown = 6

/** What runs now on all machines, in one line under the page's head; absent while nothing runs. */
export function LiveStrip(): JSX.Element | null {
  const [minute, setMinute] = useState(0)
  useEffect(() => {
    const timer = window.setInterval(() => setMinute((before) => before + 1), refreshMs)
    return () => window.clearInterval(timer)
  }, [])
  const { data } = useLoad(`live ${minute}`, (signal) => api.live(signal))
  const [last, setLast] = useState<LiveAnswer | null>(null)
  useEffect(() => {
    if (data !== null) setLast(data)
  }, [data])
  const sessions = last?.sessions ?? []
  if (sessions.length === 0) return null
  return (
    <section class="live-strip" aria-label={t('live.label')}>
      <span class="live-count">
        <span class="pulse" aria-hidden="true" />
        {t('live.count', { count: sessions.length })}
      </span>
      <ul>
        {sessions.slice(0, mostShown).map((session) => (
          <li key={session.id}>
            <a href={sessionHref(session.id, session.last?.ordinal ?? null)} title={session.title}>
              <MachineChip machine={session.machine} />
              <span class="live-title">{firstLine(session.title, 40)}</span>
              {session.last !== null && (
                <span class="mute live-last">{session.last.tool ?? firstLine(session.last.text, 60)}</span>
              )}
            </a>
          </li>
        ))}
      </ul>
      {last !== null && last.lastHour.totalTokens > 0 && (
        <span class="mute number">{t('live.rate', { cost: usd(last.lastHour.costUSD) })}</span>
      )}
    </section>
  )
}

/** How the page hears of news, and how far a sync is. */
export function ConnectionMark(): JSX.Element {
  const event = syncEvent.value
  const state = isSyncing.value ? 'syncing' : connection.value
  const progress =
    isSyncing.value && event?.kind === 'sync-progressed'
      ? `${event.remote} ${event.doneObjects}/${event.plannedObjects} · ${bytes(event.readBytes)}`
      : wordFor('connection', state)
  return (
    <span class={`connection is-${state}`} role="status" title={wordFor('connectionTitle', state)}>
      <span class="dot" aria-hidden="true" />
      <span class="connection-text">{progress}</span>
    </span>
  )
}
