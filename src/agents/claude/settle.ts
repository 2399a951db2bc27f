import type { SessionFields } from '../../model/index.ts'
import type { SettleInput, SettleResult } from '../agent.ts'
import { trimBackground } from './background.ts'
import { forksOf, noForks } from './forks.ts'

/** Concludes a session: whose it is, what is told of it beside its log, what is a copy, and its forks. */
export function settleClaude(input: SettleInput): SettleResult {
  const trimmed = trimBackground(input)
  // What is left of a trimmed log is one conversation: its forks are those of the session it copies.
  const forks = trimmed.charged.length > 0 ? noForks : forksOf(input)
  return {
    fields: { ...forks.fields, ...trimmed.fields, ...toldBeside(input), ...callerOf(input) },
    hidden: [],
    charged: [...trimmed.charged, ...forks.charged],
    splits: forks.splits,
  }
}

/** A subagent's kind and task, from the file beside its log. */
function toldBeside({ notes, fields }: SettleInput): SessionFields {
  const told = (name: string): string | null => notes.findLast((note) => note.name === name)?.value ?? null
  const agentLabel = told('label')
  const title = fields.title ?? told('description')
  return { ...(agentLabel === null ? {} : { agentLabel }), ...(title === null ? {} : { title }) }
}

/**
 * Puts a session under the session whose tool call started it. Of several (a resumed session repeats
 * its calls) the one that started first, then the parent the log itself names, then the smaller id.
 */
function callerOf(input: SettleInput): SessionFields {
  const named = input.fields.parentId ?? input.parentFromPath
  const [caller] = input.callers
    .filter((candidate) => candidate.sessionId !== input.sessionId)
    .toSorted(
      (a, b) =>
        (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity) ||
        Number(b.sessionId === named) - Number(a.sessionId === named) ||
        (a.sessionId < b.sessionId ? -1 : 1),
    )
  return caller === undefined ? {} : { parentId: caller.sessionId, relationship: 'subagent' }
}
