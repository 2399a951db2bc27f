import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { Secret } from '../base/index.ts'
import { AgentsviewError } from '../base/index.ts'
import type { Driver } from './driver.ts'
import { appliedMigrations, knownMigrations, migrate, refuseNewer } from './migrate.ts'

/** Where an archive is: `file:` with a path, or `libsql://`, `https://`, `http://` of a server. */
export interface ArchiveAddress {
  readonly url: string
  readonly token: Secret | null
}

/** An open archive. */
export interface Archive {
  readonly url: string
  readonly driver: Driver
  close(): void
}

/**
 * Opens an archive for reading and writing, making and migrating it as needed.
 * @throws AgentsviewError `store.*` (exit 10)
 */
export async function openArchive(address: ArchiveAddress): Promise<Archive> {
  const driver = await openDriver(address, false)
  try {
    await migrate(driver, address.url)
    return archiveOf(address, driver)
  } catch (error) {
    driver.close()
    throw error
  }
}

/**
 * Opens an archive to ask it; null when there is none yet. An archive of an older schema is migrated
 * first, since the questions are asked in the newest one.
 */
export async function openArchiveToRead(address: ArchiveAddress): Promise<Archive | null> {
  const path = filePath(address.url)
  if (path !== null && !existsSync(path)) return null
  const driver = await openDriver(address, false)
  try {
    const known = knownMigrations()
    const applied = await appliedMigrations(driver)
    refuseNewer(applied, known, address.url)
    if (applied.length < known.length) await migrate(driver, address.url)
    return archiveOf(address, driver)
  } catch (error) {
    driver.close()
    throw error
  }
}

/** The path of a `file:` URL, or null for a server. `file:relative` is relative to the working folder. */
export function filePath(url: string): string | null {
  if (!url.startsWith('file:')) return null
  return url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length)
}

async function openDriver(address: ArchiveAddress, readonly: boolean): Promise<Driver> {
  const path = filePath(address.url)
  if (path !== null) return (await import('./file-driver.ts')).openFile(path, readonly)
  if (/^(libsql|https?):\/\//.test(address.url)) {
    return (await import('./server-driver.ts')).openServer(address.url, address.token?.reveal() ?? null)
  }
  throw new AgentsviewError({
    code: 'config.store',
    message: `"${address.url}" is not an archive's address`,
    hint: 'use file:PATH, libsql://HOST, https://HOST or http://HOST:PORT',
  })
}

function archiveOf(address: ArchiveAddress, driver: Driver): Archive {
  return { url: address.url, driver, close: () => driver.close() }
}
