import { toRfc3339 } from '../base/index.ts'
import type { EpochMs } from '../base/index.ts'
import type { Bucket } from '../bucket/index.ts'
import type { FailureInfo, Notice, RemoteName, RemoteSummary, SyncCounts } from '../model/index.ts'
import type { PartResult } from '../store/index.ts'

/** Failures that a summary lists by key; the rest is counted. */
const listedFailures = 20
/** Keys a notice names as examples. */
const namedKeys = 3

export type ObjectCount = keyof SyncCounts['objects']

/** Counts what a sync does for one remote, as it happens. */
export interface Account {
  readonly name: RemoteName
  count(what: ObjectCount, by?: number): void
  failed(key: string, error: FailureInfo): void
  planned(objects: number, bytes: number): void
  notice(code: Notice['code'], about: string, key?: string): void
  machine(name: string): void
  /** What kind of pass it is, and when the last full one began. */
  passed(pass: 'full' | 'quick', lastFullPassAt: EpochMs | null): void
  /** True when a notice of this kind was given. */
  hasNotice(code: Notice['code']): boolean
  committed(result: PartResult): void
  stop(error: FailureInfo): void
  readonly error: FailureInfo | null
  /** Machines with sessions that are new in this run. */
  readonly freshMachines: readonly string[]
  readonly failures: readonly { readonly key: string; readonly error: FailureInfo }[]
  summary(bucket: Bucket, ms: number): RemoteSummary
}

/** Opens the account of one remote. */
export function accountOf(name: RemoteName): Account {
  const objects = { listed: 0, unchanged: 0, appended: 0, reread: 0, gone: 0, failed: 0, refused: 0 }
  const failures: { key: string; error: FailureInfo }[] = []
  const notices = new Map<string, { code: Notice['code']; about: string; count: number; keys: string[] }>()
  const machines = new Set<string>()
  const planned = { objects: 0, bytes: 0 }
  const added = new Set<string>()
  const touched = new Set<string>()
  let pass: 'full' | 'quick' = 'full'
  let lastFullPassAt: EpochMs | null = null
  let messages = 0
  let badLines = 0
  let error: FailureInfo | null = null

  return {
    name,
    count(what, by = 1) {
      objects[what] += by
    },
    failed(key, failure) {
      objects.failed += 1
      failures.push({ key, error: failure })
    },
    planned(more, bytes) {
      planned.objects += more
      planned.bytes += bytes
    },
    notice(code, about, key) {
      const known = notices.get(`${code} ${about}`) ?? { code, about, count: 0, keys: [] }
      known.count += 1
      if (key !== undefined && known.keys.length < namedKeys) known.keys.push(key)
      notices.set(`${code} ${about}`, known)
    },
    machine(machine) {
      machines.add(machine)
    },
    passed(kind, at) {
      pass = kind
      lastFullPassAt = at
    },
    hasNotice: (code) => [...notices.values()].some((notice) => notice.code === code),
    committed(result) {
      for (const id of result.sessionsAdded) added.add(id)
      for (const id of result.sessionsTouched) touched.add(id)
      messages += result.messagesAdded
      badLines += result.badLines
    },
    stop(failure) {
      error ??= failure
    },
    get error() {
      return error
    },
    get freshMachines() {
      return [...new Set([...added].map((id) => id.slice(0, id.indexOf('~'))))]
    },
    get failures() {
      return failures
    },
    summary(bucket, ms) {
      const [first] = failures
      const shown = error ?? (first === undefined ? null : summaryOfFailures(first.error, failures.length))
      return {
        name,
        ok: shown === null,
        error: shown,
        objects: { ...objects },
        bytes: { fetched: bucket.tally.bytesFetched },
        requests: { list: bucket.tally.list, get: bucket.tally.get, head: bucket.tally.head },
        sessions: { added: added.size, updated: [...touched].filter((id) => !added.has(id)).length },
        messages: { added: messages },
        badLines,
        pass,
        lastFullPassAt: toRfc3339(lastFullPassAt),
        planned: { ...planned },
        machines: machines.size,
        notices: [...notices.values()].map(({ code, about, count, keys }) => ({
          code,
          message: noticeText(about, keys),
          count,
        })),
        failures: failures.slice(0, listedFailures),
        ms,
      }
    },
  }
}

function noticeText(about: string, keys: readonly string[]): string {
  return keys.length === 0 ? about : `${about} (${keys.join(', ')}${keys.length === namedKeys ? ', …' : ''})`
}

function summaryOfFailures(first: FailureInfo, count: number): FailureInfo {
  if (count === 1) return first
  return { ...first, message: `${count} objects could not be read, the first: ${first.message}` }
}

/** Sums of several remotes; `ms` is the wall time of the whole run. */
export function totalsOf(remotes: readonly SyncCounts[], ms: number): SyncCounts {
  const sum = (pick: (counts: SyncCounts) => number): number =>
    remotes.reduce((total, counts) => total + pick(counts), 0)
  return {
    objects: {
      listed: sum((one) => one.objects.listed),
      unchanged: sum((one) => one.objects.unchanged),
      appended: sum((one) => one.objects.appended),
      reread: sum((one) => one.objects.reread),
      gone: sum((one) => one.objects.gone),
      failed: sum((one) => one.objects.failed),
      refused: sum((one) => one.objects.refused),
    },
    bytes: { fetched: sum((one) => one.bytes.fetched) },
    requests: {
      list: sum((one) => one.requests.list),
      get: sum((one) => one.requests.get),
      head: sum((one) => one.requests.head),
    },
    sessions: { added: sum((one) => one.sessions.added), updated: sum((one) => one.sessions.updated) },
    messages: { added: sum((one) => one.messages.added) },
    badLines: sum((one) => one.badLines),
    ms,
  }
}
