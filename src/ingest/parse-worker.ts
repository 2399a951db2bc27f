import { parentPort, workerData } from 'node:worker_threads'

import { priceTable } from '../pricing/index.ts'
import { recordPacker } from '../store/index.ts'
import { formatOf } from './format-of.ts'
import { readerOf, stepsOf } from './object-reading.ts'
import type { Step, Steps } from './object-reading.ts'
import type { ParseAnswer, ParseRequest, ParseWorkerData } from './parse-thread.ts'
import { toPlain } from './plain-error.ts'
import { pricerOf } from './pricer.ts'

// The entry of the parsing thread: bytes of objects in, parts of them out.
const { overrides } = workerData as ParseWorkerData
const price = pricerOf(priceTable(overrides))
const reading = new Map<number, Steps>()

function open({ opened }: ParseRequest): Steps {
  if (opened === null) throw new Error('bytes of an object that was not opened')
  const { plan, proof, before } = opened
  return stepsOf(readerOf({ ...plan, ...formatOf(plan.place) }, price, recordPacker(), proof, before))
}

function stepsOn(request: ParseRequest): readonly Step[] {
  const steps = reading.get(request.id) ?? open(request)
  if (request.next === 'more') {
    reading.set(request.id, steps)
    return [steps.push(request.bytes)]
  }
  reading.delete(request.id)
  const last = request.bytes.length === 0 ? [] : [steps.push(request.bytes)]
  return [...last, steps.end()]
}

function answer(request: ParseRequest): ParseAnswer {
  try {
    return { id: request.id, kind: 'steps', steps: stepsOn(request) }
  } catch (error) {
    reading.delete(request.id)
    return { id: request.id, kind: 'failed', error: toPlain(error) }
  }
}

parentPort?.on('message', (request: ParseRequest) => {
  if (request.next === 'closed') {
    reading.delete(request.id)
    return
  }
  const answered = answer(request)
  const parts = answered.kind === 'steps' ? answered.steps.flatMap(({ part }) => part ?? []) : []
  const packed = parts.flatMap(({ records }) => records)
  parentPort?.postMessage(
    answered,
    packed.map(({ bytes }) => bytes.buffer),
  )
})
