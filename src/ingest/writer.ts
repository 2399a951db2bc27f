import type { CommitOptions, Part, PartResult, Store } from '../store/index.ts'

/** Bytes of log that one transaction covers, about. */
const batchBytes = 4 * 2 ** 20
/** Objects that one transaction covers at most: what is kept of each until then is more than a small log is long. */
const batchParts = 600
/** Rows are not held back longer than this while reading is slow. */
const maxWaitMs = 2000

export interface WriterEvents {
  onCommitted(results: readonly PartResult[], bytes: number): void
}

/** The one writer: gathers parts of many objects and commits them together. */
export interface Writer {
  /**
   * Hands a part over; waits only while too much is unwritten.
   * @returns false when another program has written to this object meanwhile: stop reading it
   * @throws what the commit threw, to every reader
   */
  submit(part: Part, bytes: number): Promise<boolean>
  /** Commits what is waiting. */
  drain(): Promise<void>
}

/** Makes the writer of one sync. */
export function writerOf(
  store: Store,
  options: Omit<CommitOptions, 'now'>,
  now: () => number,
  events: WriterEvents,
): Writer {
  const limit = store.batchLimit ?? { bytes: batchBytes, parts: batchParts }
  let waiting = new Map<string, Part>()
  let waitingBytes = 0
  let oldestAt = 0
  let running: Promise<void> | null = null
  const revisions = new Map<string, number>()
  const lost = new Set<string>()
  let failure: { readonly error: unknown } | null = null

  const commitWaiting = async (): Promise<void> => {
    const parts = [...waiting.entries()].map(([key, part]) => ({
      ...part,
      expectedRevision: revisions.get(key) ?? part.expectedRevision,
    }))
    const bytes = waitingBytes
    waiting = new Map()
    waitingBytes = 0
    const results = await store.commit(parts, { ...options, now: now() })
    for (const result of results) {
      const key = keyOf(result.part)
      if (result.isConflict) lost.add(key)
      else revisions.set(key, result.revision)
    }
    events.onCommitted(results, bytes)
  }
  const commit = (): Promise<void> => {
    running ??= commitWaiting()
      .catch((error: unknown) => {
        failure = { error }
      })
      .finally(() => {
        running = null
      })
    return running
  }
  const rethrow = (): void => {
    if (failure !== null) throw failure.error
  }

  return {
    async submit(part, bytes) {
      rethrow()
      const key = keyOf(part)
      if (lost.has(key)) return false
      if (waiting.size === 0) oldestAt = now()
      const before = waiting.get(key)
      waiting.set(key, before === undefined ? part : joinParts(before, part))
      waitingBytes += bytes
      const isDue = waitingBytes >= limit.bytes || waiting.size >= limit.parts || now() - oldestAt > maxWaitMs
      if (!isDue) return true
      // One batch is written while the next one is gathered; who would begin a third waits.
      while (running !== null && waitingBytes >= limit.bytes) await running
      // What follows a batch that failed would leave a hole behind it.
      rethrow()
      if (running === null && waiting.size > 0) void commit()
      return !lost.has(key)
    },
    async drain() {
      // What others hand over meanwhile is theirs to wait for.
      if (running !== null) await running
      if (failure === null && (running !== null || waiting.size > 0)) await commit()
      rethrow()
    },
  }
}

function keyOf({ object }: Part): string {
  return `${object.remote}\n${object.bucket}\n${object.key}`
}

/** Two parts of one object, one after the other, as one. */
function joinParts(before: Part, after: Part): Part {
  return {
    ...after,
    isFirst: before.isFirst,
    from: before.from,
    expectedRevision: before.expectedRevision,
    records: [...before.records, ...after.records],
  }
}
