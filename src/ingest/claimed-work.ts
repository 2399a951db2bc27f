import type { ObjectId } from '../model/index.ts'
import type { Claims } from '../store/index.ts'
import type { ReadWork } from './read-object.ts'
import type { WorkQueue } from './work-queue.ts'

/** Objects claimed at once: enough that a claim costs next to nothing, few enough that others find work. */
const piecesAtOnce = 256
/** So many before the last, the next are claimed: that may wait for the batch that is being written. */
const piecesBeforehand = 128
/** Bytes of them, about. */
const bytesAtOnce = 32 * 2 ** 20

/** Work that nobody else does. */
export interface ClaimedWork {
  /** Pieces as readers ask for them; the next are claimed shortly before the ones before are all handed out. */
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
  const claim = async (): Promise<readonly ReadWork[]> => {
    const waiting = await queue.take({ pieces: piecesAtOnce, bytes: bytesAtOnce })
    if (waiting.length === 0 || isOver()) return []
    const over = done
    done = []
    const keys = new Set((await claims.take(waiting.map(wantedOf), over)).map(nameOf))
    const ours = waiting.filter((work) => keys.has(nameOf(work.object)))
    for (const work of waiting) if (!keys.has(nameOf(work.object)) && !isOver()) onLeft(work)
    // All of them may be others': that is not the end.
    return ours.length > 0 ? ours : await claim()
  }
  async function* items(): AsyncGenerator<ReadWork, void> {
    let next = claim()
    for (let works = await next; works.length > 0; works = await next) {
      const claimsNext = works[Math.max(0, works.length - piecesBeforehand)]
      for (const work of works) {
        if (isOver()) return
        if (work === claimsNext) next = noted(claim())
        yield work
      }
    }
  }
  return { items: items(), done: ({ object }) => void done.push(object) }
}

/** A promise whose failure is told to whoever waits for it later. */
function noted<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

function nameOf({ bucket, key }: ObjectId): string {
  return `${bucket}\n${key}`
}

function wantedOf({ object, cursor }: ReadWork): ObjectId & { readonly revision: number | null } {
  const { remote, bucket, key } = object
  return { remote, bucket, key, revision: cursor?.revision ?? null }
}
