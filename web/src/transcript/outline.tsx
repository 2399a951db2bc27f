import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

import type { ApiOutlineEntry } from '../../../src/server/api.ts'
import { clock } from '../base/format.ts'
import { useVirtual } from '../base/virtual.ts'
import { sessionHref } from '../base/router.ts'
import { t } from '../i18n/index.ts'
import type { IconName } from '../parts/icon.tsx'
import { Icon } from '../parts/icon.tsx'
import { firstLine } from '../text/visible.ts'

const icons: Readonly<Record<ApiOutlineEntry['kind'], IconName>> = {
  prompt: 'right',
  compaction: 'compare',
  interruption: 'warn',
  subagent: 'agent',
}

/** Prompts, compactions and subagents of a session, to jump to; the one in view is marked. */
export function Outline({
  entries,
  sessionId,
  first,
  go,
}: {
  readonly entries: readonly ApiOutlineEntry[]
  readonly sessionId: string
  /** First message in view. */
  readonly first: number
  readonly go: (ordinal: number) => void
}): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null)
  const here = entries.findLastIndex(({ ordinal }) => ordinal <= first)
  const list = useVirtual({ count: entries.length, scroller, estimate: () => 44, overscan: 10 })
  useEffect(() => {
    if (here >= 0) list.scrollTo(here)
  }, [here])
  return (
    <nav class="outline" aria-label={t('outline.label')}>
      <h2>
        {t('outline.title')} <span class="mute">{entries.length}</span>
      </h2>
      <div class="outline-scroll" ref={scroller} tabIndex={-1}>
        <ol class="virtual" style={{ height: `${list.height}px` }}>
          {list.items.map((item) => {
            const entry = entries[item.index]
            if (entry === undefined) return null
            return (
              <li
                key={item.index}
                class="virtual-row"
                data-index={item.index}
                ref={list.measure}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <a
                  class={`outline-entry is-${entry.kind}`}
                  href={sessionHref(sessionId, entry.ordinal)}
                  aria-current={item.index === here ? 'location' : undefined}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey || event.shiftKey) return
                    event.preventDefault()
                    go(entry.ordinal)
                  }}
                >
                  <Icon name={icons[entry.kind]} />
                  <span class="outline-text">
                    {entry.kind === 'compaction' ? t('subtype.compact_boundary') : firstLine(entry.text, 120)}
                  </span>
                  <span class="mute number">{clock(entry.timestamp)}</span>
                </a>
              </li>
            )
          })}
        </ol>
      </div>
    </nav>
  )
}
