import { describe, expect, it } from 'vitest'
import type { SettleInput } from '../agent.ts'
import { settleClaude } from './settle.ts'

function parentOf(callers: SettleInput['callers'], parentId: string | null = null): string | null | undefined {
  const input: SettleInput = {
    sessionId: 'agent-a',
    path: 'p/s/subagents/agent-a.jsonl',
    parentFromPath: 's',
    fields: { parentId },
    marks: [],
    notes: [],
    callers,
    relatives: new Map(),
  }
  return settleClaude(input).fields.parentId
}

describe('settleClaude', () => {
  it('leaves a session alone that no call started, or only its own', () => {
    expect(parentOf([])).toBeUndefined()
    expect(parentOf([{ sessionId: 'agent-a', startedAt: 1 }])).toBeUndefined()
  })

  it('takes the caller that started first, and one with a time before one without', () => {
    expect(
      parentOf([
        { sessionId: 'a', startedAt: null },
        { sessionId: 'c', startedAt: 5 },
        { sessionId: 'b', startedAt: 9 },
      ]),
    ).toBe('c')
  })

  it('takes, of callers that started together, the parent the log names, then the smaller id', () => {
    const callers = [
      { sessionId: 'x', startedAt: 5 },
      { sessionId: 'b', startedAt: 5 },
      { sessionId: 's', startedAt: 5 },
    ]
    expect(parentOf(callers)).toBe('s')
    expect(parentOf(callers, 'x')).toBe('x')
    expect(parentOf(callers, 'other')).toBe('b')
  })
})
