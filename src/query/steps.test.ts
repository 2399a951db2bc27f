import { afterEach, beforeEach, expect, it } from 'vitest'

import type { TestArchive } from '../../test/filled-archive.ts'
import { makeTestArchive } from '../../test/filled-archive.ts'
import { findSession } from './find-session.ts'
import { sessionSteps } from './steps.ts'

let test: TestArchive
beforeEach(async () => {
  test = await makeTestArchive()
  await test.add({
    nativeId: 's',
    messages: Array.from({ length: 10 }, (_, at) => ({ text: `step ${at}` })),
    usage: Array.from({ length: 10 }, (_, at) => ({ offset: at * 100, input: at })),
  })
})
afterEach(() => test.close())

it('gives every step, or some at even distances with the first and the last, and tells how many there are', async () => {
  const { driver } = test.archive
  const found = await findSession(driver, 's')
  const ordinals = async (most?: number) => {
    const { steps, stepCount } = await sessionSteps(driver, found, most)
    expect(stepCount).toBe(10)
    expect(steps.map(({ inputTokens }) => inputTokens)).toEqual(steps.map(({ ordinal }) => ordinal))
    return steps.map(({ ordinal }) => ordinal)
  }
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
  expect(await ordinals()).toEqual(all)
  expect(await ordinals(0)).toEqual(all)
  expect(await ordinals(10)).toEqual(all)
  expect(await ordinals(3)).toEqual([0, 4, 8, 9])
  expect(await ordinals(1)).toEqual([0, 9])
})

it('gives no steps of a session without any', async () => {
  await test.add({ nativeId: 'silent', messages: [{ text: 'hm' }], usage: [] })
  const found = await findSession(test.archive.driver, 'silent')
  expect(await sessionSteps(test.archive.driver, found, 3)).toEqual({ steps: [], stepCount: 0 })
})

it('says of a response charged to a session that its own row, or a copy of it in another log, counts', async () => {
  const told = async (nativeId: string, at: number) =>
    await test.add({ nativeId, columns: { started_at: at, ended_at: at }, messages: [{ text: 'a' }] })
  const first = await told('told-first', 5)
  const again = await told('told-again', 6)
  const usage = { owner_id: first.sessionId, offset: 0, model: 'opus', at: 5, dedupe_key: 'one response' }
  await test.insert('usage', { ...usage, session_id: first.sessionId, counts: 0, output: 1 })
  await test.insert('usage', { ...usage, session_id: again.sessionId, counts: 1, output: 9 })
  const isCounted = async (id: string) => {
    const { steps } = await sessionSteps(test.archive.driver, await findSession(test.archive.driver, id))
    return steps.map((step) => step.isCounted)
  }
  expect(await isCounted('told-first')).toEqual([true])
  expect(await isCounted('told-again')).toEqual([false])
})
