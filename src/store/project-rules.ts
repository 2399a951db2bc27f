import type { ProjectRule } from '../model/index.ts'
import { projectNamer } from '../model/index.ts'
import type { SqlRow, Statement } from './driver.ts'
import type { Archive } from './open.ts'

/** The rules by which sessions of an archive get their projects; kept in it, so that all who write agree. */
export async function readProjectRules(ask: {
  all(statement: Statement): Promise<readonly SqlRow[]>
}): Promise<readonly ProjectRule[]> {
  const [row] = await ask.all({ sql: `SELECT value FROM meta WHERE key = 'project_rules'`, args: [] })
  return row === undefined ? [] : (JSON.parse(String(row[0])) as ProjectRule[])
}

/**
 * Gives every session its project anew when the rules are not those the archive was filled with.
 * @throws AgentsviewError `store.*`; then nothing was changed
 */
export async function applyProjectRules(archive: Archive, rules: readonly ProjectRule[]): Promise<void> {
  const wanted = JSON.stringify(rules)
  if (JSON.stringify(await readProjectRules(archive.driver)) === wanted) return
  const nameOf = projectNamer(rules)
  await archive.driver.transaction(async (transaction) => {
    const told = await transaction.all({
      sql: `SELECT DISTINCT facts ->> 'project', facts ->> 'cwd' FROM sessions`,
      args: [],
    })
    const names = told.map(([project, cwd]) => {
      const pair = [project, cwd].map((value) => (typeof value === 'string' ? value : null))
      return [...pair, nameOf(pair[0] ?? null, pair[1] ?? null)]
    })
    await transaction.run([
      {
        sql: `UPDATE sessions SET project = new.value ->> 2 FROM json_each(?) AS new
              WHERE facts ->> 'project' IS new.value ->> 0 AND facts ->> 'cwd' IS new.value ->> 1
                AND project IS NOT new.value ->> 2`,
        args: [JSON.stringify(names)],
      },
      {
        sql: `INSERT INTO meta (key, value) VALUES ('project_rules', ?)
              ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
        args: [wanted],
      },
    ])
  })
}
