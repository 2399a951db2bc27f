import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { AgentsviewError } from '../base/index.ts'
import type { Driver } from './driver.ts'
import { keepCopy } from './keep-copy.ts'

interface Migration {
  readonly name: string
  readonly sql: string
  readonly hash: string
}

/** The folder stands beside `src` and `dist`; this code stands two folders further in, built or not. */
const folder = new URL('../../migrations/', import.meta.url)

/** Names of the migrations in their order, as shipped. */
export function knownMigrations(): readonly string[] {
  const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8')) as {
    readonly entries: readonly { readonly tag: string }[]
  }
  return journal.entries.map(({ tag }) => tag)
}

function readMigration(name: string): Migration {
  const file = fileURLToPath(new URL(`${name}.sql`, folder))
  if (!existsSync(file)) throw new AgentsviewError({ code: 'internal', message: `migration ${name} is missing` })
  const sql = readFileSync(file, 'utf8')
  return { name, sql, hash: createHash('sha256').update(sql).digest('hex') }
}

/** Names of the migrations an archive has had, oldest first; empty for a new one. */
export async function appliedMigrations(driver: Driver): Promise<readonly string[]> {
  const known = await driver.all({
    sql: `SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'applied_migrations'`,
    args: [],
  })
  if (known.length === 0) return []
  const rows = await driver.all({ sql: 'SELECT name FROM applied_migrations ORDER BY number', args: [] })
  return rows.map(([name]) => String(name))
}

/**
 * Brings an archive to this program's schema, each migration in a transaction of its own. A file that holds
 * something is copied first: `agentsview.db.backup-0002` is the archive as its migration 0002 left it.
 * @throws AgentsviewError `store.newer` when the archive has migrations this program does not know,
 *   `store.foreign` when it is a database of another program; either is left untouched
 */
export async function migrate(driver: Driver, url: string): Promise<void> {
  const known = knownMigrations()
  const applied = await appliedMigrations(driver)
  refuseNewer(applied, known, url)
  if (applied.length === known.length) return
  if (applied.length === 0) await refuseForeign(driver, url)
  else {
    const isAsBefore = async (): Promise<boolean> => (await appliedMigrations(driver)).length === applied.length
    await keepCopy(driver, applied.at(-1) ?? '', isAsBefore)
  }
  for (const [number, name] of known.entries()) {
    if (number < applied.length) continue
    const migration = readMigration(name)
    await driver.transaction(async (transaction) => {
      // Another program may have been faster since the check above.
      await transaction.run([
        {
          sql: 'CREATE TABLE IF NOT EXISTS applied_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL)',
          args: [],
        },
      ])
      const there = await transaction.all({ sql: 'SELECT 1 FROM applied_migrations WHERE number = ?', args: [number] })
      if (there.length > 0) return
      const statements = migration.sql.split('--> statement-breakpoint').map((sql) => ({ sql, args: [] }))
      await transaction.run([
        ...statements,
        {
          sql: 'INSERT INTO applied_migrations (number, name, hash) VALUES (?, ?, ?)',
          args: [number, migration.name, migration.hash],
        },
      ])
    })
  }
}

/** Refuses a database that somebody else made: an address may be mistyped. */
async function refuseForeign(driver: Driver, url: string): Promise<void> {
  const tables = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'libsql%'`
  const [table] = await driver.all({ sql: tables, args: [] })
  // Another program may have been faster since the migrations were read.
  if (table === undefined || (await appliedMigrations(driver)).length > 0) return
  throw new AgentsviewError({
    code: 'store.foreign',
    message: `${url} is a database of another program (it holds the table ${String(table[0])})`,
    hint: 'name another archive with --db or [store] url; the file was not touched',
  })
}

/** Refuses an archive that a newer program has changed: its meaning is not known here. */
export function refuseNewer(applied: readonly string[], known: readonly string[], url: string): void {
  const unknown = applied.find((name, number) => known[number] !== name)
  if (unknown === undefined) return
  throw new AgentsviewError({
    code: 'store.newer',
    message: `the archive ${url} was written by a newer agentsview (${unknown})`,
    hint: 'update agentsview, or name another archive with --db; the archive was not touched',
  })
}
