import { formatOf } from './format-of.ts'
import { AgentsviewError, isFamily } from '../base/index.ts'
import type { FailureInfo } from '../model/index.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import { failureOf } from './failure-of.ts'
import { bytesOf, noticeFallback, planListed, withinBudget } from './plan-listed.ts'
import type { ReadOutcome, ReadWork } from './read-object.ts'
import { isChangedMeanwhile, readObject } from './read-object.ts'
import type { SourceDeps } from './sync-source.ts'

/** How often an object that changes under the reader is planned again before it is left to the next sync. */
const replansAtMost = 3

/**
 * Reads one object and books how that went. One that changed since it was listed is looked up and planned
 * again.
 * @throws what is no failure of the object: an interruption, a failure of the archive, a bug
 */
export async function readSourceObject(work: ReadWork, deps: SourceDeps, breaker: CircuitBreaker): Promise<void> {
  const { signal } = deps
  let current: ReadWork | null = work
  for (let replans = 0; current !== null; replans += 1) {
    try {
      await bookOutcome(current, await readNow(current, deps), deps)
      breaker.succeeded()
      return
    } catch (error) {
      if (signal.aborted || isFamily(error, 'store') || !(error instanceof AgentsviewError)) throw error
      if (!isChangedMeanwhile(error)) return await bookFailure(current, error, deps, breaker)
      if (replans === replansAtMost) return noticeChanging(current, deps)
    }
    current = await replan(current, deps, breaker)
  }
}

async function readNow(work: ReadWork, deps: SourceDeps): Promise<ReadOutcome> {
  const { source, signal, writer, longLines, parsing } = deps
  const { key } = work.object
  deps.onEvent({
    kind: 'object-started',
    remote: source.name,
    key,
    bytes: bytesOf(work),
    why: work.kind === 'reread' ? work.why : 'grown',
  })
  return await readObject(work, {
    source,
    writer,
    longLines,
    parsing,
    signal,
    onBytes: (bytes) => deps.onEvent({ kind: 'bytes-read', remote: source.name, key, bytes }),
  })
}

/** Looks an object up again, once what was read of it is in the archive; null when nothing is left to do. */
async function replan(work: ReadWork, deps: SourceDeps, breaker: CircuitBreaker): Promise<ReadWork | null> {
  const { source, signal, store, writer } = deps
  try {
    const object = await source.bucket.find(work.object, signal)
    if (object === null) {
      await bookGone(work, deps)
      return null
    }
    await writer.drain()
    const news = planListed(object, await store.cursor(object), deps)
    return news !== null && withinBudget(news, deps) ? news : null
  } catch (error) {
    if (signal.aborted || isFamily(error, 'store') || !(error instanceof AgentsviewError)) throw error
    await bookFailure(work, error, deps, breaker)
    return null
  }
}

async function bookOutcome(work: ReadWork, outcome: ReadOutcome, deps: SourceDeps): Promise<void> {
  const { account, source, onEvent } = deps
  const { key } = work.object
  if (outcome.kind === 'refused') {
    account.count('refused')
    account.notice('key-refused', outcome.reason, key)
    const hint = `write another name into the metadata of ${key}`
    await recordFailure(work, { code: 'remote.refused.machine-name', message: outcome.reason, hint }, deps)
  } else if (outcome.kind !== 'left') {
    account.count(outcome.kind)
    account.machine(outcome.machine)
    if (outcome.isFallback) noticeFallback(account, source)
  }
  onEvent({ kind: 'object-finished', remote: source.name, key })
}

function noticeChanging({ object }: ReadWork, { account }: SourceDeps): void {
  const about = 'objects that changed again and again while they were read: the next sync reads on'
  account.notice('object-changed', about, object.key)
}

async function bookGone(work: ReadWork, { account, store, writer, now }: SourceDeps): Promise<void> {
  account.count('gone')
  await writer.drain()
  const cursor = await store.cursor(work.object)
  if (cursor !== null) await store.markGone([cursor.objectId], now())
}

/** Remembers why an object could not be read. */
async function recordFailure({ object, place }: ReadWork, error: FailureInfo, deps: SourceDeps): Promise<void> {
  const { about } = formatOf(place)
  // What was read of it before it failed goes first: it would wipe the mark off, or miss its place.
  await deps.writer.drain()
  await deps.store.recordFailures([{ object, place, role: about.role, nativeId: about.sessionId, error }], deps.now())
}

async function bookFailure(
  work: ReadWork,
  error: AgentsviewError,
  deps: SourceDeps,
  breaker: CircuitBreaker,
): Promise<void> {
  const { account, source } = deps
  const { object } = work
  const failure = failureOf(error)
  if (error.code === 'remote.refused.gone') return await bookGone(work, deps)
  if (error.code === 'remote.refused.archived' || error.code === 'remote.refused.kms') {
    account.count('refused')
    account.notice('object-refused', `objects that cannot be read: ${failure.message}`, object.key)
    return
  }
  account.failed(object.key, failure)
  deps.onEvent({ kind: 'object-failed', remote: source.name, key: object.key, error: failure })
  await recordFailure(work, failure, deps)
  const isOpened = breaker.failed(error)
  if (deps.wishes.failFast) breaker.trip()
  if (isOpened || deps.wishes.failFast) account.stop(failure)
}
