import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

import type { SessionEvent } from '../../../src/server/api.ts'
import { archiveTurn, sessionEvent } from '../base/events.ts'
import { useKeys } from '../base/keys.ts'
import { useVirtual } from '../base/virtual.ts'
import { t } from '../i18n/index.ts'
import { Icon } from '../parts/icon.tsx'
import { Empty, Failure, Skeleton } from '../parts/states.tsx'
import { useMarks } from './find-bar.tsx'
import { MessageView } from './message.tsx'
import type { Messages } from './use-messages.ts'

/** How the rest of the page moves the list, and what it learns of it. */
export interface ListHandle {
  go(ordinal: number): void
}

const estimated = 120

/** The messages of a session, of which only those in view exist. */
export function MessageList({
  sessionId,
  messages,
  target,
  prompts,
  isFollowing,
  setFirst,
  handle,
}: {
  readonly sessionId: string
  readonly messages: Messages
  /** The message the address names. */
  readonly target: number | null
  /** Ordinals of what people typed, in order. */
  readonly prompts: readonly number[]
  readonly isFollowing: boolean
  readonly setFirst: (ordinal: number) => void
  readonly handle: { current: ListHandle | null }
}): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null)
  const total = messages.total ?? 0
  const list = useVirtual({ count: total, scroller, estimate: () => estimated, overscan: 4 })
  const [marked, setMarked] = useState<number | null>(target)
  const firstIndex = list.first
  const lastIndex = list.items.at(-1)?.index ?? 0
  useEffect(() => {
    if (total > 0) messages.need(list.items[0]?.index ?? 0, lastIndex)
  })
  useEffect(() => setFirst(firstIndex), [firstIndex])
  useMarks(scroller)

  const go = (ordinal: number): void => {
    setMarked(ordinal)
    list.scrollTo(Math.min(Math.max(0, ordinal), total - 1), 'start')
  }
  handle.current = { go }
  const hasStarted = useRef<string | null>(null)
  useLayoutEffect(() => {
    if (total === 0 || hasStarted.current === sessionId) return
    hasStarted.current = sessionId
    if (target !== null) go(target)
  }, [total, sessionId])
  useEffect(() => {
    if (target !== null && hasStarted.current === sessionId) go(target)
  }, [target])

  const news = useNews(messages, isFollowing, () => list.scrollTo(total - 1, 'end'), list.isAtEnd)
  const step = (by: 1 | -1): void => go((marked ?? firstIndex) + by)
  const promptStep = (by: 1 | -1): void => {
    const here = marked ?? firstIndex
    const next = by > 0 ? prompts.find((ordinal) => ordinal > here) : prompts.findLast((ordinal) => ordinal < here)
    if (next !== undefined) go(next)
  }
  useKeys({ j: () => step(1), k: () => step(-1), J: () => promptStep(1), K: () => promptStep(-1) })

  if (messages.error !== null && messages.total === null)
    return <Failure error={messages.error} retry={messages.retry} />
  if (messages.total === null) return <Skeleton kind="card" rows={5} />
  if (total === 0) return <Empty title={t('transcript.empty')} />
  return (
    <div class="messages-frame">
      <div
        class="messages"
        ref={scroller}
        tabIndex={0}
        role="feed"
        aria-label={t('transcript.messages')}
        aria-busy={messages.total === null}
      >
        <div class="virtual" style={{ height: `${list.height}px` }}>
          {list.items.map((item) => {
            const message = messages.at(item.index)
            return (
              <div
                key={item.key}
                class="virtual-row message-row"
                data-index={item.index}
                ref={list.measure}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {message === null ? (
                  <div class="message-bone" aria-hidden="true" />
                ) : (
                  <MessageView message={message} sessionId={sessionId} isTarget={item.index === marked} />
                )}
              </div>
            )
          })}
        </div>
      </div>
      {messages.error !== null && (
        <div class="messages-error">
          <Failure error={messages.error} retry={messages.retry} />
        </div>
      )}
      {news.count > 0 && (
        <button type="button" class="news-pill" onClick={news.show}>
          <Icon name="down" /> {t('transcript.news', { count: news.count })}
        </button>
      )}
    </div>
  )
}

/** Watches for messages written while the session is open: follows them when asked to, else counts them. */
function useNews(
  messages: Messages,
  isFollowing: boolean,
  toEnd: () => void,
  isAtEnd: () => boolean,
): { readonly count: number; readonly show: () => void } {
  const [seen, setSeen] = useState<number | null>(null)
  const event: SessionEvent | null = sessionEvent.value
  const turn = archiveTurn.value
  const before = useRef(turn)
  useEffect(() => {
    if (event !== null && event.id === messages.id) messages.grow()
  }, [event])
  useEffect(() => {
    // Without a stream of news, a change of the archive may be one of this session.
    if (before.current !== turn) messages.grow()
    before.current = turn
  }, [turn])
  useEffect(() => {
    if (messages.total === null) return
    if (seen === null) setSeen(messages.total)
    else if (messages.total > seen && (isFollowing || isAtEnd())) {
      setSeen(messages.total)
      // The new rows are measured first.
      window.requestAnimationFrame(toEnd)
    }
  }, [messages.total, isFollowing])
  useEffect(() => {
    if (isFollowing) toEnd()
  }, [isFollowing])
  return {
    count: messages.total === null || seen === null ? 0 : Math.max(0, messages.total - seen),
    show: () => {
      setSeen(messages.total)
      toEnd()
    },
  }
}
