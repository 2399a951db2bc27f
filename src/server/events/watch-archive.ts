import { toRfc3339 } from '../../base/index.ts'
import type { Ask } from '../../query/index.ts'
import { archiveVersion, changedSessions } from '../../query/index.ts'
import type { EventHub } from './hub.ts'

/** How often the archive is looked at while somebody listens, in milliseconds. */
const lookEveryMs = 2000
/** A change that touches more sessions than this is told as a whole. */
const mostSessions = 200

interface Known {
  readonly messageCount: number
  readonly readAt: number
}

/**
 * Tells the hub what other programs commit to the archive, and this one's own syncs: looks for changes
 * while somebody listens, and costs nothing while nobody does.
 * @param onError  told when the archive cannot be asked; looking goes on
 * @returns what stops it
 */
export function watchArchive(ask: Ask, hub: EventHub, onError: (error: unknown) => void): () => void {
  let timer: NodeJS.Timeout | null = null
  let looking = false
  let version: string | null = null
  let mark = 0
  let known = new Map<string, Known>()

  const look = async (): Promise<void> => {
    const now = await archiveVersion(ask)
    if (now === version) return
    const isFirst = version === null
    const changed = await changedSessions(ask, isFirst ? 0 : mark)
    const fresh = changed.filter((one) => {
      const before = known.get(one.id)
      return before === undefined || before.readAt !== one.readAt || before.messageCount !== one.messageCount
    })
    if (!isFirst && fresh.length <= mostSessions) {
      for (const { id, messageCount, endedAt } of fresh) {
        const before = known.get(id)
        const addedMessages = Math.max(0, messageCount - (before?.messageCount ?? 0))
        const isNew = before === undefined
        const event = { kind: 'session-changed', id, isNew, messageCount, addedMessages } as const
        hub.publish('session', { ...event, endedAt: toRfc3339(endedAt) })
      }
    }
    for (const { id, messageCount, readAt } of fresh) known.set(id, { messageCount, readAt })
    mark = Math.max(mark, changed.at(-1)?.readAt ?? 0)
    version = now
    // Told after the first look too: what was committed between a reader's hello and it would be missed.
    hub.publish('archive', { kind: 'archive-changed', version: now })
  }
  const tick = (): void => {
    if (looking) return
    looking = true
    look()
      .catch(onError)
      .finally(() => {
        looking = false
      })
  }
  const stop = (): void => {
    if (timer !== null) clearInterval(timer)
    timer = null
  }
  hub.onListening((isListening) => {
    stop()
    if (!isListening) return
    // What changed while nobody listened is not told: whoever comes loads everything first.
    version = null
    mark = 0
    known = new Map()
    tick()
    timer = setInterval(tick, lookEveryMs)
    timer.unref()
  })
  return stop
}
