import type { SQL } from './sql.ts'
import { sql } from './sql.ts'

/** `numbered(id, ordinal)`: every visible message of a session with its place in the transcript, for `WITH`. */
export function numberedMessages(sessionRowId: number): SQL {
  return sql`numbered AS (
    SELECT id, row_number() OVER (ORDER BY pos, "offset", part) - 1 AS ordinal
    FROM messages WHERE session_id = ${sessionRowId} AND hidden = 0)`
}

/** The first characters of a text on one line, for outlines and lists. */
export function oneLine(text: string, length = 200): string {
  const line = text
    .slice(0, length * 4)
    .replace(/\s+/gu, ' ')
    .trim()
  const signs = [...line]
  return signs.length > length || (signs.length === length && text.length > length * 4)
    ? `${signs.slice(0, length - 1).join('')}…`
    : line
}
