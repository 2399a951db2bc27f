import type { Ask } from './ask.ts'
import { flag, selectOne } from './ask.ts'
import { sql } from './sql.ts'

/** True while no session has been read into the archive. @throws AgentsviewError `store.*` */
export async function isEmptyArchive(ask: Ask): Promise<boolean> {
  const row = await selectOne(ask, { any: [sql`EXISTS (SELECT 1 FROM sessions WHERE live = 1)`, flag] }, sql``)
  return row === null || !row.any
}
