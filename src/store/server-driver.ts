import { setTimeout as wait } from 'node:timers/promises'

import type { Client, InArgs, Transaction as ClientTransaction } from '@libsql/client'

import type { BulkInsert, Driver, SqlRow, SqlValue, Statement, Transaction } from './driver.ts'
import { packRows } from './pack-rows.ts'
import { insertJsonSql } from './driver.ts'
import { storeError } from './store-error.ts'

/**
 * Rows asked for at once. An answer of more than a server sends (sqld: 10 MB) ends the transaction it is
 * asked in, so all of it is done again with fewer rows an answer.
 */
const rowsPerAnswer = [Number.POSITIVE_INFINITY, 1000, 100, 10, 1] as const
/**
 * How often a transaction is begun anew when the server took its lock away (sqld gives it to the next
 * writer after 5 s) or had none to give.
 */
const transactionTries = 8
const basePauseMs = 100
const maxPauseMs = 3000

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
    path: null,
    all: (statement) =>
      attempt(async () => {
        try {
          return toRows((await client.execute(toClient(statement))).rows)
        } catch (error) {
          if (!isTooLarge(error)) throw error
          // Several answers must be of one moment.
          return await inTransaction(client, 'read', (open) => open.all(statement))
        }
      }),
    run: (sql) => attempt(() => client.executeMultiple(sql)),
    transaction: (work) => attempt(() => inTransaction(client, 'write', work)),
    // Each transaction has a connection of its own there.
    alone: (work) => work(),
    close: () => client.close(),
  }
}

/** Runs the work from its start whenever the server ended its transaction: then nothing of it was written. */
async function inTransaction<T>(
  client: Client,
  mode: 'read' | 'write',
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  let size = 0
  for (let tries = 1; ;) {
    let open: ClientTransaction | null = null
    try {
      open = await client.transaction(mode)
      const result = await work(transactionOf(open, rowsPerAnswer[size] ?? 1))
      await open.commit()
      return result
    } catch (error) {
      if (isTooLarge(error) && size < rowsPerAnswer.length - 1) {
        size += 1
        continue
      }
      if (tries === transactionTries || !isLockLost(error)) throw error
    } finally {
      open?.close()
    }
    tries += 1
    // At odds with the other writers, so that they do not all come back at one moment.
    await wait(Math.min(maxPauseMs, basePauseMs * 2 ** tries) * (0.5 + Math.random()))
  }
}

function isLockLost(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  // The last one is what a commit says whose transaction was ended between two of its requests.
  return (
    /TRANSACTION_TIMEOUT|SQLITE_BUSY|STREAM_EXPIRED/.test(code) ||
    (error instanceof Error && /no transaction is active|database is locked/.test(error.message))
  )
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'RESPONSE_TOO_LARGE'
}

function transactionOf(open: ClientTransaction, limit: number): Transaction {
  return {
    all: async ({ sql, args }) => {
      if (limit === Number.POSITIVE_INFINITY) return toRows((await open.execute(toClient({ sql, args }))).rows)
      const rows: SqlRow[] = []
      for (;;) {
        const page = { sql: `SELECT * FROM (${sql}) LIMIT ${limit} OFFSET ${rows.length}`, args }
        const found = toRows((await open.execute(toClient(page))).rows)
        rows.push(...found)
        if (found.length < limit) return rows
      }
    },
    run: async (statements) => {
      const packed = statements.flatMap((statement) => ('sql' in statement ? [toClient(statement)] : pack(statement)))
      if (packed.length > 0) await open.batch(packed)
    },
  }
}

function pack(bulk: BulkInsert): { sql: string; args: InArgs }[] {
  const sql = insertJsonSql(bulk)
  return packRows(bulk.rows).map((json) => ({ sql, args: [json] }))
}

function toClient(statement: Statement): { sql: string; args: InArgs } {
  return { sql: statement.sql, args: [...statement.args] as InArgs }
}

function toRows(rows: readonly ArrayLike<unknown>[]): readonly SqlRow[] {
  return rows.map((row) => Array.from(row) as SqlValue[])
}
