import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

import { api } from '../api.ts'
import { count } from '../base/format.ts'
import { useKeys } from '../base/keys.ts'
import { useLoad } from '../base/load.ts'
import { t } from '../i18n/index.ts'
import { IconButton } from '../parts/controls.tsx'
import { findText } from './view-state.ts'

const waitMs = 200

/** Finds words within a session: the server tells where, the page goes there. */
export function FindBar({
  sessionId,
  go,
  close,
}: {
  readonly sessionId: string
  readonly go: (ordinal: number) => void
  readonly close: () => void
}): JSX.Element {
  const [text, setText] = useState(findText.peek())
  const [asked, setAsked] = useState(text)
  const [at, setAt] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setAsked(text.trim())
      findText.value = text.trim()
    }, waitMs)
    return () => window.clearTimeout(timer)
  }, [text])
  useEffect(
    () => () => {
      findText.value = ''
    },
    [],
  )
  const { data, error } = useLoad(asked === '' ? null : `find ${sessionId} ${asked}`, (signal) =>
    api.find(sessionId, asked, signal),
  )
  const hits = data?.hits ?? []
  useEffect(() => {
    setAt(0)
    const first = data?.hits[0]
    if (first !== undefined) go(first.ordinal)
  }, [data])
  const move = (step: number): void => {
    if (hits.length === 0) return
    const next = (at + step + hits.length) % hits.length
    setAt(next)
    const hit = hits[next]
    if (hit !== undefined) go(hit.ordinal)
  }
  useKeys({ 'mod+g': () => move(1), 'mod+shift+g': () => move(-1), Escape: close })
  return (
    <search class="find-bar">
      <input
        ref={input}
        type="search"
        value={text}
        placeholder={t('find.placeholder')}
        aria-label={t('find.placeholder')}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') move(event.shiftKey ? -1 : 1)
          else if (event.key === 'Escape') close()
          else return
          event.preventDefault()
        }}
      />
      <span class="mute number" role="status">
        {error !== null
          ? error.message
          : asked === ''
            ? ''
            : t('find.count', { at: hits.length === 0 ? 0 : at + 1, count: count(data?.total ?? 0) })}
      </span>
      <IconButton icon="up" label={t('find.previous')} onClick={() => move(-1)} />
      <IconButton icon="down" label={t('find.next')} onClick={() => move(1)} />
      <IconButton icon="close" label={t('find.close')} onClick={close} />
    </search>
  )
}

/** Marks the words looked for in what is on the page, without touching it. */
export function useMarks(frame: { readonly current: HTMLElement | null }): void {
  const text = findText.value
  useEffect(() => {
    if (!('highlights' in CSS)) return
    if (text.length < 2 || frame.current === null) CSS.highlights.delete('find')
    else CSS.highlights.set('find', new Highlight(...rangesOf(frame.current, text.toLowerCase())))
  })
}

const mostMarks = 500

function rangesOf(root: HTMLElement, text: string): readonly Range[] {
  const ranges: Range[] = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null && ranges.length < mostMarks; node = walker.nextNode()) {
    const content = (node.nodeValue ?? '').toLowerCase()
    for (
      let at = content.indexOf(text);
      at >= 0 && ranges.length < mostMarks;
      at = content.indexOf(text, at + text.length)
    ) {
      // Lower case may be longer than what it was made of.
      if (at + text.length > (node.nodeValue ?? '').length) break
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + text.length)
      ranges.push(range)
    }
  }
  return ranges
}
