import { existsSync } from 'node:fs'

import { AgentsviewError } from '../base/index.ts'
import type { Archive } from './open.ts'

/**
 * Writes a whole copy of an archive file, as of one moment, while others may go on reading and writing it.
 * @param path  file to make
 * @throws AgentsviewError `usage.backup` when the file is there already; `store.not-a-file` for an archive on a
 *   server; `store.full`, `store.denied`
 */
export async function backUpArchive(archive: Archive, path: string): Promise<void> {
  assertFile(archive, 'copied', 'have the server copy it: docs/scale.md says how')
  if (existsSync(path)) {
    throw new AgentsviewError({
      code: 'usage.backup',
      message: `${path} is there already`,
      hint: 'name a file that is not there yet',
    })
  }
  await archive.driver.run(`VACUUM INTO '${path.replaceAll("'", "''")}'`)
}

/**
 * Gives the space of dropped rows back to the disk; needs as much space again while it runs.
 * @throws AgentsviewError `store.not-a-file` for an archive on a server; `store.locked`, `store.full`
 */
export async function vacuumArchive(archive: Archive): Promise<void> {
  assertFile(archive, 'vacuumed', 'let the server do it: docs/scale.md says how')
  await archive.driver.run('VACUUM')
  await archive.driver.run('PRAGMA wal_checkpoint(TRUNCATE)')
}

function assertFile({ driver, url }: Archive, done: string, hint: string): void {
  if (driver.isFile) return
  throw new AgentsviewError({
    code: 'store.not-a-file',
    message: `the archive ${url} is on a server: it cannot be ${done} from here`,
    hint,
  })
}
