import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Secret } from '../../src/base/index.ts'
import { openBucket } from '../../src/bucket/index.ts'
import { settleByFormat, sourceOfRemote, sync } from '../../src/ingest/index.ts'
import type { Remote, SyncSummary } from '../../src/model/index.ts'
import { priceTable } from '../../src/pricing/index.ts'
import { listSessions, noFilters, usageGroups, usageReport } from '../../src/query/index.ts'
import { openArchive, storeOf } from '../../src/store/index.ts'
import type { Archive } from '../../src/store/index.ts'
import { describeServers } from '../servers/describe-servers.ts'
import { makeBucket } from '../servers/fill.ts'
import type { TestBucket } from '../servers/fill.ts'

const fixtures = join(import.meta.dirname, '../../fixtures')

function remoteOf(bucket: TestBucket, name: string): Remote {
  const { endpoint, region, accessKeyId, secretAccessKey } = bucket.server
  return {
    name,
    provider: 'minio',
    endpoint,
    region,
    bucket: bucket.name,
    prefixes: [`${name}/`],
    agents: ['claude', 'codex'],
    enabled: true,
    machineRule: { kind: 'layout', template: '{machine}/raw/{agent}/{path}' },
    rename: [],
    credentials: {
      kind: 'keys',
      accessKeyId,
      secretAccessKey: new Secret(secretAccessKey),
      sessionToken: null,
      from: 'this test',
    },
    addressing: 'path',
    allowHttp: true,
    checksums: 'when_required',
    listVersion: 2,
    concurrency: 8,
    maxLineBytes: 64 * 2 ** 20,
    maxObjectBytes: null,
    include: [],
    exclude: [],
  }
}

async function syncAll(bucket: TestBucket, archive: Archive): Promise<SyncSummary> {
  const sources = ['prod', 'lab'].map((name) => {
    const remote = remoteOf(bucket, name)
    return sourceOfRemote(remote, openBucket(remote))
  })
  const wishes = {
    full: false,
    dryRun: false,
    failFast: false,
    machines: null,
    modifiedSince: null,
    maxBytes: null,
  }
  try {
    return await sync(sources, wishes, {
      store: storeOf(archive, settleByFormat),
      prices: priceTable(),
      now: () => Date.now(),
      signal: new AbortController().signal,
      onEvent: () => undefined,
    })
  } finally {
    for (const source of sources) source.bucket.close()
  }
}

