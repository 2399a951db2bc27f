import type {
  AboutAnswer,
  ApiBadLine,
  ApiCheck,
  ApiMachine,
  ApiObject,
  ApiRemote,
  ApiRemoteRun,
  ApiRemoteSummary,
  ApiSyncCounts,
  ApiSyncSummary,
  BadLinesAnswer,
  MachineRenamedAnswer,
  MachinesAnswer,
  ObjectsAnswer,
  RemotesAnswer,
  RemoteTestAnswer,
  SyncRunsAnswer,
  SyncStartedAnswer,
} from '../api.ts'
import { count, flag, list, named, number, object, oneOf, orNull, text, time } from '../shape.ts'
import { kind, pageFields, problem, texts } from './common.ts'

const machine = named(
  'Machine',
  object<ApiMachine>({
    name: text,
    remotes: texts,
    agents: texts,
    sessions: count,
    lastPushAt: orNull(time),
    firstSessionAt: orNull(time),
    lastSessionAt: orNull(time),
    stale: flag,
    cost7dUSD: orNull(number),
    cost7dNanoUSD: orNull(count),
    cost30dUSD: orNull(number),
    cost30dNanoUSD: orNull(count),
    objects: count,
    bytes: count,
    agentVersions: list(object({ agent: text, version: text, lastAt: orNull(time) })),
    sharedSessions: count,
  }),
)
export const machines = object<MachinesAnswer>({ ...kind('machineList'), machines: list(machine) })

const run = named(
  'RemoteRun',
  object<ApiRemoteRun>({
    startedAt: orNull(time),
    ok: flag,
    ms: number,
    listed: count,
    changed: count,
    failed: count,
    bytesFetched: count,
    requests: count,
  }),
)
const remote = named(
  'Remote',
  object<ApiRemote>({
    name: text,
    state: oneOf('ok', 'lagging', 'failing', 'new', 'disabled', 'undeclared'),
    config: orNull(
      object<NonNullable<ApiRemote['config']>>({
        provider: text,
        bucket: text,
        prefixes: texts,
        endpoint: orNull(text),
        region: text,
        enabled: flag,
        credentials: text,
        machineRule: text,
      }),
    ),
    error: orNull(problem),
    notices: texts,
    machines: count,
    objects: count,
    bytes: count,
    goneObjects: count,
    failedObjects: count,
    pendingObjects: count,
    pendingBytes: count,
    badLines: count,
    lastPushAt: orNull(time),
    lastRunAt: orNull(time),
    lastOkAt: orNull(time),
    lagMs: orNull(number),
    runs: list(run),
  }),
)
export const remotes = object<RemotesAnswer>({ ...kind('remoteList'), remotes: list(remote) })

const objectRow = named(
  'Object',
  object<ApiObject>({
    bucket: text,
    key: text,
    size: count,
    offset: count,
    etag: text,
    state: oneOf('complete', 'partial', 'failing', 'gone'),
    machine: text,
    agent: text,
    role: text,
    modifiedAt: orNull(time),
    readAt: orNull(time),
    badLines: count,
    error: orNull(
      object<NonNullable<ApiObject['error']>>({ code: text, message: text, hint: orNull(text), at: orNull(time) }),
    ),
    sessionIds: texts,
  }),
)
export const objects = object<ObjectsAnswer>({
  ...kind('objectList'),
  remote: text,
  objects: list(objectRow),
  ...pageFields,
})

const badLine = named(
  'BadLine',
  object<ApiBadLine>({ bucket: text, key: text, offset: count, length: count, reason: text, sessionId: orNull(text) }),
)
export const badLines = object<BadLinesAnswer>({
  ...kind('badLineList'),
  remote: text,
  badLines: list(badLine),
  ...pageFields,
})

const countFields = {
  objects: object<ApiSyncCounts['objects']>({
    listed: count,
    unchanged: count,
    appended: count,
    reread: count,
    gone: count,
    failed: count,
    refused: count,
  }),
  bytes: object({ fetched: count }),
  requests: object({ list: count, get: count, head: count }),
  sessions: object({ added: count, updated: count }),
  messages: object({ added: count }),
  badLines: count,
  ms: number,
}
export const syncCounts = named('SyncCounts', object<ApiSyncCounts>(countFields))
export const remoteSummary = named(
  'RemoteSummary',
  object<ApiRemoteSummary>({
    name: text,
    ok: flag,
    error: orNull(problem),
    machines: count,
    notices: list(object({ code: text, message: text, count })),
    failures: list(object({ key: text, error: problem })),
    ...countFields,
  }),
)
const summary = named(
  'SyncSummary',
  object<ApiSyncSummary>({ ok: flag, remotes: list(remoteSummary), totals: syncCounts, cancelled: flag }),
)
export const syncRuns = object<SyncRunsAnswer>({
  ...kind('syncRunList'),
  runs: list(object({ startedAt: orNull(time), endedAt: orNull(time), ms: number, summary })),
})

export const about = object<AboutAnswer>({
  ...kind('about'),
  version: text,
  timezone: text,
  now: time,
  hasActions: flag,
  canRename: flag,
  configProblem: orNull(problem),
  hasRaw: flag,
  watchIntervalMs: orNull(number),
  isSyncing: flag,
  agents: list(object({ id: text, name: text })),
  priceVersion: orNull(text),
  isEmpty: flag,
})

export const machineRenamed = object<MachineRenamedAnswer>({
  ...kind('machineRenamed'),
  from: text,
  to: text,
  objects: count,
  sessions: count,
})

export const syncStarted = object<SyncStartedAnswer>({ ...kind('syncStarted'), started: flag })

const check = object<ApiCheck>({ name: text, ok: flag, detail: text, hint: orNull(text), code: orNull(text) })
export const remoteTest = object<RemoteTestAnswer>({ ...kind('remoteTest'), name: text, ok: flag, checks: list(check) })
