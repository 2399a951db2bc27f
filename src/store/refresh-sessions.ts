import type { ByteRange } from '../model/index.ts'
import type { Statement, Transaction } from './driver.ts'

/** A session with parts that are not shown. */
export interface HiddenRows {
  readonly id: number
  /** Copied history: hidden and not charged. */
  readonly hidden: readonly ByteRange[]
  /** Hidden, but charged. */
  readonly charged: readonly ByteRange[]
  /** The ranges are not what they were: rows may have to be shown again. */
  readonly isChanged: boolean
}

/** Hides the rows of copied history and abandoned tries, and shows again what no longer is. */
export async function hideRanges(transaction: Transaction, sessions: readonly HiddenRows[]): Promise<void> {
  const changed = JSON.stringify(sessions.filter(({ isChanged }) => isChanged).map(({ id }) => id))
  const statements = ['messages', 'tool_calls', 'usage'].flatMap((table): Statement[] => {
    const ranges = sessions.flatMap(({ id, hidden, charged }) =>
      [...hidden, ...(table === 'usage' ? [] : charged)].map((range) => [id, ...boundsOf(range)]),
    )
    return [
      {
        sql: `UPDATE ${table} SET hidden = 0
              WHERE hidden = 1 AND session_id IN (SELECT value FROM json_each(?))`,
        args: [changed],
      },
      {
        sql: `UPDATE ${table} SET hidden = 1 FROM json_each(?) AS part
              WHERE session_id = part.value ->> 0 AND "offset" >= part.value ->> 1 AND "offset" < part.value ->> 2
                AND hidden = 0`,
        args: [JSON.stringify(ranges)],
      },
    ]
  })
  if (sessions.length > 0) await transaction.run(statements)
}

/** First and last byte of a range, the last not included. */
export function boundsOf({ from, to }: ByteRange): readonly [number, number] {
  return [from, to ?? Number.MAX_SAFE_INTEGER]
}

/** Characters read of a first prompt; what is shown of it is shorter. */
const promptCharacters = 1200
/** Code points of a first prompt that lists show. */
const shownCharacters = 300

/**
 * Counts again what lists show of sessions, moves queued prompts to their time, and names each
 * session by its first prompt.
 */
export async function refreshCounts(transaction: Transaction, sessionIds: readonly number[]): Promise<void> {
  const ids = JSON.stringify(sessionIds)
  await transaction.run([
    { sql: queuedPositions, args: [ids] },
    { sql: counts, args: [ids] },
  ])
  const rows = await transaction.all({ sql: firstPrompts, args: [ids, promptCharacters] })
  const prompts = rows.map(([id, text]) => [Number(id), text === null ? null : oneLine(String(text))])
  await transaction.run([
    {
      sql: `UPDATE sessions SET first_prompt = new.value ->> 1 FROM json_each(?) AS new
            WHERE sessions.id = new.value ->> 0`,
      args: [JSON.stringify(prompts)],
    },
  ])
}

/**
 * A prompt typed while a tool ran stands after the last message that is not later than it; several at one
 * place stand in the order of their times. In one pass over the messages of sessions that have such
 * prompts: a log may hold very many.
 */
const queuedPositions = `UPDATE messages SET pos = coalesce(placed.after, -1) + 0.5 + 0.4 * placed.n / (placed.total + 1)
  FROM (SELECT id, subtype,
          max(CASE WHEN subtype IS NOT 'queued' THEN "offset" END) OVER before AS after,
          sum(subtype IS 'queued') OVER before AS n,
          sum(subtype IS 'queued') OVER (PARTITION BY session_id, hidden) AS total
        FROM messages
        WHERE at IS NOT NULL AND session_id IN
          (SELECT session_id FROM messages
           WHERE subtype = 'queued' AND session_id IN (SELECT value FROM json_each(?1)))
        WINDOW before AS (PARTITION BY session_id, hidden ORDER BY at, subtype IS 'queued', "offset", part
                          ROWS UNBOUNDED PRECEDING)) AS placed
  WHERE messages.id = placed.id AND placed.subtype = 'queued'`

const counts = `UPDATE sessions SET
    (message_count, user_message_count) =
      (SELECT count(*), coalesce(sum(is_user_turn), 0) FROM messages m WHERE m.session_id = sessions.id AND m.hidden = 0),
    bad_lines = (SELECT count(*) FROM bad_lines b
                 WHERE b.object_id = sessions.object_id AND b.generation = sessions.generation)
  WHERE id IN (SELECT value FROM json_each(?1))`

const firstPrompts = `SELECT s.id,
    (SELECT substr(m.text, 1, ?2) FROM messages m
     WHERE m.session_id = s.id AND m.is_prompt = 1 AND m.hidden = 0 ORDER BY m.pos, m."offset", m.part LIMIT 1)
  FROM sessions s WHERE s.id IN (SELECT value FROM json_each(?1))`

function oneLine(text: string): string {
  const characters = [...text.replace(/\s*[\r\n]+\s*/g, ' ').trim()]
  return characters.length > shownCharacters
    ? `${characters.slice(0, shownCharacters).join('')}...`
    : characters.join('')
}
