import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { findSession } from './find-session.ts'
import type { TestArchive } from '../../test/filled-archive.ts'
import { makeTestArchive } from '../../test/filled-archive.ts'
import { sessionMessages } from './transcript.ts'

let test: TestArchive
beforeEach(async () => {
  test = await makeTestArchive()
})
afterEach(() => test.close())

const read = async (page: Partial<Parameters<typeof sessionMessages>[2]> = {}) =>
  await sessionMessages(test.archive.driver, await findSession(test.archive.driver, 's'), {
    limit: 50,
    cursor: null,
    ...page,
  })

describe('sessionMessages', () => {
  it('joins calls with their results by id, in any order, and with the session they started', async () => {
    const { sessionId, objectId } = await test.add({
      nativeId: 's',
      messages: [
        { role: 'user', text: 'go' },
        { text: 'on it', thinking: 'hm', columns: { model: 'opus' } },
      ],
    })
    const call = {
      session_id: sessionId,
      offset: 100,
      part: 0,
      hidden: 0,
      category: 'Task',
      input: '{"n":12345678901234567890}',
    }
    await test.insert('tool_calls', { ...call, idx: 1, call_id: 't2', name: 'Bash' })
    await test.insert('tool_calls', { ...call, idx: 0, call_id: 't1', name: 'Task' })
    await test.insert('tool_calls', { ...call, idx: 2, call_id: 't3', name: 'Secret', hidden: 1 })
    const result = { session_id: sessionId, part: 0, call_id: 't1' }
    await test.insert('tool_results', { ...result, offset: 900, is_error: 1, text: 'second' })
    await test.insert('tool_results', { ...result, offset: 50, is_error: 0, text: 'first' })
    const mark = { object_id: objectId, native_id: 's', offset: 1, name: 'spawn', key: 't1', value: 'agent-9' }
    await test.insert('marks', { ...mark, generation: 1 })
    await test.insert('marks', { ...mark, generation: 2, value: 'half-read' })
    expect(await read()).toEqual({
      messages: [
        expect.objectContaining({ ordinal: 0, role: 'user', text: 'go', toolCalls: [] }),
        {
          ordinal: 1,
          role: 'assistant',
          subtype: null,
          timestamp: '2026-08-01T12:00:00.000Z',
          model: 'opus',
          text: 'on it',
          thinking: 'hm',
          offset: 100,
          isUserTurn: false,
          toolCalls: [
            {
              id: 't1',
              name: 'Task',
              category: 'Task',
              input: '{"n":12345678901234567890}',
              result: 'first\nsecond',
              isError: true,
              subagentId: 'gpu~agent-9',
            },
            expect.objectContaining({ id: 't2', result: null, isError: false, subagentId: null }),
          ],
        },
      ],
      total: 2,
      nextCursor: null,
    })
  })

  it('numbers visible messages in the order of the transcript, page by page', async () => {
    await test.add({
      nativeId: 's',
      messages: [
        { text: 'a' },
        { text: 'hidden', columns: { hidden: 1 } },
        { text: 'c' },
        { text: 'queued', columns: { pos: 50 } },
        { text: 'd' },
      ],
    })
    const first = await read({ limit: 3 })
    expect(first.messages.map(({ ordinal, text }) => [ordinal, text])).toEqual([
      [0, 'a'],
      [1, 'queued'],
      [2, 'c'],
    ])
    expect(first.total).toBe(4)
    const second = await read({ limit: 3, cursor: first.nextCursor })
    expect(second.messages.map(({ ordinal, text }) => [ordinal, text])).toEqual([[3, 'd']])
    expect(second.nextCursor).toBeNull()
    expect((await read({ limit: 0, from: 2 })).messages.map(({ ordinal }) => ordinal)).toEqual([2, 3])
  })
})
