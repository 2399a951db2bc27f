import { afterEach, describe, expect, it } from 'vitest'

import { isFamily } from '../../src/base/index.ts'
import { defaultRetryPolicy } from '../../src/bucket/retry-policy.ts'
import { S3Bucket } from '../../src/bucket/s3-bucket.ts'
import type { ObjectInfo, Remote } from '../../src/model/index.ts'
import { listAll, readAll } from '../contract/bucket.ts'
import type { Answerer, FaultyServer } from '../s3/faulty-server.ts'
import { rangeHeaders, rangeStart, sendError, sendListing, startFaultyServer } from '../s3/faulty-server.ts'
import { testRemote } from '../s3/remote.ts'

const quick = { ...defaultRetryPolicy, tries: 3, baseDelayMs: 1, maxDelayMs: 5, idleMs: 150, answerMs: 2000 }
const contents = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251))
const object: ObjectInfo = {
  remote: 'gpu',
  bucket: 'logs',
  key: 'm/raw/claude/a.jsonl',
  size: contents.length,
  etag: 'e1',
  modifiedAt: 0,
}

let servers: FaultyServer[] = []
let buckets: S3Bucket[] = []
afterEach(async () => {
  for (const bucket of buckets) bucket.close()
  await Promise.all(servers.map((server) => server.close()))
  servers = []
  buckets = []
})

async function startServer(
  answer: Answerer,
  changes: Partial<Remote> = {},
): Promise<{ server: FaultyServer; bucket: S3Bucket }> {
  const server = await startFaultyServer(answer)
  const bucket = new S3Bucket(testRemote(server.endpoint, changes), quick)
  servers.push(server)
  buckets.push(bucket)
  return { server, bucket }
}

/** The first GET of a bucket is made by the SDK, the next ones are copies of it: what holds for one holds for all. */
const ways = ['made by the SDK', 'copied from an earlier one'] as const

/** Starts as `startServer` does; for copied requests, with a bucket that has read something before. */
function starting(way: (typeof ways)[number]): typeof startServer {
  if (way === 'made by the SDK') return startServer
  return async (answer, changes) => {
    const earlier = Buffer.from('{}')
    let isFirst = true
    const started = await startServer((response, seen, index) => {
      if (!isFirst) {
        answer(response, seen, index)
        return
      }
      isFirst = false
      response.writeHead(200, rangeHeaders(0, earlier.length, 'e0'))
      response.end(earlier)
    }, changes)
    const { server, bucket } = started
    await readAll(bucket, { ...object, key: 'earlier', size: earlier.length, etag: 'e0' }, 0)
    server.forget()
    Object.assign(bucket.tally, { list: 0, get: 0, head: 0, bytesFetched: 0 })
    return started
  }
}

/** Answers honestly from the asked byte on, but lets `send` decide what of it arrives. */
function serving(send: (response: Parameters<Answerer>[0], from: number, index: number) => void): Answerer {
  return (response, seen, index) => {
    const from = rangeStart(seen)
    response.writeHead(from === 0 ? 200 : 206, rangeHeaders(from, contents.length, 'e1'))
    send(response, from, index)
  }
}

