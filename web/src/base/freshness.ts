/** What the answers on the page were made from, and what the archive is by now. */
export interface Freshness {
  /**
   * To be called when a question is sent.
   * @returns to be called with the version of the archive that its answer was made from; null when it tells none
   */
  ask(): (version: string | null) => void
  /** The archive is this version now. */
  tell(version: string): void
  /** Everything is asked for again. */
  forget(): void
}

/** @param onStale  called when an answer on the page is of another version than the archive is now */
export function freshness(onStale: () => void): Freshness {
  const answered = new Set<string>()
  let latest: string | null = null
  let told = 0
  return {
    ask: () => {
      const before = told
      return (version) => {
        if (version === null) return
        answered.add(version)
        // An answer that was on its way when the news came was not there to be compared. One that was asked for later
        // may be newer than the news, which will come as well.
        if (before !== told && version !== latest) onStale()
      }
    },
    tell: (version) => {
      latest = version
      told += 1
      if ([...answered].some((one) => one !== version)) onStale()
    },
    forget: () => answered.clear(),
  }
}
