import { afterEach, beforeEach, expect, it } from 'vitest'

import { openBucketWith } from '../s3/open-with.ts'
import { remoteOf } from '../s3/fixture.ts'
import type { Asked, Fault, FaultProxy } from '../s3/fault-proxy.ts'
import { startFaultProxy } from '../s3/fault-proxy.ts'
import { describeServers } from '../servers/describe-servers.ts'
import type { TestBucket } from '../servers/fill.ts'
import { makeBucket } from '../servers/fill.ts'
import { sourceOfRemote, sync, settleByFormat } from '../../src/ingest/index.ts'
import type { SyncSummary } from '../../src/model/index.ts'
import { priceTable, searchFeeNanoUsd } from '../../src/pricing/index.ts'
import { checkArchive, storeOf } from '../../src/store/index.ts'
import type { Dump } from '../sync/dump.ts'
import { differences } from '../sync/dump.ts'
import { demoObjects, longLog } from '../sync/fixture-objects.ts'
import type { SyncedArchive } from '../sync/synced-archive.ts'
import { makeArchive } from '../sync/synced-archive.ts'

const key = 'prod/box/raw/claude/projects/-app/long.jsonl'
const whole = longLog('long', 300, 1000)
const lineEnd = whole.indexOf('\n', 150_000) + 1
const half = whole.subarray(0, lineEnd)

/** Seconds a sync with a fault may take, whatever the fault is. */
const deadlineMs = 20_000
const wishes = { full: false, dryRun: false, failFast: false, machines: null, modifiedSince: null, maxBytes: null }

interface Case {
  readonly name: string
  readonly fault: (asked: Asked) => Fault | null
  /** Null: the retries get over it, and nothing is seen of it. Else the code the remote or an object fails with. */
  readonly fails: string | null
  /** Only for a server that checks no signature over headers. */
  readonly isUnsigned?: boolean
}

const isLog = ({ operation, url }: Asked): boolean => operation === 'read' && url.pathname.endsWith('/long.jsonl')
const always =
  (fault: Fault) =>
  (asked: Asked): Fault | null =>
    isLog(asked) ? fault : null
/** The first requests of the log alone. */
const first = (count: number, fault: Fault): Case['fault'] => {
  let seen = 0
  return (asked) => (isLog(asked) && (seen += 1) <= count ? fault : null)
}
const onList =
  (fault: Fault): Case['fault'] =>
  (asked) =>
    asked.operation === 'list' ? fault : null

/** Where an answer may break: nothing, one byte, inside a line, around a line's end, one byte before the end. */
const breaks = [0, 1, 5000, 65_536, 65_537, 120_000].flatMap((after): Case[] => [
  { name: `the connection is cut after ${after} bytes, twice`, fault: first(2, { kind: 'cut', after }), fails: null },
  { name: `the body stalls after ${after} bytes, once`, fault: first(1, { kind: 'stall', after }), fails: null },
  { name: `the body ends too early after ${after} bytes`, fault: first(2, { kind: 'short', after }), fails: null },
])

