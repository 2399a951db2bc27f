import { createHash } from 'node:crypto'

import type { ByteOffset, Proof } from '../model/index.ts'
import { concatBytes } from '../base/index.ts'

/** Bytes before an offset that prove, next time, that the object has only grown. */
export const proofBytes = 4096

/** The bytes of an object that a proof may still be wanted for. */
export interface RecentBytes {
  push(chunk: Uint8Array): void
  /** Lets go of what lies inside a line that began at `from` and is not yet finished: reading never goes on there. */
  thin(from: ByteOffset): void
  /**
   * The proof for an offset at which a line begins; forgets what no later offset can need. Null when nothing stands
   * before it.
   */
  proofAt(offset: ByteOffset): Proof | null
}

/** @param start  offset of the first byte that will be pushed */
export function recentBytes(start: ByteOffset): RecentBytes {
  let end = start
  let held: Piece[] = []
  const drop = (from: ByteOffset, to: ByteOffset): void => {
    held = held.filter(({ at, bytes }) => at < from || at + bytes.length > to)
  }
  return {
    push(chunk) {
      held.push({ at: end, bytes: chunk })
      end += chunk.length
    },
    thin: (from) => drop(from, end - proofBytes),
    proofAt(offset) {
      const from = Math.max(start, offset - proofBytes)
      // All at once: small chunks come by the hundred thousand.
      drop(start, from)
      const covered = between(held, from, offset)
      return covered.length === 0 ? null : { length: covered.length, hash: hashOf(covered) }
    },
  }
}

interface Piece {
  /** Offset of its first byte. */
  readonly at: ByteOffset
  readonly bytes: Uint8Array
}

/** SHA-256, hex. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function between(pieces: readonly Piece[], from: ByteOffset, to: ByteOffset): Uint8Array {
  const found = pieces
    .map(({ at, bytes }) => bytes.subarray(Math.max(0, from - at), Math.max(0, to - at)))
    .filter(({ length }) => length > 0)
  return concatBytes(found)
}