describe.each(ways)('a body that does not arrive whole, its request %s', (way) => {
  const start = starting(way)

  it('goes on at the next byte when the connection is reset', async () => {
    const { server, bucket } = await start(
      serving((response, from, index) => {
        if (index >= 3) response.end(contents.subarray(from))
        else response.write(contents.subarray(from, from + 20_000), () => response.socket?.resetAndDestroy())
      }),
    )
    expect(Buffer.compare(await readAll(bucket, object, 0), contents)).toBe(0)
    expect(server.seen.every(({ headers }) => headers['if-match'] === '"e1"')).toBe(true)
    expect(server.seen[0]?.headers['range']).toBeUndefined()
    expect(bucket.tally).toMatchObject({ list: 0, get: server.seen.length, head: 0 })
    expect(bucket.tally.bytesFetched).toBe(contents.length)
  })

  it('goes on at the next byte when the body stalls', async () => {
    const { server, bucket } = await start(
      serving((response, from, index) => {
        if (index > 0) response.end(contents.subarray(from))
        else response.write(contents.subarray(from, from + 33_333))
      }),
    )
    expect(Buffer.compare(await readAll(bucket, object, 7), contents.subarray(7))).toBe(0)
    expect(server.seen.map(({ headers }) => headers['range'])).toEqual(['bytes=7-', 'bytes=33340-'])
  })

  it('goes on at the next byte when a body of unknown length ends early', async () => {
    const { bucket } = await start((response, seen, index) => {
      const from = rangeStart(seen)
      const { 'content-length': _, ...headers } = rangeHeaders(from, contents.length, 'e1')
      response.writeHead(from === 0 ? 200 : 206, headers)
      response.end(index === 0 ? contents.subarray(0, 1000) : contents.subarray(from))
    })
    expect(Buffer.compare(await readAll(bucket, object, 0), contents)).toBe(0)
  })

  it('gives up when several tries in a row bring no byte', async () => {
    const { server, bucket } = await start(
      serving((response, from) => {
        if (from === 0) response.write(contents.subarray(0, 500), () => response.socket?.resetAndDestroy())
        else response.flushHeaders()
      }),
    )
    await expect(readAll(bucket, object, 0)).rejects.toMatchObject({
      code: 'remote.unreachable.body',
      context: { remote: 'gpu', operation: 'read', key: object.key },
    })
    expect(server.seen).toHaveLength(3)
  })

  it('does not go on in an object that changed meanwhile', async () => {
    const { bucket } = await start((response, seen, index) => {
      const from = rangeStart(seen)
      response.writeHead(from === 0 ? 200 : 206, rangeHeaders(from, contents.length, index === 0 ? 'e1' : 'e2'))
      if (index === 0) response.write(contents.subarray(0, 500), () => response.socket?.resetAndDestroy())
      else response.end(contents.subarray(from))
    })
    await expect(readAll(bucket, object, 0)).rejects.toMatchObject({ code: 'remote.unreachable.changed' })
  })

  it('stops at once when it is cancelled during a stall', async () => {
    const { bucket } = await start(serving((response) => response.write(contents.subarray(0, 10))))
    const controller = new AbortController()
    const { chunks } = await bucket.open(object, 0, controller.signal)
    const read = async (): Promise<void> => {
      for await (const chunk of chunks) {
        expect(chunk.length).toBe(10)
        setImmediate(() => {
          controller.abort()
        })
      }
    }
    await expect(read()).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe.each(ways)('an answer that is not what was asked for, its request %s', (way) => {
  const start = starting(way)

  it('skips to the wanted byte when Range is ignored', async () => {
    const { bucket } = await start((response) => {
      response.writeHead(200, rangeHeaders(0, contents.length, 'e1'))
      response.end(contents)
    })
    expect(Buffer.compare(await readAll(bucket, object, 60_001), contents.subarray(60_001))).toBe(0)
    expect(bucket.tally.bytesFetched).toBe(contents.length)
  })

  it('refuses another ETag, whatever the status', async () => {
    for (const from of [0, 9]) {
      const { bucket } = await start((response) => {
        response.writeHead(from === 0 ? 200 : 206, rangeHeaders(from, contents.length, 'other'))
        response.end(contents.subarray(from))
      })
      await expect(readAll(bucket, object, from)).rejects.toMatchObject({ code: 'remote.unreachable.changed' })
    }
  })

  it('refuses an answer without an ETag', async () => {
    const { bucket } = await start((response) => {
      response.writeHead(200)
      response.end(contents)
    })
    await expect(readAll(bucket, object, 0)).rejects.toMatchObject({ code: 'remote.unreachable.changed' })
  })

  it('refuses a range that begins elsewhere or belongs to an object of another size', async () => {
    const answers = [
      ['bytes 8-99999/100000', 'remote.unreachable.protocol'],
      ['bytes 9-199999/200000', 'remote.unreachable.changed'],
      ['nonsense', 'remote.unreachable.protocol'],
    ] as const
    for (const [range, code] of answers) {
      const { bucket } = await start((response) => {
        response.writeHead(206, { etag: '"e1"', 'content-range': range })
        response.end(contents.subarray(9))
      })
      await expect(readAll(bucket, object, 9)).rejects.toMatchObject({ code })
    }
  })

  it('refuses a body whose told length is not the listed one', async () => {
    const { bucket } = await start((response) => {
      response.writeHead(200, { ...rangeHeaders(0, contents.length, 'e1'), 'content-length': '3' })
      response.end('abc')
    })
    await expect(readAll(bucket, object, 0)).rejects.toMatchObject({ code: 'remote.unreachable.length' })
  })

  it('refuses a body that goes on after the end of the object, and keeps its last bytes back', async () => {
    const { bucket } = await start((response) => {
      response.writeHead(200, { etag: '"e1"' })
      response.write(contents)
      setImmediate(() => response.end('more'))
    })
    const { chunks } = await bucket.open(object, 0, new AbortController().signal)
    let got = 0
    const read = async (): Promise<void> => {
      for await (const chunk of chunks) got += chunk.length
    }
    await expect(read()).rejects.toMatchObject({ code: 'remote.unreachable.length' })
    expect(got).toBeLessThan(contents.length)
  })

  it('takes 412 and 416 for a changed object, and 404 for one that is gone', async () => {
    const answers = [
      [412, 'PreconditionFailed', 'remote.unreachable.changed'],
      [416, 'InvalidRange', 'remote.unreachable.changed'],
      [404, 'NoSuchKey', 'remote.refused.gone'],
      [403, 'InvalidObjectState', 'remote.refused.archived'],
    ] as const
    for (const [status, code, ours] of answers) {
      const { server, bucket } = await start((response) => {
        sendError(response, status, code)
      })
      await expect(readAll(bucket, object, 9)).rejects.toMatchObject({ code: ours })
      expect(server.seen).toHaveLength(1)
    }
  })
})

describe('a listing that goes wrong', () => {
  const start = startServer

  it('decodes keys once and asks for the next page with the token', async () => {
    const { server, bucket } = await start((response, _, index) => {
      if (index === 0) {
        const more = '<NextContinuationToken>t+/1=</NextContinuationToken>'
        sendListing(response, ['a+b%2Bc', '%2525'], { isTruncated: true, more })
      } else sendListing(response, ['z'])
    })
    const objects = await listAll(bucket)
    expect(objects.map(({ key }) => key)).toEqual(['a b+c', '%25', 'z'])
    expect(objects[0]).toMatchObject({ size: 5, etag: 'e-a+b%2Bc', modifiedAt: Date.UTC(2026, 0, 2, 3, 4, 5) })
    expect(server.seen[1]?.url.searchParams.get('continuation-token')).toBe('t+/1=')
    expect(bucket.tally.list).toBe(2)
  })

  it('fails when there is more and no token', async () => {
    const { bucket } = await start((response) => {
      sendListing(response, ['a'], { isTruncated: true })
    })
    await expect(listAll(bucket)).rejects.toMatchObject({ code: 'remote.unreachable.listing-cut' })
  })

  it('fails when a token comes back a second time', async () => {
    const { server, bucket } = await start((response, _, index) => {
      const more = `<NextContinuationToken>t${index % 2}</NextContinuationToken>`
      sendListing(response, ['a'], { isTruncated: true, more })
    })
    await expect(listAll(bucket)).rejects.toMatchObject({ code: 'remote.unreachable.listing-cut' })
    expect(server.seen).toHaveLength(3)
  })

  it('goes on after the last key where only the first version of listing is spoken', async () => {
    const { server, bucket } = await start(
      (response, _, index) => {
        sendListing(response, index === 0 ? ['a', 'b+c'] : ['d'], { isTruncated: index === 0 })
      },
      { listVersion: 1 },
    )
    expect((await listAll(bucket)).map(({ key }) => key)).toEqual(['a', 'b c', 'd'])
    expect(server.seen.map(({ url }) => url.searchParams.get('marker'))).toEqual([null, 'b c'])
  })

  it('lists each prefix in turn', async () => {
    const { server, bucket } = await start(
      (response) => {
        sendListing(response, [])
      },
      { prefixes: ['prod/', 'lab/'] },
    )
    await listAll(bucket)
    expect(server.seen.map(({ url }) => url.searchParams.get('prefix'))).toEqual(['prod/', 'lab/'])
  })

  it('does not take a page of another program for an empty bucket', async () => {
    for (const page of ['', '<html><body>Please sign in</body></html>', '<Other><Thing>1</Thing></Other>']) {
      const { bucket } = await start((response) => {
        response.writeHead(200, { 'content-type': 'text/html' })
        response.end(page)
      })
      await expect(listAll(bucket)).rejects.toMatchObject({ code: 'remote.unreachable.protocol' })
    }
  })

  it('marks what must be restored before it can be read', async () => {
    const classes = ['GLACIER', 'DEEP_ARCHIVE', 'GLACIER_IR', 'STANDARD']
    const { bucket } = await start((response) => {
      const entries = classes.map(
        (name) =>
          `<Contents><Key>${name}</Key><Size>1</Size><ETag>"e"</ETag><StorageClass>${name}</StorageClass></Contents>`,
      )
      sendListing(response, [], { more: entries.join('') })
    })
    expect((await listAll(bucket)).map(({ archivedClass }) => archivedClass)).toEqual([
      'GLACIER',
      'DEEP_ARCHIVE',
      undefined,
      undefined,
    ])
  })
})

describe.each(ways)('a server in trouble when it is asked for an object, the request %s', (way) => {
  const start = starting(way)
  const honest = serving((response, from) => response.end(contents.subarray(from)))

  it('is asked again after 5xx, 429 and a cut before the headers, and each request is counted', async () => {
    const { server, bucket } = await start((response, seen, index) => {
      if (index > 7) honest(response, seen, index)
      else if (index % 2 === 1) response.socket?.resetAndDestroy()
      else sendError(response, [503, 500, 429, 408][index / 2] ?? 0, 'SlowDown')
    })
    // Three tries each: two reads fail, the third gets through at its last try.
    for (const from of [0, 70]) {
      await expect(readAll(bucket, object, from)).rejects.toMatchObject({
        code: expect.stringMatching(/^remote\.unreachable\.(server|network)$/) as string,
      })
    }
    expect(Buffer.compare(await readAll(bucket, object, 0), contents)).toBe(0)
    expect(bucket.tally.get).toBe(9)
    expect(server.seen).toHaveLength(9)
  })

  it('is given up after a few tries', async () => {
    const { server, bucket } = await start((response) => {
      sendError(response, 503, 'SlowDown')
    })
    await expect(readAll(bucket, object, 5)).rejects.toMatchObject({
      code: 'remote.unreachable.server',
      message: '503 SlowDown on read',
    })
    expect(server.seen).toHaveLength(3)
    expect(server.seen.map(({ headers }) => headers['range'])).toEqual(['bytes=5-', 'bytes=5-', 'bytes=5-'])
    expect(bucket.tally).toMatchObject({ get: 3, head: 0, list: 0 })
  })

  it('is refused a second request when it says no, and asked as ever for the next object', async () => {
    const answers = [
      [403, 'AccessDenied', 'remote.refused.denied'],
      [403, 'InvalidAccessKeyId', 'remote.refused.bad-key'],
      [400, 'ExpiredToken', 'remote.refused.expired-token'],
      [403, 'SignatureDoesNotMatch', 'remote.refused.bad-secret'],
      [404, 'NoSuchBucket', 'remote.refused.no-such-bucket'],
    ] as const
    const { server, bucket } = await start((response, seen, index) => {
      const [status, code] = answers[index / 2] ?? []
      if (status === undefined || code === undefined) honest(response, seen, index)
      else sendError(response, status, code)
    })
    for (const [index, [status, providerCode, code]] of answers.entries()) {
      await expect(readAll(bucket, object, 0)).rejects.toMatchObject({
        code,
        message: `${status} ${providerCode} on read`,
        context: { key: object.key, status, providerCode },
      })
      expect(server.seen).toHaveLength(2 * index + 1)
      expect(Buffer.compare(await readAll(bucket, object, 9), contents.subarray(9))).toBe(0)
    }
    expect(bucket.tally.get).toBe(10)
  })

  it('names the region a redirect tells', async () => {
    const { bucket } = await start((response) => {
      response.setHeader('x-amz-bucket-region', 'eu-west-3')
      sendError(response, 301, 'PermanentRedirect')
    })
    const error: unknown = await readAll(bucket, object, 0).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'remote.refused.wrong-region' })
    expect(isFamily(error, 'remote.refused') && error.hint).toContain('region=eu-west-3')
  })

  it('has its own time used from the moment it finds ours wrong', async () => {
    const ahead = 40 * 60_000
    const dateOf = (text: unknown): number =>
      Date.parse(String(text).replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'))
    const { server, bucket } = await start((response, seen, index) => {
      response.sendDate = false
      response.setHeader('date', new Date(Date.now() + ahead).toUTCString())
      const isWrong = Math.abs(dateOf(seen.headers['x-amz-date']) - Date.now() - ahead) > 60_000
      if (isWrong) sendError(response, 403, 'RequestTimeTooSkewed')
      else honest(response, seen, index)
    })
    for (const from of [0, 1, 2]) {
      expect(Buffer.compare(await readAll(bucket, object, from), contents.subarray(from))).toBe(0)
    }
    expect(server.seen).toHaveLength(4)
  })

  it('is not kept waiting by answers that nobody reads', async () => {
    const { server, bucket } = await start((response, seen, index) => {
      if (index >= 60) honest(response, seen, index)
      else sendError(response, index % 2 === 0 ? 404 : 412, index % 2 === 0 ? 'NoSuchKey' : 'PreconditionFailed')
    })
    for (let round = 0; round < 60; round += 1) await expect(readAll(bucket, object, 0)).rejects.toThrow(/on read$/)
    await readAll(bucket, object, 0)
    expect(server.connections()).toBe(1)
  })

  it('is asked by nobody once the run is cancelled', async () => {
    const { server, bucket } = await start(() => undefined)
    const controller = new AbortController()
    const opening = bucket.open(object, 0, controller.signal)
    await expect.poll(() => server.seen.length).toBe(1)
    controller.abort()
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' })
    await expect(bucket.open(object, 0, controller.signal)).rejects.toMatchObject({ code: 'cancelled' })
    expect(server.seen).toHaveLength(1)
  })

  it('tells user metadata with the bytes', async () => {
    const { bucket } = await start((response) => {
      response.setHeader('X-Amz-Meta-Machine', 'gpu box')
      response.writeHead(200, rangeHeaders(0, contents.length, 'e1'))
      response.end(contents)
    })
    const { metadata, chunks } = await bucket.open(object, 0, new AbortController().signal)
    expect(metadata).toEqual({ 'x-amz-meta-machine': 'gpu box' })
    for await (const chunk of chunks) expect(chunk.length).toBeGreaterThan(0)
  })
})

describe('a server in trouble', () => {
  const start = startServer

  it('is asked again after 503, and each request is counted', async () => {
    const { bucket } = await start((response, _, index) => {
      if (index < 2) sendError(response, 503, 'SlowDown')
      else sendListing(response, ['a'])
    })
    expect(await listAll(bucket)).toHaveLength(1)
    expect(bucket.tally.list).toBe(3)
  })

  it('is given up after a few tries', async () => {
    const { server, bucket } = await start((response) => {
      sendError(response, 503, 'SlowDown')
    })
    await expect(listAll(bucket)).rejects.toMatchObject({
      code: 'remote.unreachable.server',
      message: '503 SlowDown on list',
    })
    expect(server.seen).toHaveLength(3)
  })

  it('is refused a second request when it says no', async () => {
    const { server, bucket } = await start((response) => {
      sendError(response, 403, 'AccessDenied')
    })
    const error: unknown = await listAll(bucket).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'remote.refused.denied', message: '403 AccessDenied on list' })
    expect(isFamily(error, 'remote.refused') && error.hint).toContain('agentsview remotes policy gpu')
    expect(server.seen).toHaveLength(1)
  })

  it('names the region a redirect tells', async () => {
    const { bucket } = await start((response) => {
      response.setHeader('x-amz-bucket-region', 'eu-west-3')
      sendError(response, 301, 'PermanentRedirect')
    })
    const error: unknown = await listAll(bucket).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'remote.refused.wrong-region' })
    expect(isFamily(error, 'remote.refused') && error.hint).toContain('region=eu-west-3')
  })

  it('serves one object after another over one connection', async () => {
    const { server, bucket } = await start(serving((response, from) => response.end(contents.subarray(from))))
    for (const from of [0, 10, 0, 99_999]) await readAll(bucket, object, from)
    expect(server.connections()).toBe(1)
  })

  it('serves many readers under one signal without a warning of Node', async () => {
    const { bucket } = await start(serving((response, from) => response.end(contents.subarray(from))))
    const warnings: string[] = []
    const onWarning = (warning: Error): void => {
      warnings.push(warning.name)
    }
    process.on('warning', onWarning)
    const { signal } = new AbortController()
    const readers = Array.from({ length: 12 }, () => bucket.open(object, 0, signal))
    for (const { chunks } of await Promise.all(readers)) {
      for await (const chunk of chunks) expect(chunk.length).toBeGreaterThan(0)
    }
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })

  it('is not left with open requests by readers that leave half-way', async () => {
    const { server, bucket } = await start(
      serving((response, from) => response.write(contents.subarray(from, from + 9))),
    )
    for (let round = 0; round < 40; round += 1) {
      const { chunks } = await bucket.open(object, 0, new AbortController().signal)
      for await (const chunk of chunks) {
        expect(chunk.length).toBe(9)
        break
      }
    }
    expect(server.seen).toHaveLength(40)
  })

  it('is not sent a signature when the remote is anonymous, nor a checksum mode when none is required', async () => {
    const { server, bucket } = await start(
      (response) => {
        response.writeHead(200, rangeHeaders(0, contents.length, 'e1'))
        response.end(contents)
      },
      { credentials: { kind: 'anonymous' } },
    )
    await readAll(bucket, object, 0)
    expect(server.seen[0]?.headers['authorization']).toBeUndefined()
    expect(server.seen[0]?.headers['x-amz-checksum-mode']).toBeUndefined()
  })

  it('gets no request at all over plain http from afar', async () => {
    const bucket = new S3Bucket(testRemote('http://example.invalid:9000'), quick)
    await expect(listAll(bucket)).rejects.toMatchObject({ code: 'config.endpoint' })
  })

  it('is named as not answering when nothing listens there', async () => {
    const { server, bucket } = await start(() => undefined)
    await server.close()
    servers = []
    await expect(listAll(bucket)).rejects.toMatchObject({ code: 'remote.unreachable.refused-connection' })
  })
})
