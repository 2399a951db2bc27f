import type { JSX, RefObject } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import type { ApiSession } from '../../../src/server/api.ts'
import { dayName, dayOf, usd } from '../base/format.ts'
import { useKeys } from '../base/keys.ts'
import { useVirtual } from '../base/virtual.ts'
import { settings, zone } from '../base/settings.ts'
import { t } from '../i18n/index.ts'
import { SessionRow } from './session-row.tsx'
import type { SessionPages } from './use-session-list.ts'

type Row =
  | { readonly kind: 'head'; readonly key: string; readonly name: string; readonly note: string }
  | { readonly kind: 'session'; readonly key: string; readonly session: ApiSession }
  | { readonly kind: 'more'; readonly key: string }

const endDays = new WeakMap<ApiSession, { readonly zone: string; readonly day: string }>()

/** The day a session was last active on; a list of thousands asks again for each with every page that comes. */
function endDay(session: ApiSession): string {
  if (session.endedAt === null) return ''
  const known = endDays.get(session)
  if (known?.zone === zone()) return known.day
  const day = dayOf(session.endedAt)
  endDays.set(session, { zone: zone(), day })
  return day
}

/** Sessions under the day they were last active on, or in one run when they are ordered otherwise. */
function rowsOf(pages: SessionPages, isByDay: boolean): readonly Row[] {
  const rows: Row[] = []
  let day = ''
  const daySessions = new Map<string, ApiSession[]>()
  if (isByDay) {
    for (const session of pages.sessions) {
      const name = endDay(session)
      const known = daySessions.get(name)
      if (known === undefined) daySessions.set(name, [session])
      else known.push(session)
    }
  }
  for (const session of pages.sessions) {
    const own = isByDay ? endDay(session) : ''
    if (isByDay && (own !== day || rows.length === 0)) {
      day = own
      const sessions = daySessions.get(own) ?? []
      const cost = sessions.reduce((sum, one) => sum + (one.costUSD ?? 0), 0)
      rows.push({
        kind: 'head',
        key: `day ${own}`,
        name: own === '' ? t('sessions.noDay') : dayName(own),
        note: `${t('sessions.count', { count: sessions.length })} · ${usd(cost)}`,
      })
    }
    rows.push({ kind: 'session', key: session.id, session })
  }
  if (pages.hasMore) rows.push({ kind: 'more', key: 'more' })
  return rows
}

/** A long list of sessions of which only the rows in view exist; the next page comes when its end does. */
export function SessionList({
  pages,
  isByDay,
  scroller,
}: {
  readonly pages: SessionPages
  readonly isByDay: boolean
  readonly scroller: RefObject<HTMLElement | null>
}): JSX.Element {
  const rows = useMemo(() => rowsOf(pages, isByDay), [pages, isByDay, settings.value])
  const rowHeight = settings.value.density === 'compact' ? 44 : 54
  const list = useVirtual({
    count: rows.length,
    scroller,
    estimate: (index) => (rows[index]?.kind === 'head' ? 34 : rowHeight),
    keyOf: (index) => rows[index]?.key ?? index,
    overscan: 12,
  })
  const last = list.items.at(-1)?.index ?? 0
  useEffect(() => {
    if (pages.hasMore && last >= rows.length - 20) pages.more()
  }, [pages, last, rows.length])
  useRowKeys(rows, list.scrollTo, scroller)
  return (
    <div class="virtual" style={{ height: `${list.height}px` }}>
      {list.items.map((item) => {
        const row = rows[item.index]
        if (row === undefined) return null
        return (
          <div
            key={row.key}
            class="virtual-row"
            data-index={item.index}
            ref={list.measure}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {row.kind === 'head' && (
              <h2 class="group-head">
                {row.name} <span class="mute">{row.note}</span>
              </h2>
            )}
            {row.kind === 'session' && <SessionRow session={row.session} />}
            {row.kind === 'more' && <div class="more-row mute">{t('state.loading')}</div>}
          </div>
        )
      })}
    </div>
  )
}

/** `j` and `k` walk through the rows; the row walked to has the focus, so that Enter opens it. */
function useRowKeys(
  rows: readonly Row[],
  scrollTo: (index: number) => void,
  scroller: RefObject<HTMLElement | null>,
): void {
  const at = useRef(-1)
  const [wanted, setWanted] = useState<string | null>(null)
  const move = (step: 1 | -1): void => {
    const focused = document.activeElement?.closest('[data-index]')?.getAttribute('data-index')
    let next = (focused === null || focused === undefined ? at.current : Number(focused)) + step
    while (rows[next] !== undefined && rows[next]?.kind !== 'session') next += step
    const row = rows[next]
    if (row?.kind !== 'session') return
    at.current = next
    scrollTo(next)
    setWanted(row.session.id)
  }
  useEffect(() => {
    if (wanted === null) return
    // The row is drawn after the scroll that brings it into view.
    window.requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-session="${CSS.escape(wanted)}"]`)?.focus()
      setWanted(null)
    })
  }, [wanted])
  useKeys({ j: () => move(1), k: () => move(-1) })
}
