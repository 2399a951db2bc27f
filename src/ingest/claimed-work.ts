import type { ObjectId } from '../model/index.ts'
import type { Claims } from '../store/index.ts'
import type { ReadWork } from './read-object.ts'
import type { WorkQueue } from './work-queue.ts'

/** Objects claimed at once: enough that a claim costs next to nothing, few enough that others find work. */
const piecesAtOnce = 256
/** Bytes of them, about. */
const bytesAtOnce = 32 * 2 ** 20

/** Work that nobody else does. */
export interface ClaimedWork {
  /** Pieces as readers ask for them; the next are claimed only when the ones before have been handed out. */
  readonly items: AsyncIterable<ReadWork>
  /** To be told of each piece that is read. */
  done(work: ReadWork): void
}

/**
 * Claims what waits in a queue, some at a time. Nothing is claimed where nothing waits.
 * @param isOver  when true, nothing more is claimed or handed out
 * @param onLeft  told of each piece that is left to another collector
 */
export function claimedWork(
  queue: WorkQueue,
  claims: Claims,
  isOver: () => boolean,
  onLeft: (work: ReadWork) => void,
): ClaimedWork {
  let done: ObjectId[] = []
  async function* items(): AsyncGenerator<ReadWork, void> {
    for (;;) {
      const waiting = await queue.take({ pieces: piecesAtOnce, bytes: bytesAtOnce })
      if (waiting.length === 0 || isOver()) return
      const over = done
      done = []
      const ours = await claims.take(waiting.map(wantedOf), over)
      const keys = new Set(ours.map(nameOf))
      for (const work of waiting) {
        if (isOver()) return
        if (keys.has(nameOf(work.object))) yield work
        else onLeft(work)
      }
    }
  }
  return { items: items(), done: ({ object }) => void done.push(object) }
}

function nameOf({ bucket, key }: ObjectId): string {
  return `${bucket}\n${key}`
}

function wantedOf({ object, cursor }: ReadWork): ObjectId & { readonly revision: number | null } {
  const { remote, bucket, key } = object
  return { remote, bucket, key, revision: cursor?.revision ?? null }
}
