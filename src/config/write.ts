import { randomBytes } from 'node:crypto'
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AgentsviewError } from '../base/index.ts'

/**
 * Writes a config file whole or not at all: a new file beside it takes its place once it is on the disk.
 * A link is followed, the file's mode is kept, missing folders are made.
 * @throws AgentsviewError `config.unwritable`
 */
export async function writeConfigFile(path: string, text: string): Promise<void> {
  try {
    const target = await targetOf(path)
    await mkdir(dirname(target.path), { recursive: true })
    const beside = `${target.path}.${randomBytes(6).toString('hex')}.tmp`
    try {
      await writeSynced(beside, text, target.mode)
      await rename(beside, target.path)
    } finally {
      await rm(beside, { force: true })
    }
  } catch (cause) {
    throw new AgentsviewError({
      code: 'config.unwritable',
      message: `${path}: cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
      hint: 'Give yourself the right to write there, or name another file with --config.',
      cause,
    })
  }
}

async function writeSynced(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(text, 'utf8')
    // The umask may have taken bits that the old file had.
    await file.chmod(mode)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function targetOf(path: string): Promise<{ readonly path: string; readonly mode: number }> {
  try {
    const real = await realpath(path)
    return { path: real, mode: (await stat(real)).mode & 0o777 }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { path, mode: 0o644 }
  }
}