const cases: readonly Case[] = [
  ...breaks,
  {
    name: 'every connection is cut at once',
    fault: always({ kind: 'cut', after: 0 }),
    fails: 'remote.unreachable.network',
  },
  { name: 'every answer stalls', fault: always({ kind: 'stall', after: 0 }), fails: 'remote.unreachable.timeout' },
  {
    name: 'every body stalls at its start',
    fault: always({ kind: 'stall', after: 1 }),
    fails: 'remote.unreachable.body',
  },
  {
    name: 'every body breaks at its start',
    fault: always({ kind: 'cut', after: 1 }),
    fails: 'remote.unreachable.body',
  },
  { name: 'every body drips', fault: always({ kind: 'drip', everyMs: 20 }), fails: 'remote.unreachable.body' },
  { name: '500, twice', fault: first(2, { kind: 'error', status: 500, code: 'InternalError' }), fails: null },
  {
    name: '503 SlowDown with Retry-After, twice',
    fault: first(2, { kind: 'error', status: 503, code: 'SlowDown', retryAfter: 1 }),
    fails: null,
  },
  {
    name: '503 for ever',
    fault: always({ kind: 'error', status: 503, code: 'SlowDown' }),
    fails: 'remote.unreachable.server',
  },
  {
    name: '429 for ever',
    fault: always({ kind: 'error', status: 429, code: 'TooManyRequests' }),
    fails: 'remote.unreachable.server',
  },
  { name: 'Range is ignored', fault: always({ kind: 'ignore', headers: ['range'] }), fails: null, isUnsigned: true },
  {
    name: 'If-Match is ignored',
    fault: always({ kind: 'ignore', headers: ['if-match'] }),
    fails: null,
    isUnsigned: true,
  },
  {
    name: 'the answer has another ETag',
    fault: first(1, { kind: 'header', name: 'etag', value: '"another"' }),
    fails: null,
  },
  {
    name: 'every answer has another ETag',
    fault: always({ kind: 'header', name: 'etag', value: '"another"' }),
    fails: null,
  },
  {
    name: 'the token has expired',
    fault: always({ kind: 'error', status: 400, code: 'ExpiredToken' }),
    fails: 'remote.refused.expired-token',
  },
  {
    name: 'the clock is off',
    fault: always({ kind: 'error', status: 403, code: 'RequestTimeTooSkewed' }),
    fails: 'remote.refused.clock-skew',
  },
  {
    name: 'the object is refused',
    fault: always({ kind: 'error', status: 403, code: 'AccessDenied' }),
    fails: 'remote.refused.denied',
  },
  {
    name: 'the listing is refused',
    fault: onList({ kind: 'error', status: 403, code: 'AccessDenied' }),
    fails: 'remote.refused.denied',
  },
  {
    name: 'the listing fails with 503',
    fault: onList({ kind: 'error', status: 503, code: 'SlowDown' }),
    fails: 'remote.unreachable.server',
  },
  {
    name: 'the listing stalls half-way',
    fault: onList({ kind: 'stall', after: 200 }),
    fails: 'remote.unreachable.timeout',
  },
  { name: 'the listing is cut half-way', fault: onList({ kind: 'cut', after: 200 }), fails: 'remote.unreachable' },
  {
    name: 'the listing is a login page',
    fault: onList({ kind: 'rewrite', change: () => '<html><body>sign in</body></html>' }),
    fails: 'remote.unreachable.protocol',
  },
  {
    name: 'the listing says there is more and not where',
    fault: onList({ kind: 'rewrite', change: (text) => text.replace(/<IsTruncated>false/, '<IsTruncated>true') }),
    fails: 'remote.unreachable.listing-cut',
  },
]

describeServers(
  'a sync through a line that breaks',
  (server, name) => {
    let bucket: TestBucket
    let proxy: FaultProxy
    let archive: SyncedArchive
    beforeEach(async () => {
      bucket = await makeBucket(server())
      proxy = await startFaultProxy(server().endpoint)
      archive = await makeArchive()
      for (const [path, bytes] of [...demoObjects()].slice(0, 6)) await bucket.put(path, bytes)
    })
    afterEach(async () => {
      archive.close()
      await proxy.close()
      bucket.close()
    })

    const run = async (into: SyncedArchive, endpoint: string): Promise<SyncSummary> => {
      const remote = remoteOf(server(), bucket.name, { endpoint })
      const opened = openBucketWith(remote)
      try {
        return await sync([sourceOfRemote(remote, opened)], wishes, {
          store: storeOf(into.archive, settleByFormat),
          prices: priceTable(),
          now: Date.now,
          signal: AbortSignal.timeout(deadlineMs),
          onEvent: () => undefined,
        })
      } finally {
        opened.close()
      }
    }
    const clean = async (): Promise<Dump> => {
      const fresh = await makeArchive()
      try {
        expect((await run(fresh, server().endpoint)).ok).toBe(true)
        return await fresh.dump()
      } finally {
        fresh.close()
      }
    }

    for (const { name: fault, fault: spoil, fails, isUnsigned } of cases) {
      if (isUnsigned === true && name !== 's3rver') continue
      it(
        fault,
        async () => {
          // A first part is read in peace, so that the rest is asked for with Range.
          await bucket.put(key, half)
          expect((await run(archive, proxy.endpoint)).ok).toBe(true)
          await bucket.put(key, whole)
          proxy.fault = spoil
          const spoiled = await run(archive, proxy.endpoint)
          expect(spoiled.cancelled, 'hangs').toBe(false)
          const [remote] = spoiled.remotes
          if (fails === null) expect(remote?.error ?? null).toBe(null)
          else expect(remote?.error?.code).toContain(fails)
          // Whatever it was: nothing is marked as gone, nothing is wrong, and the next sync is whole.
          expect(spoiled.totals.objects.gone).toBe(0)
          expect(await checkArchive(archive.archive, searchFeeNanoUsd)).toEqual([])
          proxy.fault = () => null
          expect((await run(archive, proxy.endpoint)).ok).toBe(true)
          expect(differences(await archive.dump(), await clean())).toEqual({})
        },
        60_000,
      )
    }
  },
  {
    except: { versitygw: 'lines break alike before every server', moto: 'lines break alike before every server' },
  },
)
