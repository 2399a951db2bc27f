import { createHash } from 'node:crypto'

import type { ByteOffset, Proof } from '../model/index.ts'
import { concatBytes } from '../base/index.ts'

/** Bytes before an offset that prove, next time, that the object has only grown. */
export const proofBytes = 4096

/** The bytes of an object that a proof may still be wanted for. */
export interface RecentBytes {
  push(chunk: Uint8Array): void
  /** The proof for an offset; forgets what no later offset can need. Null when nothing stands before it. */
  proofAt(offset: ByteOffset): Proof | null
}

/** @param start  offset of the first byte that will be pushed */
export function recentBytes(start: ByteOffset): RecentBytes {
  let first = start
  let held: Uint8Array[] = []
  return {
    push(chunk) {
      held.push(chunk)
    },
    proofAt(offset) {
      const from = Math.max(first, offset - proofBytes)
      let passed = 0
      for (const chunk of held) {
        if (first + chunk.length > from) break
        first += chunk.length
        passed += 1
      }
      // All at once: small chunks come by the hundred thousand.
      held = held.slice(passed)
      const covered = slice(held, from - first, offset - first)
      return covered.length === 0 ? null : { length: covered.length, hash: hashOf(covered) }
    },
  }
}

/** SHA-256, hex. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function slice(chunks: readonly Uint8Array[], from: number, to: number): Uint8Array {
  const pieces: Uint8Array[] = []
  let at = 0
  for (const chunk of chunks) {
    if (at >= to) break
    const piece = chunk.subarray(Math.max(0, from - at), to - at)
    if (piece.length > 0) pieces.push(piece)
    at += chunk.length
  }
  return concatBytes(pieces)
}
