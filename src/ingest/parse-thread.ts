import { Buffer } from 'node:buffer'
import { Worker } from 'node:worker_threads'

import type { Proof } from '../model/index.ts'
import type { PriceOverride } from '../pricing/index.ts'
import type { ReadPlan } from './object-reader.ts'
import type { ObjectReading, Parsing, Step } from './object-reading.ts'
import type { PlainError } from './plain-error.ts'
import { fromPlain } from './plain-error.ts'

/** A plan without what cannot cross to a thread: the format follows from the place. */
export type PlainPlan = Omit<ReadPlan, 'format' | 'about'>

/** What the thread is told of one object. */
export interface ParseRequest {
  readonly id: number
  /** With the first message of an object. */
  readonly opened: { readonly plan: PlainPlan; readonly proof: Proof | null; readonly before: Uint8Array } | null
  readonly bytes: Uint8Array
  /** `end` after the last bytes; `closed` when the object is given up. */
  readonly next: 'more' | 'end' | 'closed'
}

/** What it answers to each of them but the last of an object that is given up. */
export type ParseAnswer =
  | { readonly id: number; readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly id: number; readonly kind: 'failed'; readonly error: PlainError }

/** What the thread is started with. */
export interface ParseWorkerData {
  readonly overrides: readonly PriceOverride[]
}

/** Parsing whose larger objects go to a thread. */
export interface ThreadedParsing extends Parsing {
  /** Ends the thread; to be called when nothing is being read any more. */
  end(): Promise<void>
}

/** Bytes that go to the thread together. */
const blockBytes = 2 ** 18
/** Blocks of one object on their way before its reader waits. */
const blocksUnderWay = 2
/** A smaller object is read where it is: the way to the thread costs more than its lines. */
const smallBytes = 2 ** 14
/** The thread starts when this much has been read: a run with little news is done before it is there. */
const bytesWithoutThread = 2 ** 20

/** What a line leaves behind dies young: more room for it would be memory for nothing. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 }

/**
 * Parses on a thread of its own, so that fetching, parsing and writing share the cores of the machine.
 * @param here  takes small objects, and all of a run with little news
 * @param data  the person's own prices
 */
export function threadedParsing(here: Parsing, data: ParseWorkerData): ThreadedParsing {
  let worker: Worker | null = null
  let failure: Error | null = null
  let lastId = 0
  let readBytes = 0
  const waiting = new Map<number, Answers>()
  let isEnded = false
  const fail = (error: Error): void => {
    failure ??= error
    for (const answers of waiting.values()) answers.fail(error)
    waiting.clear()
  }
  const thread = (): Worker => {
    if (worker !== null) return worker
    worker = new Worker(new URL('./parse-worker.js', import.meta.url), { workerData: data, resourceLimits })
    worker.on('error', fail)
    // Whatever ended it, nobody is left who would answer.
    worker.on('exit', () => fail(new Error('the parsing thread has ended')))
    worker.on('message', (answer: ParseAnswer) => {
      if (answer.kind === 'steps') waiting.get(answer.id)?.take(answer.steps)
      else waiting.get(answer.id)?.fail(fromPlain(answer.error))
    })
    return worker
  }
  const openThere = (plan: ReadPlan, proof: Proof | null, before: Uint8Array): ObjectReading => {
    if (failure !== null) throw failure
    const to = thread()
    lastId += 1
    const id = lastId
    const answers = answersOf()
    waiting.set(id, answers)
    let opened: ParseRequest['opened'] = { plan: plainOf(plan), proof, before: new Uint8Array(before) }
    let block: Buffer<ArrayBuffer> | null = null
    let filled = 0
    const send = (next: ParseRequest['next']): void => {
      const bytes = block ?? Buffer.allocUnsafeSlow(0)
      const request: ParseRequest = { id, opened, bytes: bytes.subarray(0, filled), next }
      to.postMessage(request, [bytes.buffer])
      if (next !== 'closed') answers.asked()
      opened = null
      block = null
      filled = 0
    }
    return {
      async push(chunk) {
        for (let at = 0; at < chunk.length;) {
          block ??= Buffer.allocUnsafeSlow(blockBytes)
          const size = Math.min(chunk.length - at, blockBytes - filled)
          block.set(chunk.subarray(at, at + size), filled)
          at += size
          filled += size
          if (filled === blockBytes) send('more')
        }
        return await answers.untilFewerThan(blocksUnderWay)
      },
      async end() {
        send('end')
        const steps = await answers.untilFewerThan(1)
        waiting.delete(id)
        return steps
      },
      close() {
        if (!waiting.delete(id) || failure !== null) return
        send('closed')
      },
    }
  }
  return {
    open(plan, proof, before) {
      const size = plan.object.size - plan.from
      readBytes += size
      const isThere = readBytes > bytesWithoutThread && size > smallBytes && !isEnded
      return isThere ? openThere(plan, proof, before) : here.open(plan, proof, before)
    },
    async end() {
      isEnded = true
      await worker?.terminate()
      worker = null
    },
  }
}

function plainOf({ format: _format, about: _about, ...plan }: ReadPlan): PlainPlan {
  return plan
}

/** Answers of the thread about one object, in the order it was asked. */
interface Answers {
  asked(): void
  take(steps: readonly Step[]): void
  fail(error: Error): void
  /** Waits until fewer questions are open; gives the steps that came since it was last called. */
  untilFewerThan(limit: number): Promise<readonly Step[]>
}

function answersOf(): Answers {
  let open = 0
  let steps: Step[] = []
  let failure: { readonly error: Error } | null = null
  let wake: (() => void) | null = null
  const stir = (): void => {
    wake?.()
    wake = null
  }
  return {
    asked: () => void (open += 1),
    take(more) {
      open -= 1
      steps.push(...more)
      stir()
    },
    fail(error) {
      // What follows a failure on its way is only its echo.
      failure ??= { error }
      stir()
    },
    async untilFewerThan(limit) {
      while (open >= limit && failure === null) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      if (failure !== null) throw failure.error
      const known = steps
      steps = []
      return known
    },
  }
}
