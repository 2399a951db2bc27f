import type { Ask } from './ask.ts'
import { int, select } from './ask.ts'
import type { FoundSession } from './find-session.ts'
import { numberedMessages } from './ordinals.ts'
import { sql } from './sql.ts'

/** A message that holds a text, and where it stands first. */
export interface InSessionHit {
  readonly ordinal: number
  readonly field: 'text' | 'thinking' | 'input' | 'result'
}

const fields = ['text', 'thinking', 'input', 'result'] as const

/**
 * Messages of one session that hold a text as it is typed, tool calls and results included; letters of
 * ASCII match in either case. Nothing is found for an empty text.
 * @throws AgentsviewError `store.*`
 */
export async function findInSession(ask: Ask, found: FoundSession, text: string): Promise<readonly InSessionHit[]> {
  if (text === '') return []
  const holds = (column: ReturnType<typeof sql>) => sql`instr(lower(${column}), lower(${text})) > 0`
  const rows = await select(
    ask,
    { ordinal: [sql`ordinal`, int], field: [sql`min(field)`, int] },
    sql`FROM (
        SELECT n.ordinal, CASE WHEN ${holds(sql`m.text`)} THEN 0 WHEN ${holds(sql`m.thinking`)} THEN 1 END AS field
        FROM numbered n JOIN messages m ON m.id = n.id
        UNION ALL
        SELECT n.ordinal, CASE WHEN ${holds(sql`t.input`)} OR ${holds(sql`t.name`)} THEN 2 ELSE (
            SELECT 3 FROM tool_results r WHERE r.session_id = t.session_id AND r.call_id = t.call_id
              AND ${holds(sql`r.text`)} LIMIT 1) END
        FROM tool_calls t
          JOIN messages m ON m.session_id = t.session_id AND m."offset" = t."offset" AND m.part = t.part
          JOIN numbered n ON n.id = m.id
        WHERE t.session_id = ${found.rowId} AND t.hidden = 0)
      WHERE field IS NOT NULL GROUP BY ordinal ORDER BY ordinal`,
    sql`WITH ${numberedMessages(found.rowId)}`,
  )
  return rows.map(({ ordinal, field }) => ({ ordinal, field: fields[field] ?? 'text' }))
}
