import type { Proof } from '../model/index.ts'
import type { Part, RecordPacker } from '../store/index.ts'
import { freeMemory, longLineBytes } from './long-lines.ts'
import type { ObjectReader, Pricer, ReadPlan } from './object-reader.ts'
import { objectReader } from './object-reader.ts'

/** Bytes read between two cuts: what is committed together is at least this much of an object. */
const cutBytes = 2 ** 20

/** What came of some bytes of an object. */
export interface Step {
  /** To be committed; null while nothing is due. */
  readonly part: Part | null
  /** Bytes of log that the part covers. */
  readonly bytes: number
  /** Bytes in hand of the line that is not yet finished. */
  readonly openLineBytes: number
  /** Nothing that follows matters: the rest need not be fetched. */
  readonly isDone: boolean
}

/** One object while its bytes become parts. */
export interface ObjectReading {
  /** Takes bytes; gives what is known by now, in order, which may be of bytes that came earlier. */
  push(chunk: Uint8Array): Promise<readonly Step[]>
  /** Gives all that is left. */
  end(): Promise<readonly Step[]>
  /** Lets go of an object that is not read to its end; nothing after `end`. */
  close(): void
}

/** Where bytes become rows: on this thread, or on one of its own. */
export interface Parsing {
  /**
   * @param proof  what is remembered of the bytes before `plan.from`
   * @param before  those bytes
   */
  open(plan: ReadPlan, proof: Proof | null, before: Uint8Array): ObjectReading
}

/** Parsing on this thread. */
export function parsingHere(price: Pricer, packer: () => RecordPacker): Parsing {
  return {
    open(plan, proof, before) {
      const steps = stepsOf(readerOf(plan, price, packer(), proof, before))
      return {
        push: (chunk) => Promise.resolve([steps.push(chunk)]),
        end: () => Promise.resolve([steps.end()]),
        close: () => undefined,
      }
    },
  }
}

/** A reader that knows the bytes before its first one. */
export function readerOf(
  plan: ReadPlan,
  price: Pricer,
  packer: RecordPacker,
  proof: Proof | null,
  before: Uint8Array,
): ObjectReader {
  const reader = objectReader(plan, price, packer, proof)
  if (before.length > 0) reader.prime(before)
  return reader
}

/** Bytes of one object in, parts out, each cut where enough has come together. */
export interface Steps {
  push(chunk: Uint8Array): Step
  end(): Step
}

export function stepsOf(reader: ObjectReader): Steps {
  let wasLong = false
  const stepWith = (cut: (() => Part) | null): Step => {
    const bytes = cut === null ? 0 : reader.waitingBytes
    const part = cut?.() ?? null
    return { part, bytes, openLineBytes: reader.openLineBytes, isDone: reader.isDone }
  }
  return {
    push(chunk) {
      reader.push(chunk)
      if (reader.isDone) return stepWith(null)
      const isLong = reader.openLineBytes > longLineBytes
      const isDue = !isLong && (wasLong || reader.waitingBytes >= cutBytes)
      // What parsing the long line left behind goes before its rows take their place.
      if (wasLong && isDue) freeMemory()
      wasLong = isLong
      return stepWith(isDue ? reader.cut : null)
    },
    end: () => stepWith(reader.end),
  }
}
