import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import type Database from 'libsql'

import type { BulkInsert, Driver, SqlRow, SqlValue, Statement, Transaction } from './driver.ts'
import { insertSql } from './driver.ts'
import { storeError } from './store-error.ts'

// The same as an import, but for 5 ms: Node looks through a CommonJS package for what it exports before it imports it.
const LibsqlDatabase = createRequire(import.meta.url)('libsql') as typeof Database

type Prepared = ReturnType<Database.Database['prepare']>

/** How long a writer waits for another one, in milliseconds. */
const busyTimeoutMs = 15_000
/** The engine itself waits by holding up the whole thread, so it may do so only this long at a time. */
const engineWaitMs = 25
const pauseMs = 10

/**
 * Opens an archive file with the synchronous driver: its prepared statements are kept, which is what
 * makes writing row by row the fastest way here.
 * @param path  file to open; it and its folder are made unless `readonly`
 */
export async function openFile(path: string, readonly: boolean): Promise<Driver> {
  const url = `file:${path}`
  const database = guard(url, () => {
    if (!readonly) mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    return new LibsqlDatabase(path, { readonly, timeout: engineWaitMs })
  })
  // Making a file a new archive needs it alone for a moment, and the engine does not wait for that by itself: two
  // programs that begin at once would fail each other.
  await patiently(url, () => {
    // Sorts and indexes must not spill into files of their own.
    database.exec('PRAGMA temp_store = MEMORY')
    database.exec('PRAGMA cache_size = -16384')
    // A database of another program is opened to be refused, and must stay as it is.
    if (readonly || isForeign(database)) return
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

  const runAlone = async <T>(work: (open: Transaction) => Promise<T>): Promise<T> => {
    await patiently(url, () => void database.exec('BEGIN IMMEDIATE'))
    try {
      const result = await work(transaction)
      database.exec('COMMIT')
      return result
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      throw storeError(error, url)
    }
  }
  // A connection has one transaction at a time: the next one waits for the one before, whatever became of it.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = last.then(work, work)
    last = run
    return run
  }

  return {
    isFile: true,
    path,
    all: (statement) => patiently(url, () => all(statement)),
    run: (sql) => patiently(url, () => void database.exec(sql)),
    transaction: (work) => inTurn(() => runAlone(work)),
    alone: inTurn,
    close: () => {
      prepared.clear()
      database.close()
    },
  }
}

/** Whether a database holds tables, and none of them is of an archive. */
function isForeign(database: Database.Database): boolean {
  const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).raw(true).all([]) as SqlRow[]
  return tables.length > 0 && !tables.some(([name]) => name === 'applied_migrations')
}

/** Tries again while another program holds the archive, leaving the thread to others in between. */
async function patiently<T>(url: string, work: () => T): Promise<T> {
  const giveUpAt = performance.now() + busyTimeoutMs
  for (;;) {
    try {
      return work()
    } catch (error) {
      const isBusy = error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code))
      if (!isBusy || performance.now() > giveUpAt) throw storeError(error, url)
    }
    await wait(pauseMs)
  }
}

function guard<T>(url: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeError(error, url)
  }
}
