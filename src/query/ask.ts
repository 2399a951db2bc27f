import type { SQL, SqlValue } from './sql.ts'
import { sql } from './sql.ts'

/** Whatever can be asked: an archive's driver, or `noArchive`. */
export interface Ask {
  all(statement: {
    readonly sql: string
    readonly args: readonly SqlValue[]
  }): Promise<readonly (readonly SqlValue[])[]>
}

/** Stands in for an archive that does not exist yet: every question has an empty answer. */
export const noArchive: Ask = { all: async () => [] }

/** A result column: its SQL, and how its value is read. */
export type Columns = Readonly<Record<string, readonly [SQL, (value: SqlValue) => unknown]>>
export type RowOf<C extends Columns> = { readonly [K in keyof C]: ReturnType<C[K][1]> }

/**
 * Runs one SELECT.
 * @param columns  result columns by the name they have in the rows given back
 * @param from     everything after the column list, `FROM` first
 * @param before   what stands before `SELECT`: `WITH …`
 * @throws AgentsviewError `store.*`
 */
export async function select<C extends Columns>(
  ask: Ask,
  columns: C,
  from: SQL,
  before: SQL = sql``,
): Promise<readonly RowOf<C>[]> {
  const entries = Object.entries(columns)
  const list = sql.join(
    entries.map(([, [column]]) => column),
    sql`, `,
  )
  const { text, values } = sql`${before} SELECT ${list} ${from}`
  const rows = await ask.all({ sql: text, args: values })
  return rows.map(
    (row) => Object.fromEntries(entries.map(([name, [, read]], at) => [name, read(row[at] ?? null)])) as RowOf<C>,
  )
}

/** One row, or null where there is none. */
export async function selectOne<C extends Columns>(
  ask: Ask,
  columns: C,
  from: SQL,
  before?: SQL,
): Promise<RowOf<C> | null> {
  return (await select(ask, columns, from, before))[0] ?? null
}

/** Reads a number; nothing is 0. */
export const int = (value: SqlValue): number => Number(value ?? 0)
/** Reads a number that may be missing. */
export const intOrNull = (value: SqlValue): number | null => (value === null ? null : Number(value))
/** Reads text; nothing is empty. */
export const str = (value: SqlValue): string => (value === null ? '' : String(value))
/** Reads text that may be missing. */
export const strOrNull = (value: SqlValue): string | null => (value === null ? null : String(value))
/** Reads a flag. */
export const flag = (value: SqlValue): boolean => Number(value ?? 0) !== 0

/** Conditions that must all hold; true when there are none. */
export function all(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`1` : sql.join([...conditions], sql` AND `)
}

/** A list as one parameter, so that the text of a query does not depend on its length. */
export function listed(values: readonly (string | number)[]): SQL {
  return sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`
}
