import { open, rename, rm } from 'node:fs/promises'

import { AgentsviewError, messageOf } from '../base/index.ts'

/** Where a document goes, piece by piece. */
export interface Sink {
  write(piece: Uint8Array | string): Promise<void>
}

/**
 * Writes a file under a name beside its own, which it gets when all is there: what stood under its name stays until
 * then, and also when writing fails.
 * @returns bytes written
 * @throws AgentsviewError `usage.output` when the file cannot be written; whatever `fill` throws
 */
export async function writeFileWhole(path: string, fill: (sink: Sink) => Promise<void>): Promise<number> {
  const unfinished = `${path}.part`
  const file = await open(unfinished, 'w').catch((cause: unknown) => {
    throw notWritable(path, cause)
  })
  let bytes = 0
  try {
    try {
      await fill({
        write: async (piece) => {
          const data = typeof piece === 'string' ? Buffer.from(piece) : piece
          bytes += data.length
          await file.writeFile(data).catch((cause: unknown) => {
            throw notWritable(path, cause)
          })
        },
      })
    } finally {
      await file.close()
    }
    await rename(unfinished, path).catch((cause: unknown) => {
      throw notWritable(path, cause)
    })
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  return bytes
}

function notWritable(path: string, cause: unknown): AgentsviewError {
  return new AgentsviewError({
    code: 'usage.output',
    message: `${path} cannot be written: ${messageOf(cause)}`,
    hint: 'Choose another file, or - for the terminal.',
    cause,
  })
}
