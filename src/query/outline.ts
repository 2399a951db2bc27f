import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { int, intOrNull, select, str, strOrNull } from './ask.ts'
import type { FoundSession } from './find-session.ts'
import { numberedMessages, oneLine } from './ordinals.ts'
import { spawns } from './spawns.ts'
import { sql } from './sql.ts'

/** A point of a session to jump to. */
export interface OutlineEntry {
  readonly kind: 'prompt' | 'compaction' | 'interruption' | 'subagent'
  readonly ordinal: number
  readonly timestamp: string | null
  /** One line, at most 200 characters. */
  readonly text: string
  /** The session that was started, for `subagent`. */
  readonly sessionId: string | null
}

/**
 * What a person said, where the context was compacted or work interrupted, and which sessions were
 * started, in the order of the transcript.
 * @throws AgentsviewError `store.*`
 */
export async function sessionOutline(
  ask: Ask,
  found: FoundSession,
): Promise<{ readonly entries: readonly OutlineEntry[]; readonly total: number }> {
  const numbered = sql`WITH ${numberedMessages(found.rowId)}`
  const [messages, started, counted] = await Promise.all([
    select(
      ask,
      {
        ordinal: [sql`n.ordinal`, int],
        at: [sql`m."at"`, intOrNull],
        subtype: [sql`m.subtype`, strOrNull],
        text: [sql`substr(m.text, 1, 800)`, str],
      },
      sql`FROM numbered n JOIN messages m ON m.id = n.id
        WHERE m.is_user_turn = 1 OR m.subtype LIKE '%compact%' OR m.subtype LIKE '%interrupt%'`,
      numbered,
    ),
    startedSessions(ask, found),
    select(ask, { total: [sql`count(*)`, int] }, sql`FROM numbered`, numbered),
  ])
  const entries = messages.map(({ ordinal, at, subtype, text }): OutlineEntry => ({
    kind: kindOf(subtype),
    ordinal,
    timestamp: toRfc3339(at),
    text: oneLine(text),
    sessionId: null,
  }))
  return {
    entries: [...entries, ...started].toSorted((one, other) => one.ordinal - other.ordinal),
    total: counted[0]?.total ?? 0,
  }
}

function kindOf(subtype: string | null): OutlineEntry['kind'] {
  if (subtype?.includes('compact') === true) return 'compaction'
  return subtype?.includes('interrupt') === true ? 'interruption' : 'prompt'
}

async function startedSessions(ask: Ask, found: FoundSession): Promise<readonly OutlineEntry[]> {
  const rows = await select(
    ask,
    {
      ordinal: [sql`n.ordinal`, int],
      at: [sql`m."at"`, intOrNull],
      child: [sql`k.value`, str],
      title: [sql`coalesce(nullif(c.agent_label, ''), nullif(c.title, ''), nullif(c.first_prompt, ''))`, strOrNull],
    },
    sql`FROM sessions s ${spawns}
      JOIN tool_calls t ON t.session_id = s.id AND t.call_id = k.key AND t.hidden = 0
      JOIN messages m ON m.session_id = s.id AND m."offset" = t."offset" AND m.part = t.part
      JOIN numbered n ON n.id = m.id
      LEFT JOIN sessions c ON c.native_id = k.value AND c.machine = s.machine AND c.live = 1 AND c.lead = 1
      WHERE s.id = ${found.rowId} GROUP BY t.id`,
    sql`WITH ${numberedMessages(found.rowId)}`,
  )
  return rows.map(({ ordinal, at, child, title }) => ({
    kind: 'subagent',
    ordinal,
    timestamp: toRfc3339(at),
    text: oneLine(title ?? child),
    sessionId: `${found.machine}~${child}`,
  }))
}
