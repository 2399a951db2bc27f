import { agentFormat } from '../agents/index.ts'
import type { Cursor, KnownObject, ObjectInfo, Place } from '../model/index.ts'
import { compressionOf } from '../lines/index.ts'
import type { PlanFacts, Work } from '../plan/index.ts'
import { isFolderMarker, keyProblem, planObject } from '../plan/index.ts'
import type { Account } from './account.ts'
import type { ReadWork } from './read-object.ts'
import type { SyncSource } from './source.ts'
import type { SourceDeps } from './sync-source.ts'

/** Work on an object that has news. */
export type NewsOf<K extends KnownObject> = Exclude<Work<K>, { readonly kind: 'keep' }>

/** Bytes a piece of work will ask for, about. */
export function bytesOf(work: ReadWork): number {
  return work.object.size - (work.kind === 'append' ? work.cursor.offset : 0)
}

/**
 * What one listed object needs, told from as much as is known of it; null when that is nothing, or when it is not to
 * be read, which is booked.
 */
export function planListed<K extends KnownObject>(
  object: ObjectInfo,
  cursor: K | null,
  deps: SourceDeps,
): NewsOf<K> | null {
  const { source, account, wishes } = deps
  if (isFolderMarker(object.key, object.size)) return null
  const problem = keyProblem(object.key)
  if (problem !== null) return refuse(account, 'key-refused', `keys that are not fetched: ${problem}`, object.key)
  if (!source.accepts(object.key)) return null
  const located = source.locate(object.key)
  if (located.kind === 'other') return null
  if (located.kind === 'refused') return refuse(account, 'key-refused', located.reason, object.key)
  const { place } = located
  const { machineFrom } = source
  if (wishes.machines !== null && machineFrom === null && !wishes.machines.includes(place.machine)) return null
  if (machineFrom === null) account.machine(place.machine)
  else if (cursor !== null) account.machine(cursor.machine)
  if (located.isFallback && machineFrom === null) noticeFallback(account, source)
  if (object.archivedClass !== undefined && (cursor === null || cursor.etag !== object.etag)) {
    const about = `objects in storage class ${object.archivedClass}, which must be restored before they can be read`
    return refuse(account, 'archived-class', about, object.key)
  }
  if (source.maxObjectBytes !== null && object.size > source.maxObjectBytes) {
    return refuse(account, 'too-large', `objects above max_object_bytes (${source.maxObjectBytes})`, object.key)
  }
  const work = planObject(object, place, cursor, factsOf(object, place, deps))
  if (work.kind === 'keep' || (wishes.modifiedSince !== null && object.modifiedAt < wishes.modifiedSince)) {
    account.count('unchanged')
    return null
  }
  return work
}

/** Plans once more, now that all is known of the object; null when there is nothing to do by now, which is booked. */
export function planKnown(news: NewsOf<KnownObject>, cursor: Cursor | null, deps: SourceDeps): ReadWork | null {
  const { object, place } = news
  const work = planObject(object, place, cursor, factsOf(object, place, deps))
  if (work.kind !== 'keep') return work
  deps.account.count('unchanged')
  return null
}

function factsOf(object: ObjectInfo, place: Place, { source, wishes }: SourceDeps): PlanFacts {
  return {
    agentVersion: agentFormat(place.agent)?.version ?? 0,
    isCompressed: compressionOf(object.key) !== 'none',
    isMachineInMetadata: source.machineFrom !== null,
    isFull: wishes.full,
  }
}

/** False when the run may not fetch as much as this work needs; that is booked. */
export function withinBudget(work: ReadWork, { budget, account, wishes }: SourceDeps): boolean {
  const bytes = bytesOf(work)
  if (bytes <= budget.left) {
    budget.left -= bytes
    return true
  }
  account.stop({
    code: 'limit.bytes',
    message: `--max-bytes ${wishes.maxBytes ?? 0} is reached: the rest is left for the next run`,
    hint:
      bytes > (wishes.maxBytes ?? 0)
        ? `an object needs ${bytes} bytes by itself: raise --max-bytes`
        : 'run the command again, or raise --max-bytes',
  })
  return false
}

function refuse(
  account: Account,
  code: 'key-refused' | 'archived-class' | 'too-large',
  about: string,
  key: string,
): null {
  account.count('refused')
  account.notice(code, about, key)
  return null
}

/** Tells of sessions whose machine no rule names. */
export function noticeFallback(account: Account, source: SyncSource): void {
  account.notice(
    'no-machine-rule',
    `no machine rule fits these objects: their sessions are booked on machine "${source.name}"`,
  )
}
