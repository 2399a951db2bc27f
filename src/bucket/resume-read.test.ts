import { Readable } from 'node:stream'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { concatBytes } from '../base/index.ts'
import type { OpenBody, ResumableRead } from './resume-read.ts'
import { resumeRead } from './resume-read.ts'
import { defaultRetryPolicy } from './retry-policy.ts'

const quick = { ...defaultRetryPolicy, tries: 3, baseDelayMs: 0, idleMs: 1000 }
const asked = {
  remote: 'gpu',
  bucket: 'logs',
  host: 'h',
  region: 'r',
  operation: 'read',
  key: 'k',
} as const satisfies ResumableRead['asked']

/** What one opened body does: gives its chunks, then ends or breaks. */
interface Part {
  readonly sizes: readonly number[]
  readonly end: 'clean' | 'reset'
  readonly isRangeIgnored: boolean
}

const contents = Buffer.from(Array.from({ length: 200 }, (_, index) => index))

function bodyOf(part: Part, at: number): OpenBody {
  const start = part.isRangeIgnored ? 0 : at
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let from = start
    for (const size of part.sizes) {
      const chunk = contents.subarray(from, from + size)
      from += size
      if (chunk.length > 0) yield await Promise.resolve(chunk)
    }
    if (part.end === 'reset') throw Object.assign(new Error('gone'), { code: 'ECONNRESET' })
  }
  return { body: Readable.from(chunks()), skip: at - start, isLengthKnown: false }
}

function read(from: number, parts: readonly Part[], policy = quick) {
  const whole: Part = { sizes: [contents.length], end: 'clean', isRangeIgnored: false }
  const opened: number[] = []
  const bodies: Readable[] = []
  const open = (at: number): OpenBody => {
    const body = bodyOf(parts[opened.length] ?? whole, at)
    opened.push(at)
    bodies.push(body.body)
    return body
  }
  const chunks = resumeRead({
    first: open(from),
    from,
    to: contents.length,
    reopen: (at) => Promise.resolve(open(at)),
    onBytes: () => undefined,
    policy,
    asked,
    signal: new AbortController().signal,
  })
  return { chunks, opened, bodies }
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.from(concatBytes(all))
}

describe('resumeRead', () => {
  const part: fc.Arbitrary<Part> = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }),
    end: fc.constantFrom('clean', 'reset'),
    isRangeIgnored: fc.boolean(),
  })

  it('gives each byte once and in order, however the bodies break', async () => {
    const many = { ...quick, tries: 100 }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 199 }), fc.array(part, { maxLength: 8 }), async (from, parts) => {
        const { chunks, bodies } = read(from, parts, many)
        expect(Buffer.compare(await joined(chunks), contents.subarray(from))).toBe(0)
        expect(bodies.every(({ destroyed }) => destroyed)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('goes on as long as openings bring enough, and gives up where they bring next to nothing', async () => {
    const slow: Part = { sizes: [10], end: 'reset', isRangeIgnored: false }
    const often = Array.from({ length: 20 }, () => slow)
    const whole = await joined(read(0, often, { ...quick, slowBytes: 10 }).chunks)
    expect(Buffer.compare(whole, contents)).toBe(0)
    const poor = read(0, often, { ...quick, slowBytes: 11 })
    await expect(joined(poor.chunks)).rejects.toMatchObject({ code: 'remote.unreachable.body' })
    expect(poor.opened.length).toBe(quick.tries * 4)
  })

  it('counts openings that brought no byte', async () => {
    const slow: Part = { sizes: [10], end: 'reset', isRangeIgnored: false }
    const dead: Part = { sizes: [], end: 'clean', isRangeIgnored: false }
    const stuck = read(0, [slow, dead, dead, dead])
    await expect(joined(stuck.chunks)).rejects.toMatchObject({ code: 'remote.unreachable.body' })
    expect(stuck.opened).toEqual([0, 10, 10])
  })

  it('keeps the last bytes of a body of unknown length back until its end is seen', async () => {
    const body = Readable.from([contents.subarray(0, 150), contents.subarray(150), Buffer.from('more')])
    const chunks = resumeRead({
      first: { body, skip: 0, isLengthKnown: false },
      from: 0,
      to: contents.length,
      reopen: () => Promise.reject(new Error('not to be asked again')),
      onBytes: () => undefined,
      policy: quick,
      asked,
      signal: new AbortController().signal,
    })
    const sizes: number[] = []
    const take = async (): Promise<void> => {
      for await (const chunk of chunks) sizes.push(chunk.length)
    }
    await expect(take()).rejects.toMatchObject({ code: 'remote.unreachable.length' })
    expect(sizes).toEqual([150])
  })

  it('destroys the body when the reader leaves', async () => {
    const { chunks, bodies } = read(0, [{ sizes: [10, 10, 10, 10], end: 'clean', isRangeIgnored: false }])
    for await (const chunk of chunks) {
      expect(chunk.length).toBe(10)
      break
    }
    expect(bodies[0]?.destroyed).toBe(true)
  })
})
