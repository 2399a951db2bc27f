import { appliedMigrations } from './migrate.ts'
import type { Archive } from './open.ts'
import { storedPriceVersion } from './reprice.ts'

/** What an archive is and holds. */
export interface ArchiveInfo {
  readonly url: string
  readonly engine: 'file' | 'server'
  /** Name of the newest migration it has had. */
  readonly schema: string
  readonly bytes: number
  /** Bytes that `db vacuum` would give back, about. */
  readonly freeBytes: number
  readonly priceVersion: string | null
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>
}

const tables = [
  'objects',
  'sessions',
  'messages',
  'tool_calls',
  'tool_results',
  'usage',
  'marks',
  'bad_lines',
  'machines',
  'sync_runs',
  'claims',
]

/** Measures an archive. @throws AgentsviewError `store.*` */
export async function archiveInfo(archive: Archive): Promise<ArchiveInfo> {
  const one = async (sql: string): Promise<number> => Number((await archive.driver.all({ sql, args: [] }))[0]?.[0] ?? 0)
  const pageSize = await one('PRAGMA page_size')
  const rows: [string, number][] = []
  for (const table of tables) rows.push([table, await one(`SELECT count(*) FROM ${table}`)])
  return {
    url: archive.url,
    engine: archive.driver.isFile ? 'file' : 'server',
    schema: (await appliedMigrations(archive.driver)).at(-1) ?? '',
    bytes: pageSize * (await one('PRAGMA page_count')),
    freeBytes: pageSize * (await one('PRAGMA freelist_count')),
    priceVersion: await storedPriceVersion(archive),
    rows: Object.fromEntries(rows),
  }
}
