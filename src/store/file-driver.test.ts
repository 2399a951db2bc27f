import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { exitCodeOf } from '../base/index.ts'
import type { Driver } from './driver.ts'
import { openFile } from './file-driver.ts'
import { openArchive } from './open.ts'
import { storeError } from './store-error.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentsview-driver-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const thrownBy = async (work: () => unknown): Promise<unknown> => {
  try {
    await work()
    return null
  } catch (error) {
    return error
  }
}

async function count(driver: Driver): Promise<number> {
  return Number((await driver.all({ sql: 'SELECT count(*) FROM t', args: [] }))[0]?.[0])
}

describe('an archive that is being made by another program', () => {
  it('is waited for, with the thread left to others', async () => {
    const path = join(folder, 'new.db')
    const other = new Database(path)
    other.exec('BEGIN EXCLUSIVE')
    other.exec('CREATE TABLE applied_migrations (number INTEGER)')
    setTimeout(() => other.exec('COMMIT'), 150)
    const driver = await openFile(path, false)
    expect(await driver.all({ sql: 'PRAGMA journal_mode', args: [] })).toEqual([['wal']])
    driver.close()
    other.close()
  })
})

describe('a transaction', () => {
  let driver: Driver
  beforeEach(async () => {
    driver = await openFile(join(folder, 'a.db'), false)
    await driver.run('CREATE TABLE t (n INTEGER UNIQUE)')
  })
  afterEach(() => driver.close())
  const insert = (n: number): { sql: string; args: number[] } => ({ sql: 'INSERT INTO t VALUES (?)', args: [n] })

  it('waits for the one before it, so that each sees whole states alone', async () => {
    const seen = await Promise.all(
      [1, 2, 3].map((n) =>
        driver.transaction(async (transaction) => {
          await transaction.run([insert(n * 10)])
          await new Promise((resolve) => setImmediate(resolve))
          await transaction.run([insert(n * 10 + 1)])
          return Number((await transaction.all({ sql: 'SELECT count(*) FROM t', args: [] }))[0]?.[0])
        }),
      ),
    )
    expect(seen).toEqual([2, 4, 6])
  })

  it('that fails leaves nothing, and the next one is not touched by it', async () => {
    const failed = driver.transaction(async (transaction) => {
      await transaction.run([insert(1), insert(2), insert(1)])
    })
    const next = driver.transaction((transaction) => transaction.run([insert(7)]))
    await expect(failed).rejects.toMatchObject({ name: 'AgentsviewError' })
    await next
    expect(await driver.all({ sql: 'SELECT n FROM t', args: [] })).toEqual([[7]])
  })

  it('gives back what the work gives, and rows in bulk', async () => {
    const rows = Array.from({ length: 1000 }, (_, n) => [n])
    const given = await driver.transaction(async (transaction) => {
      await transaction.run([
        { table: 't', columns: ['n'], rows },
        { table: 't', columns: ['n'], rows, suffix: 'ON CONFLICT DO NOTHING' },
      ])
      return 'done'
    })
    expect(given).toBe('done')
    expect(await count(driver)).toBe(1000)
  })
})

describe('a file that cannot be an archive', () => {
  const failure = async (path: string): Promise<unknown> =>
    thrownBy(async () => (await openArchive({ url: `file:${path}`, token: null })).close())

  it('is told as damaged and left as it is', async () => {
    const path = join(folder, 'notes.db')
    const text = 'these are my notes, not a database\n'.repeat(400)
    writeFileSync(path, text)
    const error = await failure(path)
    expect(error).toMatchObject({ code: 'store.corrupt', hint: expect.any(String) })
    expect(exitCodeOf(error)).toBe(10)
    expect(statSync(path).size).toBe(text.length)
    expect(readdirSync(folder)).toEqual(['notes.db'])
  })

  it('or a folder, is told as one that cannot be opened', async () => {
    const error = await failure(folder)
    expect(error).toMatchObject({ code: 'store.denied' })
    expect(exitCodeOf(error)).toBe(10)
  })

  it('is made in a folder that only its owner enters', async () => {
    const path = join(folder, 'new', 'deep', 'a.db')
    expect(await failure(path)).toBeNull()
    expect(statSync(join(folder, 'new')).mode & 0o077).toBe(0)
    chmodSync(folder, 0o700)
  })
})

it('an engine that says busy is an archive locked by another program', () => {
  const path = join(folder, 'busy.db')
  const first = new Database(path)
  first.exec('CREATE TABLE t (n); BEGIN IMMEDIATE')
  const second = new Database(path, { timeout: 0 })
  let thrown: unknown = null
  try {
    second.exec('BEGIN IMMEDIATE')
  } catch (error) {
    thrown = storeError(error, `file:${path}`)
  }
  first.close()
  second.close()
  expect(thrown).toMatchObject({ code: 'store.locked', hint: expect.stringContaining('again') })
  expect(exitCodeOf(thrown)).toBe(10)
})
