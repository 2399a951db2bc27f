/** A value SQLite takes or gives. */
export type SqlValue = null | number | string | Uint8Array

export interface Statement {
  readonly sql: string
  readonly args: readonly SqlValue[]
}

/**
 * Many rows for one table. A driver may run it row by row or pack rows together, whatever is fastest
 * where the database is. Bytes in a row are a text in UTF-8.
 */
export interface BulkInsert {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SqlValue[])[]
  /** Columns whose texts may be given as bytes. */
  readonly texts?: readonly string[] | undefined
  /** What follows the values, such as `ON CONFLICT DO NOTHING`. */
  readonly suffix?: string | undefined
}

export type SqlRow = readonly SqlValue[]

/** Statements inside one transaction: all of them take effect, or none does. */
export interface Transaction {
  /** Rows of a query, as arrays in column order. */
  all(statement: Statement): Promise<readonly SqlRow[]>
  /** Runs statements in order, in as few round trips as the driver can. */
  run(statements: readonly (Statement | BulkInsert)[]): Promise<void>
}

/** A connection to one archive. */
export interface Driver {
  /** True when the archive is a file of this machine. */
  readonly isFile: boolean
  /** Where that file is; null for a server. */
  readonly path: string | null
  all(statement: Statement): Promise<readonly SqlRow[]>
  /** Statements outside a transaction of ours, such as PRAGMAs. */
  run(sql: string): Promise<void>
  /**
   * One write transaction; rolled back when `work` throws.
   * @throws AgentsviewError `store.locked` when another writer does not finish in time, `store.full`,
   *   `store.corrupt`, `store.unreachable`
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Does something while no transaction of this connection is open: another connection's of this process, for one. */
  alone<T>(work: () => Promise<T>): Promise<T>
  close(): void
}

/** The column list and placeholders of a bulk insert for one row. */
export function insertSql(bulk: BulkInsert): string {
  const columns = bulk.columns.map((name) => `"${name}"`).join(', ')
  const marks = bulk.columns.map((name) => (bulk.texts?.includes(name) === true ? 'CAST(? AS TEXT)' : '?')).join(', ')
  return `INSERT INTO "${bulk.table}" (${columns}) VALUES (${marks}) ${bulk.suffix ?? ''}`
}

/** The same insert for many rows at once, given as one JSON array of arrays. */
export function insertJsonSql(bulk: BulkInsert): string {
  const columns = bulk.columns.map((name) => `"${name}"`).join(', ')
  const values = bulk.columns.map((_, place) => `value ->> ${place}`).join(', ')
  return `INSERT INTO "${bulk.table}" (${columns}) SELECT ${values} FROM json_each(?) WHERE true ${bulk.suffix ?? ''}`
}
