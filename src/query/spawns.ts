import { sql } from './sql.ts'

/**
 * Marks `k` of sessions that the session `s` started: its log's own, also when `s` was split from another
 * session, and those of files beside subagents' logs, which know the outermost session only.
 */
export const spawns = sql`JOIN sessions whole ON whole.id = coalesce(s.base_id, s.id)
  JOIN objects log ON log.id = whole.object_id
  JOIN marks k ON k.native_id IN (whole.native_id, log.parent_from_path) AND k.name = 'spawn' AND k.value IS NOT NULL
  JOIN objects teller ON teller.id = k.object_id AND teller.generation = k.generation
    AND teller.machine = s.machine AND teller.agent = s.agent`
