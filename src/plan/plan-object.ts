import type { Cursor, KnownObject, ObjectInfo, Place } from '../model/index.ts'

/** Why an object is read from its start. */
export type RereadReason = 'new' | 'shrunk' | 'rewritten' | 'agent-version' | 'moved' | 'asked'

/** What one listed object needs, told from as much as is known of it. */
export type Work<K extends KnownObject = Cursor> =
  /** Nothing: it was read to its end and did not change. */
  | { readonly kind: 'keep'; readonly cursor: K }
  /** Read on from the cursor. */
  | { readonly kind: 'append'; readonly object: ObjectInfo; readonly place: Place; readonly cursor: K }
  /** Read from the start (or go on with a re-read that was interrupted: `cursor.staged`). */
  | {
      readonly kind: 'reread'
      readonly object: ObjectInfo
      readonly place: Place
      readonly cursor: K | null
      readonly why: RereadReason
    }

export interface PlanFacts {
  /** The version of the format's parser now. */
  readonly agentVersion: number
  /** A packed object has no place to go on from. */
  readonly isCompressed: boolean
  /** The machine's name stands in the object's metadata: the listing cannot tell whether it changed. */
  readonly isMachineInMetadata: boolean
  /** Read everything again, as `--full` asks. */
  readonly isFull: boolean
}

/** Holds a listed object against what is known of it. Only a grown object is read on. */
export function planObject<K extends KnownObject>(
  object: ObjectInfo,
  place: Place,
  cursor: K | null,
  facts: PlanFacts,
): Work<K> {
  if (cursor === null) return { kind: 'reread', object, place, cursor, why: 'new' }
  const reread = (why: RereadReason): Work<K> => ({ kind: 'reread', object, place, cursor, why })
  if (facts.isFull) return reread('asked')
  if (cursor.agentVersion !== facts.agentVersion) return reread('agent-version')
  const isMoved =
    cursor.agent !== place.agent ||
    cursor.path !== place.path ||
    (!facts.isMachineInMetadata && cursor.machine !== place.machine)
  if (isMoved) return reread('moved')
  const isSame = cursor.etag === object.etag && cursor.size === object.size
  // An interrupted re-read is finished first: until then the old rows are what is shown.
  if (cursor.isStaged) return reread('rewritten')
  if (isSame && cursor.complete) return { kind: 'keep', cursor }
  if (facts.isCompressed) return reread('rewritten')
  if (isSame) return { kind: 'append', object, place, cursor }
  if (object.size < cursor.size) return reread('shrunk')
  if (object.size === cursor.size) return reread('rewritten')
  return { kind: 'append', object, place, cursor }
}
