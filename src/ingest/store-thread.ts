import { Worker } from 'node:worker_threads'

import type { Archive, CommitOptions, Part, PartResult, Store } from '../store/index.ts'
import type { PlainError } from './plain-error.ts'
import { fromPlain } from './plain-error.ts'

/** What the thread is asked: one commit at a time. */
export interface CommitRequest {
  readonly parts: readonly Part[]
  readonly options: CommitOptions
}

/** What it answers. */
export type CommitAnswer =
  | { readonly kind: 'done'; readonly results: readonly Omit<PartResult, 'part'>[] }
  | { readonly kind: 'failed'; readonly error: PlainError }

/** The write side of an archive whose commits run on a thread of their own. */
export interface ThreadedStore extends Store {
  /** Ends the thread; to be called when nothing is being written any more. */
  end(): Promise<void>
}

/** Rows live but for a moment: the 48 MB that V8 allows young values make the thread larger, and hardly faster. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 }

/**
 * Moves the commits of a file archive to a thread, so that parsing and writing use a core each. The
 * thread starts with the first commit: a run without news never pays for it.
 * @param store  does everything else, on this thread
 * @param archive  the file that both write to: in turns, since who waits for the other's lock waits idly
 */
export function threadedStore(store: Store, { url, driver }: Archive): ThreadedStore {
  let worker: Worker | null = null
  const start = (): Worker => {
    const thread = new Worker(new URL('./store-worker.js', import.meta.url), { workerData: { url }, resourceLimits })
    const forget = (): void => {
      if (worker === thread) worker = null
    }
    return thread.once('error', forget).once('exit', forget)
  }
  const commit = (request: CommitRequest): Promise<readonly PartResult[]> => {
    worker ??= start()
    const thread = worker
    return new Promise((resolve, reject) => {
      const onAnswer = (answer: CommitAnswer): void => {
        stopListening()
        if (answer.kind === 'failed') reject(fromPlain(answer.error))
        else resolve(answer.results.map((result, at) => withPart(result, request.parts[at])))
      }
      const onError = (error: Error): void => {
        stopListening()
        reject(error)
      }
      // Whatever ended it, nobody is left who would answer.
      const onExit = (): void => onError(new Error('the writing thread has ended'))
      const stopListening = (): void => {
        thread.off('message', onAnswer).off('error', onError).off('exit', onExit)
      }
      thread.on('message', onAnswer).on('error', onError).on('exit', onExit)
      // The rows change hands: they are not copied.
      const packed = request.parts.flatMap(({ records }) => records)
      thread.postMessage(
        request,
        packed.map(({ bytes }) => bytes.buffer),
      )
    })
  }
  return {
    ...store,
    commit: (parts, options) => driver.alone(() => commit({ parts, options })),
    end: async () => {
      await worker?.terminate()
      worker = null
    },
  }
}

function withPart(result: Omit<PartResult, 'part'>, part: Part | undefined): PartResult {
  if (part === undefined) throw new Error('the writing thread answered about another batch')
  return { ...result, part }
}
