import type { NanoUsd } from '../model/index.ts'
import { wrongVerdicts } from './count-usage.ts'
import type { Archive } from './open.ts'

/** Something in an archive that cannot be right. */
export interface Finding {
  readonly check: string
  /** Rows it is about. */
  readonly count: number
  /** One of them. */
  readonly example: string
}

interface Check {
  readonly name: string
  /** Gives a row for each wrong one: a text that names it. */
  readonly sql: string
}

const sessionName = `s.machine || '~' || s.native_id`
const objectName = `o.remote || ': ' || o.key`

/** What must hold of the rows; each query gives those for which it does not. */
const checks: readonly Check[] = [
  {
    name: 'rows stand where their object was read',
    sql: `SELECT ${objectName} FROM objects o JOIN sessions s ON s.object_id = o.id AND s.live = 1
          WHERE o.complete = 0 AND EXISTS
            (SELECT 1 FROM messages m WHERE m.session_id = s.id AND m."offset" >= o."offset")`,
  },
  {
    name: 'no row stands after the end of its object',
    sql: `SELECT ${objectName} FROM objects o JOIN sessions s ON s.object_id = o.id AND s.live = 1
          WHERE o.agent_version > 0 AND o.path NOT GLOB '*.gz' AND o.path NOT GLOB '*.zst' AND EXISTS
            (SELECT 1 FROM messages m WHERE m.session_id = s.id AND m."offset" >= o.size)`,
  },
  {
    name: 'sessions belong to what their object shows',
    sql: `SELECT ${sessionName} FROM sessions s LEFT JOIN objects o ON o.id = s.object_id
          WHERE o.id IS NULL OR (s.live = 1 AND s.generation <> o.generation)`,
  },
  {
    name: 'one place of each session leads',
    sql: `SELECT ${sessionName} FROM sessions s WHERE s.live = 1
          GROUP BY s.machine, s.agent, s.native_id HAVING sum(s.lead) <> 1`,
  },
  ...['messages', 'tool_calls', 'tool_results', 'usage'].map((table) => ({
    name: `${table} belong to a session`,
    sql: `SELECT 'row ' || x.id FROM ${table} x LEFT JOIN sessions s ON s.id = x.session_id WHERE s.id IS NULL`,
  })),
  {
    name: 'counts of messages are right',
    sql: `SELECT ${sessionName} FROM sessions s WHERE s.live = 1 AND (s.message_count, s.user_message_count) IS NOT
            (SELECT count(*), coalesce(sum(is_user_turn), 0) FROM messages m WHERE m.session_id = s.id AND m.hidden = 0)`,
  },
  {
    name: 'counts of bad lines are right',
    sql: `SELECT ${sessionName} FROM sessions s WHERE s.live = 1 AND s.bad_lines <>
            (SELECT count(*) FROM bad_lines b WHERE b.object_id = s.object_id AND b.generation = s.generation)`,
  },
  {
    name: 'every message with text is in the word index',
    sql: `SELECT 'message ' || m.id FROM messages m LEFT JOIN message_words_docsize d ON d.id = m.id
          WHERE (m.text <> '' OR m.thinking <> '') AND d.id IS NULL`,
  },
  {
    name: 'the word index holds nothing else',
    sql: `SELECT 'message ' || d.id FROM message_words_docsize d LEFT JOIN messages m ON m.id = d.id
          WHERE m.id IS NULL OR (m.text = '' AND m.thinking = '')`,
  },
]

/** Dedupe keys looked at in one go. */
const keysAtOnce = 2000

/**
 * Looks for everything in an archive that cannot be right: damage of the file, rows that no cursor covers,
 * counts, the word index, and which usage counts. Writes nothing.
 * @param webSearchFee  nano-dollars of one web search, as the costs were made
 * @throws AgentsviewError `store.*`
 */
export async function checkArchive(archive: Archive, webSearchFee: NanoUsd): Promise<readonly Finding[]> {
  const { driver } = archive
  const findings: Finding[] = []
  const add = (check: string, rows: readonly string[]): void => {
    const [example] = rows
    if (example !== undefined) findings.push({ check, count: rows.length, example })
  }
  const damage = await driver.all({ sql: 'PRAGMA integrity_check', args: [] })
  add(
    'the file is whole',
    damage.map(([text]) => String(text)).filter((text) => text !== 'ok'),
  )
  for (const { name, sql } of checks) {
    const rows = await driver.all({ sql, args: [] })
    add(
      name,
      rows.map(([text]) => String(text)),
    )
  }
  add('the right usage rows count', await wrongUsage(archive, webSearchFee))
  return findings
}

async function wrongUsage({ driver }: Archive, webSearchFee: NanoUsd): Promise<readonly string[]> {
  const wrong: string[] = []
  for (let after = ''; ;) {
    const rows = await driver.all({
      sql: 'SELECT DISTINCT dedupe_key FROM usage WHERE dedupe_key > ? ORDER BY dedupe_key LIMIT ?',
      args: [after, keysAtOnce],
    })
    const keys = rows.map(([key]) => String(key))
    const last = keys.at(-1)
    if (last === undefined) return wrong
    wrong.push(...(await wrongVerdicts(driver, keys, webSearchFee)).map(({ id }) => `usage row ${id}`))
    after = last
  }
}
