import type { Cursor, ObjectInfo } from '../model/index.ts'
import type { PresentObject } from '../store/index.ts'
import { failureOf } from './failure-of.ts'
import { bytesOf, planListed } from './plan-listed.ts'
import type { ReadWork } from './read-object.ts'
import type { SourceDeps } from './sync-source.ts'

/** Lists a remote to its end and hands on what has to be read; tells the archive what is gone and what is back. */
export async function listSource(
  deps: SourceDeps,
  cursors: ReadonlyMap<string, Cursor>,
  onWork: (work: ReadWork) => void,
): Promise<void> {
  const { source, account, signal, store } = deps
  const unseen = new Map(cursors)
  const present: PresentObject[] = []
  let listed = 0
  try {
    for await (const page of source.bucket.list(signal)) {
      let bytes = 0
      let objects = 0
      for (const object of page) {
        const cursorKey = `${object.bucket}\n${object.key}`
        const cursor = unseen.get(cursorKey) ?? null
        unseen.delete(cursorKey)
        if (cursor !== null) notePresence(object, cursor, present)
        listed += 1
        account.count('listed')
        const work = planListed(object, cursor, deps)
        if (work === null) continue
        bytes += bytesOf(work)
        objects += 1
        if (!deps.wishes.dryRun) onWork(work)
      }
      deps.onEvent({ kind: 'remote-listed', remote: source.name, objects: listed, isComplete: false })
      account.planned(objects, bytes)
      if (objects > 0) deps.onEvent({ kind: 'work-planned', remote: source.name, objects, bytes })
    }
  } catch (error) {
    // An interrupted listing is no failure of the remote; any other makes its picture incomplete.
    if (!signal.aborted) account.stop(failureOf(error))
    return
  }
  deps.onEvent({ kind: 'remote-listed', remote: source.name, objects: listed, isComplete: true })
  if (deps.wishes.dryRun) return
  if (present.length > 0) await store.markPresent(present)
  const gone = [...unseen.values()].filter(
    (cursor) => !cursor.gone && source.prefixes.some((prefix) => cursor.key.startsWith(prefix)),
  )
  account.count('gone', gone.length)
  if (gone.length > 0)
    await store.markGone(
      gone.map((cursor) => cursor.objectId),
      deps.now(),
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
