import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { AgentsviewError, isFamily } from '../base/index.ts'
import type { Compression } from './decompress.ts'
import { compressionOf, decompress } from './decompress.ts'

/** What the program `zstd` 1.5 made: of a short text with and without a checksum, of nothing, and of a long text. */
const packed = {
  short: 'KLUv/QRYgQAAeyJuIjoxfQp7Im4iOjJ9CkUsYJk=',
  unchecked: 'KLUv/QBYgQAAeyJuIjoxfQp7Im4iOjJ9Cg==',
  empty: 'KLUv/SQAAQAAmenYUQ==',
  long:
    'KLUv/QRoPAIAhAJ7ImxpbmUiOjAsInRleHQiOiJhZ2FpbiBhbmQgIn0KMTIzNDU2Nzg5DCCAEwPrlf5rOQwPySQFeZAMKZCHZEjEsTeogJxUAAAA' +
    'AQD9/+P/uQYCRAAAAAEA/f85AAJEAAAAAQD9/zkAAkQAAAABAP3/OQACRQAAAAEAfXwdAAHOOZZS',
}
const short = '{"n":1}\n{"n":2}\n'
const long = Array.from({ length: 20_000 }, (_, i) => `{"line":${i % 10},"text":"again and again"}\n`).join('')
const zstd = (name: keyof typeof packed): Buffer => Buffer.from(packed[name], 'base64')

const unpack = async (bytes: Uint8Array, compression: Compression, chunkSize = 7): Promise<string> => {
  const parts: Uint8Array[] = []
  for await (const part of decompress(chunksOf(bytes, chunkSize), compression)) parts.push(Buffer.from(part))
  return Buffer.concat(parts).toString()
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

describe('decompress', () => {
  it('knows the packing by the ending of a key', () => {
    const keys = ['a.jsonl', 'a.jsonl.gz', 'a.jsonl.zst', 'zst', 'a.zst.jsonl']
    expect(keys.map(compressionOf)).toEqual(['none', 'gzip', 'zstd', 'none', 'none'])
  })

  it.each([1, 7, 1 << 20])('unpacks zstd and gzip from chunks of %i bytes', async (chunkSize) => {
    expect(await unpack(zstd('short'), 'zstd', chunkSize)).toBe(short)
    expect(await unpack(zstd('unchecked'), 'zstd', chunkSize)).toBe(short)
    expect((await unpack(zstd('long'), 'zstd', chunkSize)) === long).toBe(true)
    expect((await unpack(gzipSync(long), 'gzip', chunkSize)) === long).toBe(true)
  })

  it('goes on after the end of a frame or a member: packed files may be put one behind the other', async () => {
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
    const frames = [zstd('short'), zstd('empty'), zstd('long'), skippable, zstd('unchecked')]
    expect((await unpack(Buffer.concat(frames), 'zstd')) === short + long + short).toBe(true)
    const members = [gzipSync(short), gzipSync(''), gzipSync(long), gzipSync(short)]
    expect((await unpack(Buffer.concat(members), 'gzip')) === short + long + short).toBe(true)
  })

  it('gives nothing for packed nothing', async () => {
    expect(await unpack(zstd('empty'), 'zstd')).toBe('')
    expect(await unpack(gzipSync(''), 'gzip')).toBe('')
  })

  it.each(['zstd', 'gzip'] as const)('fails on %s that is cut anywhere within', async (compression) => {
    const whole = compression === 'zstd' ? zstd('short') : gzipSync(short)
    for (let length = 1; length < whole.length; length += 1) {
      const failure = await unpack(whole.subarray(0, length), compression).catch((error: unknown) => error)
      expect(isFamily(failure, 'remote.refused'), `after ${length} bytes`).toBe(true)
      expect(failure).toMatchObject({ code: 'remote.refused.damaged', hint: expect.stringContaining('upload') })
    }
  })

  it('fails on bytes that are not what the name says', async () => {
    const damaged = { code: 'remote.refused.damaged' }
    await expect(unpack(Buffer.from(short), 'zstd')).rejects.toMatchObject(damaged)
    await expect(unpack(Buffer.from(short), 'gzip')).rejects.toMatchObject(damaged)
    await expect(unpack(gzipSync(short), 'zstd')).rejects.toMatchObject(damaged)
    await expect(unpack(Buffer.concat([zstd('short'), Buffer.from('more')]), 'zstd')).rejects.toMatchObject(damaged)
  })

  it('gives what it has unpacked before the damage', async () => {
    const parts: string[] = []
    const cut = Buffer.concat([zstd('short'), zstd('long').subarray(0, 60)])
    const reading = async (): Promise<void> => {
      for await (const part of decompress(chunksOf(cut, 16), 'zstd')) parts.push(Buffer.from(part).toString())
    }
    await expect(reading()).rejects.toMatchObject({ code: 'remote.refused.damaged' })
    expect(parts.join('').startsWith(short)).toBe(true)
  })

  it('hands on what fails in the stream beneath, as it is', async () => {
    const failure = new AgentsviewError({ code: 'remote.unreachable.broken', message: 'the connection broke' })
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield gzipSync(long).subarray(0, 20)
      throw failure
    }
    const reading = async (compression: Compression): Promise<void> => {
      for await (const part of decompress(broken(), compression)) expect(part.length).toBeGreaterThan(0)
    }
    await expect(reading('none')).rejects.toBe(failure)
    await expect(reading('gzip')).rejects.toBe(failure)
  })

  it('lets the stream beneath go when its reader stops early', async () => {
    let isClosed = false
    async function* endless(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield bytes
      } finally {
        isClosed = true
      }
    }
    for (const [compression, bytes] of [
      ['gzip', gzipSync(long)],
      ['zstd', zstd('long')],
    ] as const) {
      isClosed = false
      for await (const part of decompress(endless(bytes), compression)) if (part.length > 0) break
      // Streams of Node close what they read from a moment later.
      await vi.waitUntil(() => isClosed, { timeout: 5000 })
    }
  })
})
