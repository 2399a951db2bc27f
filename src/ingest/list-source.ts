import type { KnownObject, ObjectInfo } from '../model/index.ts'
import type { FullPass, PresentObject } from '../store/index.ts'
import { failureOf } from './failure-of.ts'
import type { FolderNotes } from './folder-notes.ts'
import { folderNotes } from './folder-notes.ts'
import type { NewsOf } from './plan-listed.ts'
import { bytesOf, planKnown, planListed, withinBudget } from './plan-listed.ts'
import { quickListing } from './quick-listing.ts'
import type { SourceDeps } from './sync-source.ts'
import type { WorkQueue } from './work-queue.ts'

/** How a listing ended. */
export interface Listed {
  /** To be remembered once all is read; null when the listing did not see everything, or nobody asks for it. */
  readonly fullPass: FullPass | null
}

/** Lists a remote and hands on what has to be read; tells the archive what is gone and what is back. */
export async function listSource(
  deps: SourceDeps,
  known: ReadonlyMap<string, KnownObject>,
  queue: Pick<WorkQueue, 'push' | 'room'>,
): Promise<Listed> {
  const { source, account, signal, store } = deps
  const startedAt = deps.now()
  const last = source.quick === null ? null : await store.fullPass(source.name)
  const quick = quickListing(deps, known, last)
  account.passed(quick === null ? 'full' : 'quick', last?.at ?? null)
  const listing = listingOf(deps, known, queue)
  let requestsBefore = source.bucket.tally.list
  try {
    if (quick !== null) for await (const page of quick.pages(signal)) await listing.take(page)
    if (quick === null || quick.hasOverrun) {
      account.passed('full', last?.at ?? null)
      requestsBefore = source.bucket.tally.list
      for await (const page of source.bucket.list(signal)) await listing.take(page)
    }
  } catch (error) {
    // An interrupted listing is no failure of the remote; any other makes its picture incomplete.
    if (!signal.aborted) account.stop(failureOf(error))
    return { fullPass: null }
  }
  const isFull = quick === null || quick.hasOverrun
  listing.end()
  if (!deps.wishes.dryRun) {
    if (listing.present.length > 0) await store.markPresent(listing.present)
    // What a quick pass did not look at is not gone for that.
    if (isFull) await tellGone(deps, [...listing.unseen.values()])
  }
  if (!isFull) for (const { machine, gone } of known.values()) if (!gone) account.machine(machine)
  if (source.quick === null || !isFull) return { fullPass: null }
  const requests = source.bucket.tally.list - requestsBefore
  const overranAt = quick === null ? stillPaused(last, startedAt) : startedAt
  const { rules } = source.quick
  return { fullPass: { at: startedAt, requests, rules, foreign: listing.notes?.foreign() ?? [], overranAt } }
}

/** Passes after a failed quick one keep its moment in mind. */
function stillPaused(last: FullPass | null, now: number): number | null {
  const at = last?.overranAt ?? null
  return at !== null && at <= now ? at : null
}

interface Listing {
  /** Waits while more than enough is planned and not yet read. */
  take(page: readonly ObjectInfo[]): Promise<void>
  /** To be called after the last page. */
  end(): void
  /** Cursors of objects that were not listed. */
  readonly unseen: ReadonlyMap<string, KnownObject>
  readonly present: readonly PresentObject[]
  readonly notes: FolderNotes | null
}

/** Holds listed objects against what is known, page by page. */
function listingOf(
  deps: SourceDeps,
  known: ReadonlyMap<string, KnownObject>,
  queue: Pick<WorkQueue, 'push' | 'room'>,
): Listing {
  const { source, account, store, wishes } = deps
  const unseen = new Map(known)
  const present: PresentObject[] = []
  // Only where a quick pass may be followed by a full listing can an object be listed twice.
  const taken = source.quick === null ? null : new Set<string>()
  const notes = source.quick === null ? null : folderNotes(source.prefixes)
  let listed = 0
  const tell = (isComplete: boolean): void =>
    deps.onEvent({ kind: 'remote-listed', remote: source.name, objects: listed, isComplete })
  const newsIn = (page: readonly ObjectInfo[]): NewsOf<KnownObject>[] => {
    const news: NewsOf<KnownObject>[] = []
    for (const object of page) {
      const name = nameOf(object)
      if (taken?.has(name) === true) continue
      taken?.add(name)
      const before = unseen.get(name) ?? null
      unseen.delete(name)
      if (before !== null) notePresence(object, before, present)
      listed += 1
      account.count('listed')
      const work = planListed(object, before, deps)
      notes?.note(object.key, before !== null || work !== null)
      if (work !== null) news.push(work)
    }
    return news
  }
  const take = async (page: readonly ObjectInfo[]): Promise<void> => {
    const news = newsIn(page)
    const cursors = await store.cursors(news.flatMap(({ cursor }) => cursor ?? []))
    let bytes = 0
    let objects = 0
    for (const one of news) {
      const work = planKnown(one, cursors.get(nameOf(one.object)) ?? null, deps)
      if (work === null || !withinBudget(work, deps)) continue
      bytes += bytesOf(work)
      objects += 1
      if (!wishes.dryRun) queue.push(work)
    }
    tell(false)
    account.planned(objects, bytes)
    if (objects > 0) deps.onEvent({ kind: 'work-planned', remote: source.name, objects, bytes })
    await queue.room()
  }
  return { take, end: () => tell(true), unseen, present, notes }
}

function nameOf({ bucket, key }: ObjectInfo): string {
  return `${bucket}\n${key}`
}

/** Marks what a whole listing no longer showed. */
async function tellGone({ source, account, store, now }: SourceDeps, unseen: readonly KnownObject[]): Promise<void> {
  const gone = unseen.filter(
    (cursor) => !cursor.gone && source.prefixes.some((prefix) => cursor.key.startsWith(prefix)),
  )
  account.count('gone', gone.length)
  if (gone.length === 0) return
  await store.markGone(
    gone.map((cursor) => cursor.objectId),
    now(),
  )
}

/** Notes an object that is back, or was written again with the bytes that were read. */
function notePresence(object: ObjectInfo, cursor: KnownObject, present: PresentObject[]): void {
  const isSame = cursor.etag === object.etag && cursor.size === object.size
  const modifiedAt = isSame ? object.modifiedAt : cursor.modifiedAt
  // A version that could not be read was taken back: what is there now was read, so nothing failed any more.
  const isMended = cursor.failed && isSame && cursor.complete
  if (cursor.gone || isMended || modifiedAt !== cursor.modifiedAt)
    present.push({ objectId: cursor.objectId, modifiedAt })
}
