import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** From this length on a line is taken up by itself: parsing one takes several times its bytes. */
export const longLineBytes = 8 * 2 ** 20

/** Lets the readers of a sync take up long lines one after the other. */
export interface LongLines {
  /** Waits until no other reader has a long line in hand. @returns gives the turn to the next one */
  take(): Promise<() => void>
}

/** Makes the turns of one sync. */
export function longLines(): LongLines {
  let last: Promise<void> = Promise.resolve()
  return {
    async take() {
      const before = last
      let release = (): void => undefined
      last = new Promise((resolve) => (release = resolve))
      await before
      return release
    },
  }
}

let collect: (() => void) | null = null

/**
 * Gives back the memory of what is no longer in use. The engine by itself waits until as much again is asked
 * for, which after a line of 64 MiB is a lot.
 */
export function freeMemory(): void {
  if (collect === null) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
}
