import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { exitCodeOf } from '../base/index.ts'
import type { Driver } from './driver.ts'
import { openFile } from './file-driver.ts'
import { appliedMigrations, knownMigrations, migrate } from './migrate.ts'
import { openArchive, openArchiveToRead } from './open.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentsview-migrate-'))
  path = join(folder, 'a.db')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const tables = async (driver: Driver): Promise<readonly unknown[]> =>
  (await driver.all({ sql: `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`, args: [] })).flat()

describe('an archive', () => {
  it('that is new gets every migration once, in order', async () => {
    const driver = await openFile(path, false)
    await migrate(driver, `file:${path}`)
    const names = knownMigrations()
    expect(names.length).toBeGreaterThan(1)
    expect(await appliedMigrations(driver)).toEqual(names)
    const before = await tables(driver)
    await migrate(driver, `file:${path}`)
    expect(await tables(driver)).toEqual(before)
    expect(await appliedMigrations(driver)).toEqual(names)
    driver.close()
  })

  it('of a newer program is refused with exit code 10, for writing and for reading, and left untouched', async () => {
    const archive = await openArchive({ url: `file:${path}`, token: null })
    await archive.driver.run(
      `INSERT INTO applied_migrations VALUES (99, '9999_from-the-future', 'x'); PRAGMA wal_checkpoint(TRUNCATE)`,
    )
    archive.close()
    const hash = (): string => createHash('sha256').update(readFileSync(path)).digest('hex')
    const before = hash()
    for (const open of [openArchive, openArchiveToRead]) {
      const error: unknown = await open({ url: `file:${path}`, token: null }).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(error).toMatchObject({ code: 'store.newer', message: expect.stringContaining('9999_from-the-future') })
      expect(exitCodeOf(error)).toBe(10)
    }
    expect(hash()).toBe(before)
  })

  it('keeps nothing of a migration that fails half-way', async () => {
    const driver = await openFile(path, false)
    // A table of the first migration is in the way: it fails after it made others.
    await driver.run('CREATE TABLE usage (mine TEXT)')
    const before = await tables(driver)
    await expect(migrate(driver, `file:${path}`)).rejects.toMatchObject({ code: expect.stringMatching(/^store\./) })
    expect(await tables(driver)).toEqual(before)
    expect(await appliedMigrations(driver)).toEqual([])
    driver.close()
  })

  it('is not made by asking it', async () => {
    expect(await openArchiveToRead({ url: `file:${path}`, token: null })).toBeNull()
  })

  it('has an address that is understood', async () => {
    await expect(openArchive({ url: 'postgres://x', token: null })).rejects.toMatchObject({ code: 'config.store' })
  })
})
