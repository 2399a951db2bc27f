import type { Archive } from '../../src/store/index.ts'

/** Rows of one kind as JSON texts, sorted: two archives that tell a reader the same have the same. */
export type Rows = readonly string[]

/** What an archive tells, without row numbers, run times and the like. */
export interface Dump {
  readonly objects: Rows
  readonly sessions: Rows
  readonly messages: Rows
  readonly words: Rows
  readonly toolCalls: Rows
  readonly toolResults: Rows
  readonly usage: Rows
  readonly marks: Rows
  readonly outputs: Rows
  readonly badLines: Rows
  readonly machines: Rows
}

/** The place of a session's row: the object it stands in and the agent's own id. */
const place = `'remote', o.remote, 'key', o.key, 'id', s.native_id`
const ofLive = `JOIN sessions s ON s.id = x.session_id AND s.live = 1 JOIN objects o ON o.id = s.object_id`

const queries: Readonly<Record<keyof Dump, string>> = {
  objects: `SELECT json_object('remote', remote, 'bucket', bucket, 'key', key, 'etag', etag, 'size', size,
      'modified', modified_at, 'machine', machine, 'agent', agent, 'version', agent_version, 'role', role,
      'path', path, 'id', native_id, 'parent', parent_from_path, 'rank', rank, 'complete', complete,
      'offset', "offset", 'gone', gone_at IS NOT NULL, 'error', error_code) FROM objects`,
  sessions: `SELECT json_object(${place}, 'machine', s.machine, 'agent', s.agent, 'lead', s.lead, 'places', s.places,
      'messages', s.message_count, 'turns', s.user_message_count, 'badLines', s.bad_lines, 'start', s.started_at,
      'end', s.ended_at, 'project', s.project, 'title', s.title, 'prompt', s.first_prompt, 'parent', s.parent_id,
      'relationship', s.relationship, 'label', s.agent_label, 'cwd', s.cwd, 'branch', s.branch,
      'version', s.agent_version, 'entrypoint', s.entrypoint, 'endState', s.end_state, 'cut', s.is_truncated,
      'hidden', json(s.hidden_ranges), 'charged', json(s.charged_ranges), 'own', json(s.own_ranges),
      'from', (SELECT b.native_id FROM sessions b WHERE b.id = s.base_id))
    FROM sessions s JOIN objects o ON o.id = s.object_id WHERE s.live = 1`,
  messages: `SELECT json_object(${place}, 'at', x."offset", 'part', x.part, 'pos', x.pos, 'role', x.role,
      'subtype', x.subtype, 'time', x.at, 'hidden', x.hidden, 'turn', x.is_user_turn, 'prompt', x.is_prompt,
      'side', x.is_sidechain, 'model', x.model, 'uuid', x.uuid, 'text', x.text, 'thinking', x.thinking)
    FROM messages x ${ofLive}`,
  words: `SELECT json_object(${place}, 'at', x."offset", 'part', x.part, 'column', v.col, 'word', v.term, 'n', v.offset)
    FROM temp.dumped_words v JOIN messages x ON x.id = v.doc ${ofLive}`,
  toolCalls: `SELECT json_object(${place}, 'at', x."offset", 'part', x.part, 'n', x.idx, 'hidden', x.hidden,
      'call', x.call_id, 'name', x.name, 'category', x.category, 'input', x.input)
    FROM tool_calls x ${ofLive}`,
  toolResults: `SELECT json_object(${place}, 'at', x."offset", 'part', x.part, 'error', x.is_error, 'time', x.at,
      'call', x.call_id, 'text', x.text, 'output', x.output_ref)
    FROM tool_results x ${ofLive}`,
  // An owner that no list shows would let money vanish from it: it is told apart.
  usage: `SELECT json_object(${place}, 'at', x."offset", 'part', x.part, 'counts', x.counts, 'hidden', x.hidden,
      'owner', CASE WHEN x.counts = 0 THEN NULL ELSE coalesce(
        (SELECT w.machine || '~' || w.native_id FROM sessions w WHERE w.id = x.owner_id AND w.live = 1 AND w.lead = 1),
        'NOBODY') END,
      'time', x.at, 'input', x.input, 'output', x.output, 'read', x.cache_read, 'w5', x.cache_write_5m,
      'w60', x.cache_write_1h, 'reasoning', x.reasoning, 'searches', x.web_searches, 'cost', x.tokens_cost,
      'fee', x.fee_cost, 'reported', x.reported_cost, 'model', x.model, 'tier', x.tier, 'same', x.dedupe_key)
    FROM usage x ${ofLive}`,
  marks: `SELECT json_object('remote', o.remote, 'key', o.key, 'id', m.native_id, 'at', m."offset", 'name', m.name,
      'about', m.key, 'value', m.value)
    FROM marks m JOIN objects o ON o.id = m.object_id AND o.generation = m.generation`,
  // In how many pieces a text lies does not show to a reader.
  outputs: `SELECT json_object('remote', o.remote, 'key', o.key, 'text',
      (SELECT group_concat(text, '') FROM (SELECT p.text FROM outputs p
        WHERE p.object_id = o.id AND p.generation = o.generation ORDER BY p."offset")))
    FROM objects o WHERE o.role = 'sidecar'`,
  badLines: `SELECT json_object('remote', o.remote, 'key', o.key, 'at', b."offset", 'length', b.length,
      'reason', b.reason)
    FROM bad_lines b JOIN objects o ON o.id = b.object_id AND o.generation = b.generation`,
  machines: `SELECT json_object('name', name) FROM machines`,
}

/**
 * Writes down everything a reader of an archive can see, in an order of its own, so that archives
 * filled in different ways can be held against each other.
 */
export async function dumpOf(archive: Archive): Promise<Dump> {
  await archive.driver.run(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.dumped_words USING fts5vocab('main', 'message_words', 'instance')`,
  )
  const entries: [string, Rows][] = []
  for (const [name, sql] of Object.entries(queries)) {
    const rows = await archive.driver.all({ sql, args: [] })
    entries.push([name, rows.map(([row]) => String(row)).toSorted()])
  }
  await archive.driver.run('DROP TABLE temp.dumped_words')
  return Object.fromEntries(entries) as unknown as Dump
}

/** Rows that only one of two dumps has, by kind; empty when they tell the same. */
export function differences(actual: Dump, expected: Dump): Readonly<Record<string, { only: Rows; missing: Rows }>> {
  const found: Record<string, { only: Rows; missing: Rows }> = {}
  for (const name of Object.keys(queries) as (keyof Dump)[]) {
    const only = without(actual[name], expected[name])
    const missing = without(expected[name], actual[name])
    if (only.length + missing.length > 0) found[name] = { only, missing }
  }
  return found
}

/** The rows that are not among others; a row that is there twice must be there twice. */
function without(rows: Rows, others: Rows): Rows {
  const left = new Map<string, number>()
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1)
  return rows.filter((row) => {
    const count = left.get(row) ?? 0
    left.set(row, count - 1)
    return count <= 0
  })
}
