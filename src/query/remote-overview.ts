import type { EpochMs } from '../base/index.ts'
import type { FailureInfo, RemoteSummary } from '../model/index.ts'
import type { RemoteState, SyncRun } from './sync-runs.ts'
import { compare } from './tally.ts'

/** What the config says of a remote, as far as its state depends on it. */
export interface KnownRemote {
  readonly name: string
  readonly isEnabled: boolean
  /** Why no request to it can be made; null when it can be tried. */
  readonly problem: FailureInfo | null
}

/** What one run did for one remote. */
export interface RemoteRun {
  readonly startedAt: string | null
  readonly ok: boolean
  readonly ms: number
  readonly listed: number
  readonly changed: number
  readonly failed: number
  readonly bytesFetched: number
  readonly requests: number
}

/** A remote as config, archive and the last runs tell it together. */
export interface RemoteOverview extends RemoteState {
  /**
   * `disabled` and `undeclared` are not read; `new` was never read; `failing` could not be read in its last
   * run; `lagging` has objects that were not read to their end.
   */
  readonly condition: 'ok' | 'lagging' | 'failing' | 'new' | 'disabled' | 'undeclared'
  readonly error: FailureInfo | null
  readonly notices: readonly string[]
  readonly lastRunAt: string | null
  readonly lastOkAt: string | null
  /** Milliseconds since it was last read without a failure; null when it never was. */
  readonly lagMs: number | null
  /** Oldest first, at most 30. */
  readonly runs: readonly RemoteRun[]
}

const mostRuns = 30

/**
 * Every remote that is declared or has objects in the archive: the declared ones first, in their order.
 * @param runs  newest first
 * @param declared  null when nobody can tell what is declared
 */
export function remoteOverviews(
  states: readonly RemoteState[],
  runs: readonly SyncRun[],
  declared: readonly KnownRemote[] | null,
  now: EpochMs,
): readonly RemoteOverview[] {
  const known = declared ?? states.map(({ name }): KnownRemote => ({ name, isEnabled: true, problem: null }))
  const others = states.filter(({ name }) => known.every((one) => one.name !== name))
  return [
    ...known.map((one) =>
      overviewOf(states.find(({ name }) => name === one.name) ?? emptyState(one.name), one, runs, now),
    ),
    ...others
      .toSorted((one, other) => compare(one.name, other.name))
      .map((state) => overviewOf(state, null, runs, now)),
  ]
}

function overviewOf(
  state: RemoteState,
  known: KnownRemote | null,
  allRuns: readonly SyncRun[],
  now: EpochMs,
): RemoteOverview {
  const runs = allRuns.flatMap((run) => {
    const summary = run.summary.remotes.find(({ name }) => name === state.name)
    return summary === undefined ? [] : [{ run, summary }]
  })
  const [last] = runs
  const lastOk = runs.find(({ summary }) => summary.ok)?.run.endedAt ?? null
  const error = known?.problem ?? last?.summary.error ?? null
  return {
    ...state,
    condition: conditionOf(state, known, last?.summary ?? null, error),
    error,
    notices: last?.summary.notices.map(({ message }) => message) ?? [],
    lastRunAt: last?.run.endedAt ?? null,
    lastOkAt: lastOk,
    lagMs: lastOk === null ? null : Math.max(0, now - Date.parse(lastOk)),
    runs: runs
      .slice(0, mostRuns)
      .map(({ run, summary }) => runOf(run.startedAt, summary))
      .toReversed(),
  }
}

function conditionOf(
  state: RemoteState,
  known: KnownRemote | null,
  last: RemoteSummary | null,
  error: FailureInfo | null,
): RemoteOverview['condition'] {
  if (known === null) return 'undeclared'
  if (!known.isEnabled) return 'disabled'
  if (error !== null) return 'failing'
  if (last === null && state.objects === 0) return 'new'
  return state.pendingObjects > 0 ? 'lagging' : 'ok'
}

function runOf(startedAt: string | null, summary: RemoteSummary): RemoteRun {
  const { objects, requests, bytes, ok, ms } = summary
  return {
    startedAt,
    ok,
    ms,
    listed: objects.listed,
    changed: objects.appended + objects.reread,
    failed: objects.failed,
    bytesFetched: bytes.fetched,
    requests: requests.list + requests.get + requests.head,
  }
}

function emptyState(name: string): RemoteState {
  return {
    name,
    machines: 0,
    objects: 0,
    goneObjects: 0,
    failedObjects: 0,
    bytes: 0,
    pendingObjects: 0,
    pendingBytes: 0,
    badLines: 0,
    lastPushAt: null,
  }
}
