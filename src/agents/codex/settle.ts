import type { Mark, SessionFields } from '../../model/index.ts'
import type { ByteRange, SettleInput, SettleResult } from '../agent.ts'

/**
 * Concludes a rollout's title, its parent, and which part of it is a copy of the parent's history.
 * A parent that is not in the archive hides nothing: the session is settled again when it arrives.
 */
export function settleRollout(input: SettleInput): SettleResult {
  const hidden = hiddenRanges(input)
  const isAllCopied = hidden.some((range) => range.to === null)
  return {
    fields: { ...titleOf(input.notes), ...parentOf(input), ...(isAllCopied ? { endState: null } : {}) },
    hidden,
  }
}

/** The newest note names the session; a blank one takes the name away. */
function titleOf(notes: readonly Mark[]): SessionFields {
  const newest = byOffset(notes.filter((note) => note.name === 'title')).at(-1)
  if (newest === undefined) return {}
  return { title: newest.value === null || newest.value === '' ? null : newest.value }
}

/** The call that started the session is its parent, unless the log itself says whose subagent it is. */
function parentOf({ sessionId, fields, callers }: SettleInput): SessionFields {
  if (fields.relationship === 'subagent') return {}
  const caller = callers.find((candidate) => candidate.sessionId !== sessionId)
  return caller === undefined ? {} : { parentId: caller.sessionId, relationship: 'subagent' }
}

function hiddenRanges(input: SettleInput): readonly ByteRange[] {
  const marks = byOffset(input.marks)
  const told = marks.filter((mark) => mark.name === 'history')
  if (told.length > 0) return toldRanges(told)
  const range = copiedFork(marks, input) ?? copiedSubagent(marks, input)
  return range === null ? [] : [range]
}

/** The log's own word: from each mark `copied` to the next mark `own`. */
function toldRanges(told: readonly Mark[]): readonly ByteRange[] {
  const ranges: ByteRange[] = []
  let from: number | null = null
  for (const mark of told) {
    if (mark.value === 'copied') from ??= mark.offset
    if (mark.value !== 'own' || from === null) continue
    ranges.push({ from, to: mark.offset })
    from = null
  }
  return from === null ? ranges : [...ranges, { from, to: null }]
}

/** A fork may begin with its parent's history: the copy starts where the log starts to tell of itself. */
function copiedFork(marks: readonly Mark[], input: SettleInput): ByteRange | null {
  const origin = marks.findLast((mark) => mark.name === 'relative' && mark.key === 'fork')
  const from = marks.find((mark) => mark === origin || mark.name === 'copy')?.offset
  return origin === undefined || from === undefined ? null : copiedRange(marks, turnsOf(input, origin.value), from)
}

/** A subagent's log may be its own alone; the parent's meta line in it says that a copy follows. */
function copiedSubagent(marks: readonly Mark[], input: SettleInput): ByteRange | null {
  const origin = marks.findLast((mark) => mark.name === 'relative' && mark.key === 'subagent')
  const from = marks.find((mark) => mark.name === 'copy' && mark.value === origin?.value)?.offset
  return origin === undefined || from === undefined ? null : copiedRange(marks, turnsOf(input, origin.value), from)
}

function turnsOf(input: SettleInput, parentId: string | null): ReadonlySet<string> {
  const marks = parentId === null ? undefined : input.relatives.get(parentId)
  return new Set(marks?.filter((mark) => mark.name === 'turn').map((mark) => mark.value ?? ''))
}

/** From `from` to the first turn that the parent does not have; null when nothing there is a copy. */
function copiedRange(marks: readonly Mark[], parentTurns: ReadonlySet<string>, from: number): ByteRange | null {
  // Older logs name no turns, or count them anew in each run: own turns would look like copies.
  if (![...parentTurns].some((turn) => !/^\d*$/.test(turn))) return null
  const end = marks.find((mark) => mark.name === 'turn' && mark.offset >= from && !parentTurns.has(mark.value ?? ''))
  const to = end?.offset ?? null
  const hasCopies = marks.some(
    (mark) =>
      (mark.name === 'copy' || mark.name === 'turn') && mark.offset >= from && (to === null || mark.offset < to),
  )
  return hasCopies ? { from, to } : null
}

function byOffset(marks: readonly Mark[]): readonly Mark[] {
  return marks.toSorted((a, b) => a.offset - b.offset)
}
