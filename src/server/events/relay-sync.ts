import type { Clock } from '../../base/index.ts'
import type { FailureInfo, SyncEvent } from '../../model/index.ts'
import type { SyncProgressEvent } from '../api.ts'
import type { EventHub } from './hub.ts'

/** Tells the hub what a sync does. */
export interface SyncRelay {
  started(remotes: readonly string[]): void
  onEvent(event: SyncEvent): void
  failed(error: FailureInfo): void
}

/** Least time between two events about how far a remote is, in milliseconds. */
const progressEveryMs = 250

type Progress = { -readonly [K in keyof SyncProgressEvent]: SyncProgressEvent[K] }

/** A relay to a hub: what happens to each object is summed up by remote, since there may be very many. */
export function relaySync(hub: EventHub, now: Clock): SyncRelay {
  const tracks = new Map<string, { progress: Progress; toldAt: number }>()
  const follow = (remote: string, isWorthTelling: boolean, change: (progress: Progress) => void): void => {
    const track = tracks.get(remote) ?? { progress: newProgress(remote), toldAt: 0 }
    tracks.set(remote, track)
    change(track.progress)
    if (!isWorthTelling && now() - track.toldAt < progressEveryMs) return
    track.toldAt = now()
    hub.publish('sync', { ...track.progress })
  }
  return {
    started: (remotes) => {
      tracks.clear()
      hub.publish('sync', { kind: 'sync-started', remotes })
    },
    failed: (error) => hub.publish('sync', { kind: 'sync-failed', error }),
    onEvent: (event) => {
      switch (event.kind) {
        case 'remote-started':
        case 'sync-finished':
          return hub.publish('sync', event)
        case 'remote-finished':
          follow(event.remote, true, (progress) => (progress.isListed = true))
          return hub.publish('sync', event)
        case 'object-failed':
          follow(event.remote, false, (progress) => (progress.failedObjects += 1))
          return hub.publish('sync', event)
        case 'remote-listed':
          return follow(event.remote, event.isComplete, (progress) => {
            progress.listed = event.objects
            progress.isListed = event.isComplete
          })
        case 'work-planned':
          return follow(event.remote, false, (progress) => {
            progress.plannedObjects += event.objects
            progress.plannedBytes += event.bytes
          })
        case 'bytes-read':
          return follow(event.remote, false, (progress) => (progress.readBytes += event.bytes))
        case 'object-finished':
          return follow(event.remote, false, (progress) => (progress.doneObjects += 1))
        case 'object-started':
        case 'batch-committed':
        case 'line-skipped':
          return undefined
      }
    },
  }
}

function newProgress(remote: string): Progress {
  return {
    kind: 'sync-progressed',
    remote,
    listed: 0,
    isListed: false,
    plannedObjects: 0,
    plannedBytes: 0,
    doneObjects: 0,
    failedObjects: 0,
    readBytes: 0,
  }
}
