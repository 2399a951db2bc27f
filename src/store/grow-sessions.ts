import type { ByteRange } from '../model/index.ts'
import type { Transaction } from './driver.ts'
import { hideRanges } from './refresh-sessions.ts'
import type { PlacedPart } from './write-rows.ts'

/** A part of an object with what the archive knew of it before. */
export interface GrowingPart extends PlacedPart {
  readonly newNatives: readonly string[]
  /** The object had been read to its end: rows at the end of what was read may have been replaced. */
  readonly wasComplete: boolean
}

/**
 * True when concluding the sessions of a part can wait for a later part of the same read. Concluding looks at
 * all rows of a session; done at each commit, it would make reading a long log cost the square of its length.
 * So it is done at the first part, at the last, and whenever the part read has doubled.
 */
export function settlesLater({ part, sorted, newNatives, wasComplete }: GrowingPart): boolean {
  if (part.isLast || part.isStaged || wasComplete || part.from === 0 || newNatives.length > 0) return false
  const isLate = ({ offset }: { readonly offset: number }): boolean => offset < part.from
  if (sorted.messages.some(isLate) || sorted.badLines.some(isLate)) return false
  return Math.floor(Math.log2(part.from)) === Math.floor(Math.log2(part.offset))
}

/**
 * Adds the rows of parts to what is already concluded of their sessions: to the counts, and to the ranges
 * that are hidden. Looks at the new rows alone.
 * @returns the parts whose usage may not count although nothing else tells of it: hidden rows, and those of
 *   a session that stands in several places
 */
export async function growSessions(
  transaction: Transaction,
  parts: readonly PlacedPart[],
): Promise<ReadonlySet<PlacedPart>> {
  const doubtful = new Set<PlacedPart>()
  if (parts.length === 0) return doubtful
  const starts = parts.flatMap((placed) => [...placed.sessionIds.values()].map((id) => ({ id, placed })))
  const rows = await transaction.all({
    sql: 'SELECT id, places, hidden_ranges, charged_ranges FROM sessions WHERE id IN (SELECT value FROM json_each(?))',
    args: [JSON.stringify(starts.map(({ id }) => id))],
  })
  const known = new Map(rows.map((row) => [Number(row[0]), row]))
  const hiding = starts.flatMap(({ id, placed }) => {
    const [, places, hiddenRanges, chargedRanges] = known.get(id) ?? []
    const hidden = rangesFrom(String(hiddenRanges), placed.part.from)
    const charged = rangesFrom(String(chargedRanges), placed.part.from)
    if (Number(places) > 1 || hidden.length > 0) doubtful.add(placed)
    return hidden.length + charged.length === 0 ? [] : [{ id, hidden, charged, isChanged: false }]
  })
  await hideRanges(transaction, hiding)
  await transaction.run([
    { sql: moreMessages, args: [JSON.stringify(starts.map(({ id, placed }) => [id, placed.part.from]))] },
    {
      sql: moreBadLines,
      args: [JSON.stringify(parts.map(({ objectId, part }) => [objectId, part.generation, part.from]))],
    },
  ])
  return doubtful
}

/** A stored list of ranges from an offset on. */
function rangesFrom(text: string, offset: number): readonly ByteRange[] {
  const ranges = JSON.parse(text) as readonly (readonly [number, number | null])[]
  return ranges.flatMap(([from, to]) => (to !== null && to <= offset ? [] : [{ from: Math.max(from, offset), to }]))
}

const moreMessages = `UPDATE sessions SET (message_count, user_message_count) =
    (SELECT sessions.message_count + count(*), sessions.user_message_count + coalesce(sum(m.is_user_turn), 0)
     FROM messages m WHERE m.session_id = sessions.id AND m.hidden = 0 AND m."offset" >= grown.value ->> 1)
  FROM json_each(?) AS grown WHERE sessions.id = grown.value ->> 0`

/** Sessions of one object share its bad lines. */
const moreBadLines = `UPDATE sessions SET bad_lines = bad_lines +
    (SELECT count(*) FROM bad_lines b
     WHERE b.object_id = sessions.object_id AND b.generation = sessions.generation AND b."offset" >= grown.value ->> 2)
  FROM json_each(?) AS grown
  WHERE sessions.object_id = grown.value ->> 0 AND sessions.generation = grown.value ->> 1`
