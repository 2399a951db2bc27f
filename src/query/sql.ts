import { CasingCache } from 'drizzle-orm/casing'
import type { SQL } from 'drizzle-orm/sql/sql'

// These parts of the package alone: all of it takes several times as long to load, at every start.
export { sql } from 'drizzle-orm/sql/sql'
export type { SQL } from 'drizzle-orm/sql/sql'

const escapes = {
  casing: new CasingCache(),
  escapeName: (name: string): string => `"${name.replaceAll('"', '""')}"`,
  escapeParam: (): string => '?',
  escapeString: (text: string): string => `'${text.replaceAll("'", "''")}'`,
}

/** A query as SQLite takes it: its text, and the values of its question marks in order. */
export function textOf(query: SQL): { readonly sql: string; readonly params: readonly unknown[] } {
  return query.toQuery(escapes)
}
