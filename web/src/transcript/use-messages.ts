import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

import type { ApiMessage } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { ApiError } from '../base/request.ts'

/** Messages of one session, fetched by the hundred where they come into view. */
export interface Messages {
  /** The session's whole id, whatever part of it the address has; null until something is here. */
  readonly id: string | null
  readonly total: number | null
  readonly error: ApiError | null
  /** The message, or null while it is not here yet. */
  at(ordinal: number): ApiMessage | null
  /** Makes sure these are here, or on their way. */
  need(first: number, last: number): void
  /** Asks for the end again: more may have been written. */
  grow(): void
  retry(): void
}

const pageSize = 100
/** So many messages before and after those in view are fetched as well: a wheel reaches them within a second. */
const ahead = 80

interface Kept {
  readonly id: string
  readonly pages: Map<number, readonly ApiMessage[] | 'coming'>
  readonly stop: AbortController
}

/** Loads the messages of a session as they are needed. */
export function useMessages(id: string, start: number): Messages {
  const [, redraw] = useState(0)
  const [total, setTotal] = useState<{ readonly id: string; readonly wholeId: string; readonly value: number } | null>(
    null,
  )
  const [error, setError] = useState<ApiError | null>(null)
  const kept = useRef<Kept>({ id, pages: new Map(), stop: new AbortController() })
  if (kept.current.id !== id) {
    kept.current.stop.abort()
    kept.current = { id, pages: new Map(), stop: new AbortController() }
  }

  const load = useCallback(
    (page: number): void => {
      const { pages, stop } = kept.current
      const before = pages.get(page)
      if (before === undefined) pages.set(page, 'coming')
      api.messages(id, { from: page * pageSize, limit: pageSize }, stop.signal).then(
        (answer) => {
          if (stop.signal.aborted) return
          pages.set(page, answer.messages)
          setTotal({ id, wholeId: answer.sessionId, value: answer.total })
          setError(null)
          redraw((turn) => turn + 1)
        },
        (failure: unknown) => {
          if (stop.signal.aborted) return
          if (pages.get(page) === 'coming') pages.delete(page)
          setError(failure instanceof ApiError ? failure : ApiError.ofBug(failure))
        },
      )
    },
    [id],
  )

  useEffect(() => {
    load(Math.floor(Math.max(0, start) / pageSize))
    return () => kept.current.stop.abort()
    // Only another session begins anew; a link within it just scrolls.
  }, [load])

  const known = total?.id === id ? total.value : null
  return {
    id: total?.id === id ? total.wholeId : null,
    total: known,
    error,
    at: (ordinal) => {
      const page = kept.current.pages.get(Math.floor(ordinal / pageSize))
      return page === undefined || page === 'coming' ? null : (page[ordinal % pageSize] ?? null)
    },
    need: (first, last) => {
      if (known === null || error !== null) return
      const [from, to] = [Math.max(0, first - ahead), Math.min(known - 1, last + ahead)]
      for (let page = Math.floor(from / pageSize); page <= Math.floor(to / pageSize); page += 1) {
        if (!kept.current.pages.has(page)) load(page)
      }
    },
    grow: () => load(Math.floor(Math.max(0, (known ?? 1) - 1) / pageSize)),
    retry: () => {
      setError(null)
      load(Math.floor(Math.max(0, start) / pageSize))
    },
  }
}
