import { bytesOf } from './plan-listed.ts'
import type { ReadWork } from './read-object.ts'

/** What a listing found to be read, waiting for readers; holds plans only, never bytes. */
export interface WorkQueue {
  readonly push: (work: ReadWork) => void
  /** Waits while so much is waiting that more of it would only take memory. */
  room(): Promise<void>
  /** Nobody takes any more: what waits, and what waits for room, is let go. */
  abandon(): void
  /** Nothing more will come. */
  readonly end: () => void
  /**
   * Takes what is waiting, at least one piece; waits while there is none.
   * @param most  pieces, and bytes they will ask for
   * @returns nothing at the end alone
   */
  take(most: { readonly pieces: number; readonly bytes: number }): Promise<readonly ReadWork[]>
}

/** Pieces that wait at most, about: a page more may come. */
const maxWaiting = 20_000

/** Makes an empty queue. */
export function workQueue(): WorkQueue {
  let waiting: ReadWork[] = []
  let next = 0
  let isEnded = false
  let isAbandoned = false
  let wake: (() => void) | null = null
  let giveRoom: (() => void) | null = null
  const stir = (): void => {
    wake?.()
    wake = null
  }
  return {
    push: (work) => {
      if (isAbandoned) return
      waiting.push(work)
      stir()
    },
    async room() {
      while (waiting.length - next >= maxWaiting) {
        await new Promise<void>((resolve) => {
          giveRoom = resolve
        })
      }
    },
    abandon: () => {
      isAbandoned = true
      waiting = []
      next = 0
      giveRoom?.()
    },
    end: () => {
      isEnded = true
      stir()
    },
    async take({ pieces, bytes }) {
      while (next === waiting.length && !isEnded) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const taken: ReadWork[] = []
      let sum = 0
      for (let work = waiting[next]; work !== undefined && taken.length < pieces; work = waiting[next]) {
        sum += bytesOf(work)
        if (taken.length > 0 && sum > bytes) break
        taken.push(work)
        next += 1
      }
      if (next === waiting.length) {
        waiting = []
        next = 0
      } else if (next >= maxWaiting) {
        waiting = waiting.slice(next)
        next = 0
      }
      giveRoom?.()
      return taken
    },
  }
}
