import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

import { archiveTurn } from './events.ts'
import { ApiError } from './request.ts'

/** An answer on its way: the last data stay while newer ones are fetched. */
export interface Loaded<T> {
  readonly data: T | null
  readonly error: ApiError | null
  readonly isLoading: boolean
  reload(): void
}

/**
 * Loads when `key` changes, when asked to, and when the archive changes; an answer that was overtaken by another key
 * is dropped.
 * @param key  names what is asked for; null asks for nothing
 * @param isLasting  for what no change of the archive can change
 */
export function useLoad<T>(key: string | null, ask: (signal: AbortSignal) => Promise<T>, isLasting = false): Loaded<T> {
  const [state, setState] = useState<{ key: string | null; data: T | null; error: ApiError | null; busy: boolean }>({
    key: null,
    data: null,
    error: null,
    busy: key !== null,
  })
  const [turn, setTurn] = useState(0)
  const changes = isLasting ? 0 : archiveTurn.value
  const latest = useRef(ask)
  latest.current = ask
  useEffect(() => {
    if (key === null) return undefined
    const stop = new AbortController()
    setState((before) => ({ ...before, data: before.key === key ? before.data : null, busy: true }))
    latest.current(stop.signal).then(
      (data) => {
        if (!stop.signal.aborted) setState({ key, data, error: null, busy: false })
      },
      (error: unknown) => {
        if (stop.signal.aborted) return
        const known = error instanceof ApiError ? error : ApiError.ofBug(error)
        setState((before) => ({ key, data: before.key === key ? before.data : null, error: known, busy: false }))
      },
    )
    return () => stop.abort()
  }, [key, turn, changes])
  const reload = useCallback(() => setTurn((before) => before + 1), [])
  const isCurrent = state.key === key
  return { data: isCurrent ? state.data : null, error: isCurrent ? state.error : null, isLoading: state.busy, reload }
}
