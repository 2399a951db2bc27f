import type { Cursor, ObjectInfo } from '../model/index.ts'
import type { FullPass, PresentObject } from '../store/index.ts'
import { failureOf } from './failure-of.ts'
import type { FolderNotes } from './folder-notes.ts'
import { folderNotes } from './folder-notes.ts'
import { bytesOf, planListed } from './plan-listed.ts'
import { quickListing } from './quick-listing.ts'
import type { ReadWork } from './read-object.ts'
import type { SourceDeps } from './sync-source.ts'

/** How a listing ended. */
export interface Listed {
  /** To be remembered once all is read; null when the listing did not see everything, or nobody asks for it. */
  readonly fullPass: FullPass | null
}

/** Lists a remote and hands on what has to be read; tells the archive what is gone and what is back. */
export async function listSource(
  deps: SourceDeps,
  cursors: ReadonlyMap<string, Cursor>,
  onWork: (work: ReadWork) => void,
): Promise<Listed> {
  const { source, account, signal, store } = deps
  const startedAt = deps.now()
  const last = source.quick === null ? null : await store.fullPass(source.name)
  const quick = quickListing(deps, cursors, last)
  account.passed(quick === null ? 'full' : 'quick', last?.at ?? null)
  const listing = listingOf(deps, cursors, onWork)
  let requestsBefore = source.bucket.tally.list
  try {
    if (quick !== null) for await (const page of quick.pages(signal)) listing.take(page)
    if (quick === null || quick.hasOverrun) {
      account.passed('full', last?.at ?? null)
      requestsBefore = source.bucket.tally.list
      for await (const page of source.bucket.list(signal)) listing.take(page)
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
  if (!isFull) for (const { machine, gone } of cursors.values()) if (!gone) account.machine(machine)
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
  take(page: readonly ObjectInfo[]): void
  /** To be called after the last page. */
  end(): void
  /** Cursors of objects that were not listed. */
  readonly unseen: ReadonlyMap<string, Cursor>
  readonly present: readonly PresentObject[]
  readonly notes: FolderNotes | null
}

/** Holds listed objects against the cursors, page by page. */
function listingOf(deps: SourceDeps, cursors: ReadonlyMap<string, Cursor>, onWork: (work: ReadWork) => void): Listing {
  const { source, account } = deps
  const unseen = new Map(cursors)
  const present: PresentObject[] = []
  // Only where a quick pass may be followed by a full listing can an object be listed twice.
  const taken = source.quick === null ? null : new Set<string>()
  const notes = source.quick === null ? null : folderNotes(source.prefixes)
  let listed = 0
  const tell = (isComplete: boolean): void =>
    deps.onEvent({ kind: 'remote-listed', remote: source.name, objects: listed, isComplete })
  const take = (page: readonly ObjectInfo[]): void => {
    let bytes = 0
    let objects = 0
    for (const object of page) {
      const cursorKey = `${object.bucket}\n${object.key}`
      if (taken?.has(cursorKey) === true) continue
      taken?.add(cursorKey)
      const cursor = unseen.get(cursorKey) ?? null
      unseen.delete(cursorKey)
      if (cursor !== null) notePresence(object, cursor, present)
      listed += 1
      account.count('listed')
      const work = planListed(object, cursor, deps)
      notes?.note(object.key, cursor !== null || work !== null)
      if (work === null) continue
      bytes += bytesOf(work)
      objects += 1
      if (!deps.wishes.dryRun) onWork(work)
    }
    tell(false)
    account.planned(objects, bytes)
    if (objects > 0) deps.onEvent({ kind: 'work-planned', remote: source.name, objects, bytes })
  }
  return { take, end: () => tell(true), unseen, present, notes }
}

/** Marks what a whole listing no longer showed. */
async function tellGone({ source, account, store, now }: SourceDeps, unseen: readonly Cursor[]): Promise<void> {
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
function notePresence(object: ObjectInfo, cursor: Cursor, present: PresentObject[]): void {
  const isSame = cursor.etag === object.etag && cursor.size === object.size
  const modifiedAt = isSame ? object.modifiedAt : cursor.modifiedAt
  // A version that could not be read was taken back: what is there now was read, so nothing failed any more.
  const isMended = cursor.failed && isSame && cursor.complete
  if (cursor.gone || isMended || modifiedAt !== cursor.modifiedAt)
    present.push({ objectId: cursor.objectId, modifiedAt })
}
