import type { SettleInput, SettleResult } from '../agent.ts'

/**
 * Puts a session under the session whose tool call started it. Of several (a resumed session repeats
 * its calls) the one that started first, then the parent the log itself names, then the smaller id.
 */
export function settleClaude(input: SettleInput): SettleResult {
  const named = input.fields.parentId ?? input.parentFromPath
  const [caller] = input.callers
    .filter((candidate) => candidate.sessionId !== input.sessionId)
    .toSorted(
      (a, b) =>
        (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity) ||
        Number(b.sessionId === named) - Number(a.sessionId === named) ||
        (a.sessionId < b.sessionId ? -1 : 1),
    )
  const fields = caller === undefined ? {} : { parentId: caller.sessionId, relationship: 'subagent' as const }
  return { fields, hidden: [] }
}
