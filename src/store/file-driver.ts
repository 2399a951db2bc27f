import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

import Database from 'libsql'

import type { BulkInsert, Driver, SqlRow, SqlValue, Statement, Transaction } from './driver.ts'
import { insertSql } from './driver.ts'
import { storeError } from './store-error.ts'

type Prepared = ReturnType<Database.Database['prepare']>

/** How long a writer waits for another one, in milliseconds. */
const busyTimeoutMs = 15_000

/**
 * Opens an archive file with the synchronous driver: its prepared statements are kept, which is what
 * makes writing row by row the fastest way here.
 * @param path  file to open; it and its folder are made unless `readonly`
 */
export function openFile(path: string, readonly: boolean): Driver {
  const url = `file:${path}`
  const database = guard(url, () => {
    if (!readonly) mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    return new Database(path, { readonly, timeout: busyTimeoutMs })
  })
  guard(url, () => {
    // Sorts and indexes must not spill into files of their own.
    database.exec('PRAGMA temp_store = MEMORY')
    database.exec('PRAGMA cache_size = -16384')
    if (readonly) return
    // Tool outputs are long: with large pages they take fewer of them, and writing costs half. Only a
    // new file takes it.
    database.exec('PRAGMA page_size = 16384')
    database.exec('PRAGMA journal_mode = WAL')
    // A commit survives a killed process; only a power cut may lose the last ones, never tear one.
    database.exec('PRAGMA synchronous = NORMAL')
    database.exec('PRAGMA wal_autocheckpoint = 1000')
  })

  const prepared = new Map<string, Prepared>()
  const prepare = (sql: string): Prepared => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  const all = (statement: Statement): readonly SqlRow[] => {
    const ready = prepare(statement.sql)
    const args = statement.args as SqlValue[]
    if (!ready.reader) {
      ready.run(args)
      return []
    }
    return ready.raw(true).all(args) as SqlRow[]
  }
  const runOne = (statement: Statement | BulkInsert): void => {
    if ('sql' in statement) {
      all(statement)
      return
    }
    if (statement.rows.length === 0) return
    const insert = prepare(insertSql(statement))
    for (const row of statement.rows) insert.run(row)
  }
  const transaction: Transaction = {
    all: async (statement) => all(statement),
    run: async (statements) => {
      for (const statement of statements) runOne(statement)
    },
  }

  // One connection holds one transaction: whoever comes while another is open waits for it.
  let before: Promise<void> = Promise.resolve()
  const runTransaction = async <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> => {
    guard(url, () => void database.exec('BEGIN IMMEDIATE'))
    try {
      const result = await work(transaction)
      database.exec('COMMIT')
      return result
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      throw storeError(error, url)
    }
  }

  return {
    isFile: true,
    all: async (statement) => guard(url, () => all(statement)),
    run: async (sql) => guard(url, () => void database.exec(sql)),
    transaction: (work) => {
      const result = before.then(() => runTransaction(work))
      const settled = (): void => undefined
      before = result.then(settled, settled)
      return result
    },
    close: () => {
      prepared.clear()
      database.close()
    },
  }
}

function guard<T>(url: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeError(error, url)
  }
}
