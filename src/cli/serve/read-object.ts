import { AgentsviewError, concatBytes } from '../../base/index.ts'
import { openBucket } from '../../bucket/index.ts'
import type { Config } from '../../config/index.ts'
import { localRemoteName } from '../../ingest/index.ts'
import { compressionOf, decompress } from '../../lines/index.ts'
import type { LocalFolders, Remote } from '../../model/index.ts'
import type { ReadObject } from '../../server/index.ts'
import { throwProblem } from '../commands/remotes/find-remote.ts'

/** Reads bytes of objects through the remotes that a config declares; one GET each. */
export function objectReader(config: Config): ReadObject {
  return async (object, from, length, signal) => {
    const bucket = openBucket(sourceOf(config, object.remote))
    try {
      const packing = compressionOf(object.key)
      if (length === 0 || (packing === 'none' && from >= object.size)) return new Uint8Array(0)
      // A packed object is counted by its unpacked bytes, and can only be read from its start.
      const { chunks } = await bucket.open(object, packing === 'none' ? from : 0, signal)
      return await cutOut(decompress(chunks, packing), packing === 'none' ? 0 : from, length)
    } finally {
      bucket.close()
    }
  }
}

/** Leaves off as soon as enough is there, which closes the connection. */
async function cutOut(chunks: AsyncIterable<Uint8Array>, from: number, length: number): Promise<Uint8Array> {
  const taken: Uint8Array[] = []
  let at = 0
  let left = length
  for await (const chunk of chunks) {
    const part = chunk.slice(Math.max(0, from - at), Math.max(0, from - at) + left)
    at += chunk.length
    left -= part.length
    if (part.length > 0) taken.push(part)
    if (left === 0) break
  }
  return concatBytes(taken)
}

function sourceOf(config: Config, name: string): Remote | LocalFolders {
  if (name === localRemoteName) return config.local
  const remote = config.remotes.find((one) => one.name === name)
  if (remote === undefined) {
    throw new AgentsviewError({
      code: 'not-found.remote',
      message: `the config does not declare the remote "${name}" any more`,
      hint: 'Declare it again: agentsview remotes add',
    })
  }
  throwProblem(remote)
  return remote
}
