import { getTableColumns, getTableName } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'

import type { BulkInsert } from './driver.ts'

/**
 * Rows for a table of the schema. Tables and columns go by their names in the schema, so that the compiler knows
 * them; the database's own names follow from there. What comes out is prepared once and run for every row.
 * @param columns  in the order of the cells of each row
 */
export function bulkInto<T extends SQLiteTable>(
  table: T,
  columns: readonly (keyof T['_']['columns'] & string)[],
  rows: BulkInsert['rows'],
  suffix?: string,
): BulkInsert {
  const known = getTableColumns(table)
  const nameOf = (column: string): string => known[column]?.name ?? column
  return {
    table: getTableName(table),
    columns: columns.map(nameOf),
    texts: columns.filter((column) => known[column]?.dataType === 'string').map(nameOf),
    rows,
    suffix,
  }
}
