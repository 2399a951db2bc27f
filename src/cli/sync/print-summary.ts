import { AgentsviewError, exitCodeOf, exitCodes, formatBytes } from '../../base/index.ts'
import type { FailureInfo, RemoteSummary, SyncSummary } from '../../model/index.ts'
import type { Io } from '../io.ts'
import type { Column, Output } from '../output/index.ts'
import { drawLine, failureJson, paint } from '../output/index.ts'

const columns: readonly Column<RemoteSummary>[] = [
  { key: 'name', title: 'REMOTE', value: (row) => row.name, canShrink: true },
  {
    key: 'machines',
    title: 'MACHINES',
    value: (row) => row.machines,
    show: (row) => known(row, row.machines),
    align: 'right',
    leaveOut: 4,
  },
  {
    key: 'objects',
    title: 'OBJECTS',
    value: (row) => row.objects.listed,
    show: (row) => known(row, row.objects.listed),
    align: 'right',
    leaveOut: 3,
  },
  { key: 'changed', title: 'CHANGED', value: changed, show: (row) => known(row, changed(row)), align: 'right' },
  {
    key: 'fetched',
    title: 'FETCHED',
    value: (row) => row.bytes.fetched,
    show: (row) => (isBlank(row) ? '–' : formatBytes(row.bytes.fetched)),
    align: 'right',
  },
  {
    key: 'sessions',
    title: 'SESSIONS',
    value: (row) => row.sessions.added,
    show: (row) => (isBlank(row) ? '–' : `+${row.sessions.added}  ~${row.sessions.updated}`),
    align: 'right',
  },
  { key: 'requests', title: 'REQ', value: requests, align: 'right', leaveOut: 5 },
  {
    key: 'ms',
    title: 'TIME',
    value: (row) => row.ms,
    show: (row) => `${(row.ms / 1000).toFixed(1)}s`,
    align: 'right',
    leaveOut: 2,
  },
  {
    key: 'error',
    title: '',
    value: (row) => row.error?.message ?? null,
    show: (row) => (row.error === null ? '' : paint('red', `✗ ${row.error.message}`)),
    canShrink: true,
    least: 36,
  },
]

function changed({ objects }: RemoteSummary): number {
  return objects.appended + objects.reread
}

function requests({ requests: made }: RemoteSummary): number {
  return made.list + made.get + made.head
}

/** A remote that could not even be listed has no numbers, and must not look like an empty one. */
function isBlank(row: RemoteSummary): boolean {
  return !row.ok && row.objects.listed === 0
}

function known(row: RemoteSummary, count: number): string {
  return isBlank(row) ? '–' : String(count)
}

/** The exit code of a finished sync: see the table in the docs. */
export function exitCodeOfSync(summary: SyncSummary): number {
  if (summary.cancelled) return exitCodes.cancelled
  const failing = summary.remotes.filter(({ ok }) => !ok)
  const first = causeOf(failing)
  if (first?.error === null || first === undefined) return 0
  if (failing.some(({ error }) => error?.code.startsWith('limit') === true)) return exitCodes.limit
  const hasRead = summary.remotes.some(
    ({ ok, objects }) => ok || objects.appended + objects.reread + objects.unchanged > 0,
  )
  return hasRead ? exitCodes['sync.partial'] : exitCodeOf(asError(first.error, first.name))
}

/** The first that failed by itself; those stopped because of it are no cause. */
function causeOf(failing: readonly RemoteSummary[]): RemoteSummary | undefined {
  return failing.find(({ error }) => error?.code !== 'sync.partial.stopped') ?? failing[0]
}

function asError(info: FailureInfo, remote: string): AgentsviewError {
  return new AgentsviewError({
    code: info.code,
    message: `${remote}: ${info.message}`,
    hint: info.hint ?? undefined,
    context: { remote },
  })
}

/** How a summary is told. */
export interface SummaryStyle {
  readonly isDryRun: boolean
  /** No table for people: a run by a timer has something to say only when something failed. */
  readonly isQuiet: boolean
}

/** Prints the summary, data on stdout and what to do about failures on stderr. */
export function printSummary(summary: SyncSummary, out: Output, io: Io, { isDryRun, isQuiet }: SummaryStyle): void {
  if (out.format === 'json') {
    out.json('syncSummary', { ...summary })
    const error = errorOfSync(summary)
    if (error !== null) io.stderr.write(`${failureJson(error)}\n`)
    return
  }
  const isTold = !isQuiet || out.format !== 'table'
  if (isTold) out.rows({ kind: 'syncSummary', key: 'remotes', rows: summary.remotes, columns })
  for (const remote of summary.remotes) {
    for (const notice of remote.notices) {
      out.note(paint('yellow', `${remote.name}: `), notice.count > 1 ? `${notice.count} × ` : '', notice.message)
    }
    if (remote.pass === 'quick') {
      const last = remote.lastFullPassAt?.replace(/\.\d+Z$/, 'Z') ?? ''
      out.note(`${remote.name}: quick pass, only where something changed of late; last full pass ${last}`)
    }
    if (isDryRun && remote.ok) {
      const { objects, bytes } = remote.planned
      const count = objects === 1 ? '1 object' : `${objects} objects`
      out.note(`${remote.name}: would read ${count}, about ${formatBytes(bytes)}`)
    }
    if (remote.badLines > 0) {
      const lines = remote.badLines === 1 ? '1 line' : `${remote.badLines} lines`
      out.note(`${remote.name}: ${lines} could not be read`)
    }
    for (const { key, error } of remote.failures) out.note(paint('red', `${remote.name}: `), `${key}: ${error.message}`)
    if (remote.error !== null) {
      const { message, hint } = remote.error
      const said = isTold ? (hint ?? message) : `${message}${hint === null ? '' : `. Try: ${hint}`}`
      io.stderr.write(`${drawLine([paint('red', `${remote.name}: `), said], out.hasColourOnStderr)}\n`)
    }
  }
  if (summary.cancelled) out.note('Interrupted. What was committed is safe; run the command again to go on.')
  else if (!summary.ok) {
    const good = summary.remotes.filter(({ ok }) => ok).length
    out.note(`${good} of ${summary.remotes.length} remotes synced.`)
  }
}

/** The one error that stands for a sync that was not whole. */
function errorOfSync(summary: SyncSummary): AgentsviewError | null {
  if (summary.cancelled) {
    return new AgentsviewError({
      code: 'cancelled',
      message: 'interrupted; what was committed is safe',
      hint: 'run it again',
    })
  }
  const failing = summary.remotes.filter(({ error }) => error !== null)
  const first = causeOf(failing)
  if (first === undefined || first.error === null) return null
  const code = exitCodeOfSync(summary)
  if (code !== exitCodes['sync.partial']) return asError(first.error, first.name)
  return new AgentsviewError({
    code: 'sync.partial',
    message: failing.map(({ name, error }) => `${name}: ${error?.message ?? ''}`).join('; '),
    hint: first.error.hint ?? undefined,
    context: { remote: first.name },
  })
}
