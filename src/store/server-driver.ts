import type { InArgs, Transaction as ClientTransaction } from '@libsql/client'

import type { BulkInsert, Driver, SqlRow, SqlValue, Statement, Transaction } from './driver.ts'
import { insertJsonSql } from './driver.ts'
import { storeError } from './store-error.ts'

/** Rows and characters of one packed insert: a request stays well under what servers take. */
const rowsPerInsert = 500
const charactersPerInsert = 4_000_000

/**
 * Opens an archive on a libSQL server (`libsql://`, `https://`, `http://`). A round trip is what
 * costs there, so rows travel hundreds at a time as one JSON text.
 * @param token  bearer token, or null when the server asks for none
 */
export async function openServer(url: string, token: string | null): Promise<Driver> {
  const { createClient } = await import('@libsql/client/web')
  const client = createClient({ url, ...(token === null ? {} : { authToken: token }), intMode: 'number' })
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw storeError(error, url)
    }
  }
  return {
    isFile: false,
    all: (statement) => attempt(async () => toRows((await client.execute(toClient(statement))).rows)),
    run: (sql) => attempt(() => client.executeMultiple(sql)),
    transaction: (work) =>
      attempt(async () => {
        const open = await client.transaction('write')
        try {
          const result = await work(transactionOf(open))
          await open.commit()
          return result
        } finally {
          open.close()
        }
      }),
    close: () => client.close(),
  }
}

function transactionOf(open: ClientTransaction): Transaction {
  return {
    all: async (statement) => toRows((await open.execute(toClient(statement))).rows),
    run: async (statements) => {
      const packed = statements.flatMap((statement) => ('sql' in statement ? [toClient(statement)] : pack(statement)))
      if (packed.length > 0) await open.batch(packed)
    },
  }
}

function pack(bulk: BulkInsert): { sql: string; args: InArgs }[] {
  const sql = insertJsonSql(bulk)
  const packed: { sql: string; args: InArgs }[] = []
  let rows: string[] = []
  let characters = 0
  const close = (): void => {
    if (rows.length > 0) packed.push({ sql, args: [`[${rows.join(',')}]`] })
    rows = []
    characters = 0
  }
  for (const row of bulk.rows) {
    const json = JSON.stringify(row)
    if (rows.length >= rowsPerInsert || characters + json.length > charactersPerInsert) close()
    rows.push(json)
    characters += json.length
  }
  close()
  return packed
}

function toClient(statement: Statement): { sql: string; args: InArgs } {
  return { sql: statement.sql, args: [...statement.args] as InArgs }
}

function toRows(rows: readonly ArrayLike<unknown>[]): readonly SqlRow[] {
  return rows.map((row) => Array.from(row) as SqlValue[])
}
