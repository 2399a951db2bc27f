import type { Readable } from 'node:stream'

import type { AgentsviewError } from '../base/index.ts'
import type { ByteOffset } from '../model/index.ts'
import { isRetryable } from './is-retryable.ts'
import type { RetryPolicy } from './retry-policy.ts'
import { backoffMs, pause } from './retry-policy.ts'
import type { Asked } from './s3-error.ts'
import { cancelledBy, remoteError, remoteFailure } from './s3-error.ts'

/** Openings that bring something, but less than `slowBytes`, are allowed this many times more often. */
const poorPerTry = 4

/** The body of one answer, not yet read. */
export interface OpenBody {
  readonly body: Readable
  /** Bytes to pass over first: the server sent more than was asked for. */
  readonly skip: number
  /** Whether the answer tells its length, so that HTTP itself keeps the body from being longer. */
  readonly isLengthKnown: boolean
}

export interface ResumableRead {
  readonly first: OpenBody
  readonly from: ByteOffset
  /** End of the wanted range, exclusive. */
  readonly to: ByteOffset
  /** Asks again for the bytes from `at` on; throws when the object is no longer the same. */
  readonly reopen: (at: ByteOffset) => Promise<OpenBody>
  /** Told of every chunk that came over the wire. */
  readonly onBytes: (count: number) => void
  readonly policy: RetryPolicy
  readonly asked: Asked
  readonly signal: AbortSignal
}

/**
 * Gives the bytes `from <= at < to`, in order and each once, however often the connection drops, stalls
 * or ends early. Leaving the loop destroys the body that is open.
 * @throws AgentsviewError `remote.unreachable.body` when `policy.tries` openings in a row brought no new
 *   byte, or stalled after a few, or more of them broke after a few; `remote.unreachable.length` when the body is longer than wanted; `cancelled` on abort; whatever
 *   `reopen` throws
 */
export async function* resumeRead(read: ResumableRead): AsyncGenerator<Uint8Array, void, undefined> {
  const { policy, asked, signal } = read
  let open = read.first
  let at = read.from
  let failures = 0
  let stalls = 0
  let poor = 0
  for (;;) {
    let failure: AgentsviewError
    let brought = 0
    try {
      for await (const chunk of takeBody(open, read.to - at, read)) {
        at += chunk.length
        brought += chunk.length
        failures = 0
        yield chunk
      }
      if (at === read.to) return
      failure = remoteFailure('unreachable.body', asked, `the body ended at byte ${at} of ${read.to}`)
    } catch (error) {
      failure = remoteError(error, asked, signal)
      if (!isRetryable(failure)) throw failure
      if (at === read.to) return
    } finally {
      open.body.destroy()
    }
    failures += 1
    // A body that gives a little and then stalls or breaks would go on for ever, a little at a time.
    const isPoor = brought < policy.slowBytes
    poor = isPoor ? poor + 1 : 0
    stalls = isPoor ? stalls + Number(failure.code === 'remote.unreachable.timeout') : 0
    const isStuck = failures >= policy.tries || stalls >= policy.tries || poor >= policy.tries * poorPerTry
    if (isStuck) throw givenUp(read, at, Math.max(failures, stalls, poor), failure)
    await pause(backoffMs(policy, failures), signal)
    open = await read.reopen(at)
  }
}

function givenUp({ asked, to }: ResumableRead, at: number, failures: number, last: AgentsviewError): AgentsviewError {
  const message = `stuck at byte ${at} of ${to} after ${failures} tries (${last.message})`
  return remoteFailure('unreachable.body', asked, message)
}

/**
 * Gives the `want` bytes of one body, fewer when it ends early. The body is pulled to its very end, because
 * only then does its connection serve the next request.
 */
async function* takeBody(open: OpenBody, want: number, read: ResumableRead): AsyncGenerator<Uint8Array> {
  let { skip } = open
  let left = want
  let held: Uint8Array | null = null
  for await (const chunk of pull(open.body, read)) {
    read.onBytes(chunk.length)
    const rest = chunk.subarray(Math.min(skip, chunk.length))
    skip -= chunk.length - rest.length
    if (rest.length === 0) continue
    if (rest.length > left) {
      throw remoteFailure('unreachable.length', read.asked, `the body goes on after byte ${read.to}, the object's end`)
    }
    left -= rest.length
    // The last bytes of a body of unknown length wait until its end shows that they are the last.
    if (left === 0 && !open.isLengthKnown) held = rest
    else yield rest
  }
  if (held !== null) yield held
}

/** Chunks of a body; the wait for each is bounded, the time the reader takes between them is not. */
async function* pull(body: Readable, { policy, asked, signal }: ResumableRead): AsyncGenerator<Uint8Array> {
  const onAbort = (): void => {
    body.destroy(cancelledBy(signal))
  }
  const onIdle = (): void => {
    body.destroy(remoteFailure('unreachable.timeout', asked, `no byte for ${policy.idleMs} ms on ${asked.operation}`))
  }
  signal.addEventListener('abort', onAbort, { once: true })
  let waitedMs = 0
  let cameBytes = 0
  try {
    const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>
    for (;;) {
      if (signal.aborted) throw cancelledBy(signal)
      const timer = setTimeout(onIdle, policy.idleMs)
      const since = performance.now()
      const next = await chunks.next().finally(() => {
        clearTimeout(timer)
      })
      if (next.done === true) return
      waitedMs += performance.now() - since
      cameBytes += next.value.length
      if (waitedMs >= policy.slowMs) {
        if (cameBytes < policy.slowBytes) {
          const words = `${cameBytes} bytes in ${Math.round(waitedMs / 1000)} s on ${asked.operation}`
          throw remoteFailure('unreachable.timeout', asked, words)
        }
        waitedMs = 0
        cameBytes = 0
      }
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
