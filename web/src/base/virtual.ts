import {
  elementScroll,
  measureElement,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core'
import type { VirtualItem } from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks'

/** The rows of a long list that are in view, and how to go to one. */
export interface VirtualRows {
  readonly items: readonly VirtualItem[]
  /** Height of the whole list in pixels. */
  readonly height: number
  /** Give it each row's element, which carries `data-index`. */
  readonly measure: (element: Element | null) => void
  scrollTo(index: number, align?: 'auto' | 'start' | 'center' | 'end'): void
  /** First row in view. */
  readonly first: number
  readonly isAtEnd: () => boolean
}

/**
 * Shows only the rows in view of a scrolled element.
 * @param options `estimate` gives a row's height before it was ever measured
 */
export function useVirtual(options: {
  readonly count: number
  readonly scroller: RefObject<HTMLElement | null>
  readonly estimate: (index: number) => number
  readonly keyOf?: (index: number) => string | number
  readonly overscan?: number
  readonly start?: number
}): VirtualRows {
  const [, redraw] = useReducer((turn: number) => turn + 1, 0)
  const kept = useRef<Virtualizer<HTMLElement, Element> | null>(null)
  const settings = {
    count: options.count,
    getScrollElement: () => options.scroller.current,
    estimateSize: options.estimate,
    ...(options.keyOf === undefined ? {} : { getItemKey: options.keyOf }),
    overscan: options.overscan ?? 6,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    measureElement,
    ...(options.start === undefined ? {} : { scrollPaddingStart: options.start }),
    onChange: () => redraw(undefined),
  }
  kept.current ??= new Virtualizer<HTMLElement, Element>(settings)
  const list = kept.current
  list.setOptions(settings)
  useLayoutEffect(() => list._didMount(), [list])
  useLayoutEffect(() => list._willUpdate())
  const items = list.getVirtualItems()
  const offset = list.scrollOffset ?? 0
  return {
    items,
    height: list.getTotalSize(),
    measure: list.measureElement,
    scrollTo: (index, align = 'auto') => list.scrollToIndex(index, { align }),
    first: items.find((item) => item.end > offset)?.index ?? 0,
    isAtEnd: () => {
      const element = options.scroller.current
      return element === null || element.scrollHeight - element.scrollTop - element.clientHeight < 80
    },
  }
}
