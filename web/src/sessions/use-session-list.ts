import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'

import type { ApiSession, SessionsAnswer } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { archiveTurn } from '../base/events.ts'
import type { Params } from '../base/request.ts'
import { ApiError, apiHref } from '../base/request.ts'

/** Sessions fetched so far of one question, and how to get more. */
export interface SessionPages {
  readonly sessions: readonly ApiSession[]
  readonly total: number | null
  readonly hasMore: boolean
  readonly isLoading: boolean
  readonly error: ApiError | null
  more(): void
  reload(): void
}

const pageSize = 100
/** Whoever reads on past the first page goes far. */
const nextPageSize = 300
/** Most rows one answer holds. */
const mostRows = 500

interface State {
  readonly key: string
  readonly sessions: readonly ApiSession[]
  readonly total: number | null
  readonly next: string | null
  readonly isLoading: boolean
  readonly error: ApiError | null
}

const start = (key: string): State => ({ key, sessions: [], total: null, next: null, isLoading: true, error: null })

/**
 * A list of sessions page by page. When the archive changes, as many rows as were shown are asked for
 * again, and stay in view until the new ones are there; of very many, the first of them.
 */
export function useSessionList(params: Params): SessionPages {
  const key = apiHref('/sessions', params)
  const [state, setState] = useState<State>(() => start(key))
  const [turn, setTurn] = useState(0)
  const latest = useRef({ params, state })
  latest.current = { params, state }
  const changes = archiveTurn.value

  const load = useCallback(
    (cursor: string | null, limit: number, stop: AbortSignal): void => {
      setState((before) => ({ ...(before.key === key ? before : start(key)), isLoading: true, error: null }))
      api.sessions({ ...latest.current.params, limit, cursor }, stop).then(
        (answer) => {
          if (stop.aborted) return
          setState((before) => ({
            key,
            ...pagesOf(before, answer, cursor, limit),
            total: answer.total,
            isLoading: false,
            error: null,
          }))
        },
        (error: unknown) => {
          if (stop.aborted) return
          const known = error instanceof ApiError ? error : ApiError.ofBug(error)
          setState((before) => ({ ...before, isLoading: false, error: known }))
        },
      )
    },
    [key],
  )

  const running = useRef(new AbortController())
  useEffect(() => {
    running.current.abort()
    running.current = new AbortController()
    const { state: now } = latest.current
    const limit = now.key === key ? Math.min(mostRows, Math.max(pageSize, now.sessions.length)) : pageSize
    load(null, limit, running.current.signal)
    return () => running.current.abort()
  }, [key, load, changes, turn])

  const more = useCallback(() => {
    const { state: now } = latest.current
    if (!now.isLoading && now.next !== null && now.key === key) load(now.next, nextPageSize, running.current.signal)
  }, [key, load])
  const reload = useCallback(() => setTurn((before) => before + 1), [])
  const shown = state.key === key ? state : start(key)
  return useMemo(
    () => ({
      sessions: shown.sessions,
      total: shown.total,
      hasMore: shown.next !== null,
      isLoading: shown.isLoading,
      error: shown.error,
      more,
      reload,
    }),
    [shown.sessions, shown.total, shown.next, shown.isLoading, shown.error, more, reload],
  )
}

/** What is shown after an answer: a page more, or the beginning anew with what stood below it left in its place. */
function pagesOf(
  before: State,
  answer: SessionsAnswer,
  cursor: string | null,
  limit: number,
): Pick<State, 'sessions' | 'next'> {
  if (cursor !== null) return { sessions: joined(before.sessions, answer.sessions), next: answer.nextCursor }
  const below = before.sessions.slice(limit)
  if (below.length === 0) return { sessions: answer.sessions, next: answer.nextCursor }
  return { sessions: joined(answer.sessions, below), next: before.next }
}

/** Rows may move between pages while they are read; none is shown twice. */
function joined(before: readonly ApiSession[], after: readonly ApiSession[]): readonly ApiSession[] {
  const known = new Set(before.map(({ id }) => id))
  return [...before, ...after.filter(({ id }) => !known.has(id))]
}
