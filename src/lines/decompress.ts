import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import { AgentsviewError, messageOf } from '../base/index.ts'

/** How an object's bytes are packed, as its name tells. */
export type Compression = 'none' | 'gzip' | 'zstd'

/** The packing of a key, by its ending. */
export function compressionOf(key: string): Compression {
  if (key.endsWith('.gz')) return 'gzip'
  if (key.endsWith('.zst')) return 'zstd'
  return 'none'
}

/**
 * Unpacks a stream as it flows; at most a window of it is in memory.
 * @throws AgentsviewError `remote.refused.damaged` when the bytes are not what the name says
 */
export async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array, void> {
  if (compression === 'none') {
    yield* chunks
    return
  }
  try {
    yield* compression === 'gzip' ? gunzip(chunks) : unzstd(chunks)
  } catch (error) {
    if (error instanceof AgentsviewError) throw error
    throw new AgentsviewError({
      code: 'remote.refused.damaged',
      message: `the object is not readable as ${compression}: ${messageOf(error)}`,
      hint: 'upload the file again',
      cause: error,
    })
  }
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const source = Readable.from(chunks)
  const unpacked = createGunzip()
  source.on('error', (error) => unpacked.destroy(error))
  try {
    for await (const chunk of source.pipe(unpacked)) yield chunk as Uint8Array
  } finally {
    source.destroy()
    unpacked.destroy()
  }
}

async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  // Loaded only when such an object comes along: most buckets have none.
  const { Decompress } = await import('fzstd')
  const ready: Uint8Array[] = []
  const unpacker = new Decompress((chunk) => {
    if (chunk.length > 0) ready.push(chunk)
  })
  for await (const chunk of chunks) {
    // Slices bound what one push can unpack at once.
    for (let from = 0; from < chunk.length; from += sliceBytes) {
      unpacker.push(chunk.slice(from, from + sliceBytes))
      yield* ready.splice(0)
    }
  }
  unpacker.push(new Uint8Array(0), true)
  yield* ready.splice(0)
}

const sliceBytes = 16_384
