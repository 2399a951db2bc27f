import { readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import type { Driver } from './driver.ts'
import { isRunning } from './is-running.ts'

/**
 * Copies an archive file beside itself before it is changed, under its own name and the number of the
 * newest migration it has had. An earlier copy of that name gives way.
 * @param last  name of that migration
 * @param isAsBefore  whether no other program has changed the archive meanwhile
 * @throws AgentsviewError `store.full` and the like; the archive is as it was
 */
export async function keepCopy(driver: Driver, last: string, isAsBefore: () => Promise<boolean>): Promise<void> {
  const { path } = driver
  if (path === null) return
  const kept = `${path}.backup-${last.slice(0, 4)}`
  dropUnfinished(kept)
  const unfinished = `${kept}.${process.pid}.part`
  try {
    await driver.run(`VACUUM INTO '${unfinished.replaceAll("'", "''")}'`)
    // Where another program has migrated meanwhile, this may be no copy of what was before.
    if (await isAsBefore()) renameSync(unfinished, kept)
  } finally {
    rmSync(unfinished, { force: true })
  }
}

/** Drops what programs left that were killed while they copied. */
function dropUnfinished(kept: string): void {
  const folder = dirname(kept)
  const shape = new RegExp(`^${basename(kept).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\.(\\d+)\\.part(?:-journal)?$`)
  for (const name of readdirSync(folder)) {
    const pid = Number(shape.exec(name)?.[1] ?? 0)
    if (pid > 0 && pid !== process.pid && !isRunning(pid)) rmSync(join(folder, name), { force: true })
  }
}