/** Cells of the rows of a table in fixtures/README.md whose first cell is one of these; numbers are read as such. */
async function handCounted(heading: string): Promise<readonly (readonly (string | number)[])[]> {
  const lines = (await readFile(join(fixtures, 'README.md'), 'utf8')).split('\n')
  const start = lines.findIndex((line) => line.startsWith(heading))
  const end = lines.findIndex((line, index) => index > start && line === '')
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll(/[*`]/g, '').trim())
      .map((cell) => (/^[\d,.]+$/.test(cell) ? Number(cell.replaceAll(',', '')) : cell)),
  )
}

describeServers('a sync of the demo bucket', (server) => {
  let folder = ''
  let bucket: TestBucket
  let archive: Archive
  let first: SyncSummary

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agentsview-demo-'))
    archive = await openArchive({ url: `file:${join(folder, 'agentsview.db')}`, token: null })
    bucket = await makeBucket(server())
    await bucket.putFolder(join(fixtures, 'bucket'))
    first = await syncAll(bucket, archive)
  })
  afterAll(async () => {
    bucket.close()
    archive.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('reads every object and counts the one broken line', () => {
    expect(first.ok).toBe(true)
    expect(first.remotes.map(({ name, error }) => ({ name, error }))).toEqual([
      { name: 'prod', error: null },
      { name: 'lab', error: null },
    ])
    expect(first.totals.objects).toMatchObject({ listed: 13, failed: 0, gone: 0 })
    expect(first.totals.badLines).toBe(1)
    expect(first.totals.sessions.added).toBe(10)
  })

  it('gives the tokens and dollars per machine that fixtures/README.md counted by hand', async () => {
    const { groups, totals } = await usageGroups(archive.driver, noFilters, ['machine'])
    const all = await listSessions(archive.driver, {
      filters: noFilters,
      hasChildren: true,
      hasCopies: true,
      hasEmpty: true,
      limit: 0,
      cursor: null,
    })
    const rows = [...groups, { ...totals, machine: 'all' }].map((row) => [
      row.machine,
      all.sessions.filter(({ machine }) => row.machine === 'all' || machine === row.machine).length,
      row.inputTokens,
      row.outputTokens,
      row.cacheCreationTokens,
      row.cacheReadTokens,
      row.totalCost,
    ])
    const expected = await handCounted('| Machine | Sessions')
    expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(new Set(expected.map((row) => JSON.stringify(row))))
    expect(totals.totalCostNanoUSD).toBe(1_171_135_100)
    expect(totals.unpricedModels).toEqual(['aurora-coder-preview'])
  })

  it('books each response on the session that fixtures/README.md names', async () => {
    const { sessions } = await listSessions(archive.driver, {
      filters: noFilters,
      hasChildren: true,
      hasCopies: true,
      hasEmpty: true,
      limit: 0,
      cursor: null,
    })
    const expected = await handCounted('| Machine | Session |')
    expect(expected).toHaveLength(10)
    for (const [machine, id, model, input, output, write5m, write1h, read, cost] of expected) {
      const session = sessions.find((row) => row.machine === machine && row.id.includes(String(id)))
      expect(session?.models, String(id)).toContain(model)
      expect(
        session && {
          tokens: [session.inputTokens, session.outputTokens, session.cacheCreationTokens, session.cacheReadTokens],
          cost: session.costUSD,
        },
        String(id),
      ).toEqual({
        tokens: [input, output, Number(write5m) + Number(write1h), read],
        cost: typeof cost === 'number' ? cost : null,
      })
    }
  })

  it('splits the same total over the days', async () => {
    const report = await usageReport(archive.driver, { unit: 'day', filters: noFilters, by: [], timezone: 'UTC' })
    expect(report.periods.map(({ period, totalCostNanoUSD }) => [period, totalCostNanoUSD])).toEqual([
      ['2026-08-17', 289_535_500],
      ['2026-08-18', 581_652_000],
      ['2026-08-19', 8_619_600],
      ['2026-08-20', 291_328_000],
    ])
    expect(report.totals.totalCostNanoUSD).toBe(1_171_135_100)
  })

  it('links subagent, continued session and fork to where they came from, and takes the titles', async () => {
    const { sessions } = await listSessions(archive.driver, {
      filters: noFilters,
      hasChildren: true,
      hasCopies: true,
      hasEmpty: true,
      limit: 0,
      cursor: null,
    })
    const about = (part: string): unknown => {
      const session = sessions.find(({ id }) => id.includes(part))
      return session && [session.title, session.relationship, session.parentId]
    }
    const first5b = 'laptop~5b0c1f62-7d3e-4a19-9c41-0e6a2d8f1a01'
    expect(about('5b0c1f62')).toEqual(['Flaky checkout test', null, null])
    expect(about('agent-a1f3c09')).toEqual([expect.any(String), 'subagent', first5b])
    expect(about('019c3398')).toEqual(['評価を速くする', null, null])
    expect(about('019c33c1')).toEqual(['mmap を試す', 'fork', 'gpu-3~codex:019c3398-2d77-7b58-b1c9-61f2e80a6f06'])
    expect(about('c3f81b7e')).toEqual(['Nightly test report', null, null])
  })

  it('fetches nothing the second time', async () => {
    const second = await syncAll(bucket, archive)
    expect(second.ok).toBe(true)
    expect(second.totals.requests.get).toBe(0)
    expect(second.totals.objects).toMatchObject({ listed: 13, unchanged: first.totals.objects.reread, reread: 0 })
    expect(second.totals.sessions).toMatchObject({ added: 0, updated: 0 })
  })
})
