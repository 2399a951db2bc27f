import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import pMap from 'p-map'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { SyncSummary } from '../../src/model/index.ts'
import { openArchive } from '../../src/store/index.ts'
import type { CliResult } from '../run-cli.ts'
import { runCli } from '../run-cli.ts'
import { describeServers } from '../servers/describe-servers.ts'
import type { TestBucket } from '../servers/fill.ts'
import { makeBucket } from '../servers/fill.ts'
import type { Dump } from '../sync/dump.ts'
import { differences, dumpOf } from '../sync/dump.ts'
import { longLog } from '../sync/fixture-objects.ts'
import type { ConfiguredRemote } from '../sync/remote-config.ts'
import { keysOf, writeConfig } from '../sync/remote-config.ts'

const fixtures = resolve(import.meta.dirname, '../../fixtures/bucket')

/** A port on which nobody listens. */
async function closedEndpoint(): Promise<string> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return `http://127.0.0.1:${port}`
}

async function dumpIn(folder: string): Promise<Dump> {
  const archive = await openArchive({ url: `file:${join(folder, 'archive.db')}`, token: null })
  const dump = await dumpOf(archive)
  archive.close()
  return dump
}

describeServers('agentsview sync', (server, kind) => {
  let cwd = ''
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'agentsview-e2e-'))
  })
  afterEach(() => {
    rmSync(cwd, { recursive: true, force: true })
  })
  // Its tokens for the next page need a cipher that OpenSSL 3 leaves out; the old listing needs none.
  const paging = kind === 's3rver' ? ['list_version = 1'] : []
  const remote = (bucket: string, changes: Partial<ConfiguredRemote> = {}): ConfiguredRemote => ({
    name: 'good',
    endpoint: server().endpoint,
    region: server().region,
    bucket,
    more: paging,
    ...changes,
  })
  const sync = (folder: string, ...argv: string[]): Promise<CliResult> =>
    runCli(['sync', '--remote', ...argv], { cwd: folder, env: keysOf(server()) })
  const syncJson = async (folder: string): Promise<SyncSummary> => {
    const { code, stdout, stderr } = await sync(folder, '--json')
    expect(code, stderr).toBe(0)
    return JSON.parse(stdout) as SyncSummary
  }

  it('makes two archives of one bucket that tell the same, and fetches nothing the second time', async () => {
    const bucket = await makeBucket(server())
    const keys = await bucket.putFolder(fixtures)
    const folders = ['one', 'two'].map((name) => mkdtempSync(join(cwd, name)))
    for (const folder of folders) {
      writeConfig(folder, [remote(bucket.name)])
      const summary = await syncJson(folder)
      expect(summary.totals.objects).toMatchObject({ listed: keys.length, failed: 0 })
      expect(summary.totals.requests.get).toBeGreaterThan(9)
      const again = await syncJson(folder)
      expect(again.totals.requests).toMatchObject({ get: 0, head: 0 })
      expect(again.totals.bytes.fetched).toBe(0)
    }
    const [one = '', two = ''] = folders
    expect(differences(await dumpIn(one), await dumpIn(two))).toEqual({})
    bucket.close()
  })

  it('fetches little more than what was appended, and then tells what a new archive tells', async () => {
    const bucket = await makeBucket(server())
    const key = (at: number): string => `prod/box/raw/claude/projects/-app/s${at}.jsonl`
    const logs = Array.from({ length: 20 }, (_, at) => longLog(`s${at}`, 60, 2000))
    for (const [at, log] of logs.entries()) await bucket.put(key(at), log)
    writeConfig(cwd, [remote(bucket.name)])
    await syncJson(cwd)
    let appended = 0
    for (let at = 0; at < 20; at += 5) {
      const more = longLog(`s${at}-more`, 3, 500)
      appended += more.length
      await bucket.put(key(at), Buffer.concat([logs[at] ?? Buffer.alloc(0), more]))
    }
    await bucket.put(key(1), logs[1] ?? '')
    const { totals } = await syncJson(cwd)
    expect(totals.objects).toMatchObject({ appended: 4, unchanged: 16, reread: 0 })
    expect(totals.requests.get).toBe(4)
    expect(totals.bytes.fetched).toBeLessThanOrEqual(1.1 * appended + 4 * 65_536)
    const fresh = mkdtempSync(join(cwd, 'fresh'))
    writeConfig(fresh, [remote(bucket.name)])
    await syncJson(fresh)
    expect(differences(await dumpIn(cwd), await dumpIn(fresh))).toEqual({})
    bucket.close()
  })

  describe('on prefixes of many sizes', () => {
    let bucket: TestBucket
    beforeAll(async () => {
      bucket = await makeBucket(server())
      const line = longLog('one', 1, 1)
      const keys = [
        ...Array.from({ length: 1000 }, (_, at) => `exact/m/raw/claude/p/${String(at).padStart(4, '0')}.jsonl`),
        ...Array.from({ length: 2500 }, (_, at) => `many/m/raw/claude/p/${String(at).padStart(4, '0')}.jsonl`),
      ]
      await pMap(keys, (key) => bucket.put(key, line), { concurrency: 32 })
      await bucket.put('odd/m/raw/claude/p/empty.jsonl', '')
    }, 240_000)
    afterAll(() => bucket.close())

    const sizes = [
      { prefix: 'exact/', objects: 1000 },
      { prefix: 'many/', objects: 2500 },
      { prefix: 'odd/', objects: 1 },
      { prefix: 'nothing/', objects: 0 },
    ]
    for (const { prefix, objects } of sizes) {
      it(`reads each of ${objects} objects once`, async () => {
        writeConfig(cwd, [remote(bucket.name, { prefixes: [prefix] })])
        const { ok, totals } = await syncJson(cwd)
        expect(ok).toBe(true)
        expect(totals.objects).toMatchObject({ listed: objects, reread: objects, failed: 0 })
        expect(totals.requests.list).toBeLessThanOrEqual(Math.max(1, Math.ceil(objects / 1000) + 1))
        expect((await dumpIn(cwd)).sessions).toHaveLength(objects)
        expect((await syncJson(cwd)).totals).toMatchObject({
          objects: { listed: objects, unchanged: objects },
          requests: { get: 0 },
        })
      })
    }
  })

  describe('that cannot read', () => {
    const wrongSecret = 'WrongSecretThatMustNotBeShown1234'
    let bucket: TestBucket
    beforeAll(async () => {
      bucket = await makeBucket(server())
      await bucket.putFolder(fixtures)
    })
    afterAll(() => bucket.close())

    /** Runs with and without --json and holds both against the same rules. */
    const failing = async (
      remotes: readonly ConfiguredRemote[],
      code: number,
    ): Promise<{ text: string; json: unknown }> => {
      writeConfig(cwd, remotes)
      const env = { ...keysOf(server()), WRONG_SECRET: wrongSecret }
      const run = (...argv: string[]): Promise<CliResult> => runCli(['sync', '--remote', ...argv], { cwd, env })
      const plain = await run()
      const json = await run('--json')
      expect([plain.code, json.code], plain.stderr).toEqual([code, code])
      const all = plain.stdout + plain.stderr + json.stdout + json.stderr
      for (const secret of [wrongSecret, server().secretAccessKey]) {
        // One server's only secret is a word that stands in its name as well.
        if (secret !== 'S3RVER') expect(all).not.toContain(secret)
      }
      expect(all).not.toMatch(/\n\s+at .*[:(]\d+/)
      expect(all).not.toMatch(/node:internal|node_modules/)
      const lastLine = json.stderr.trim().split('\n').at(-1) ?? ''
      const told = JSON.parse(lastLine) as { error: { code: string; message: string; hint?: string } }
      expect(told.error.hint ?? '').not.toBe('')
      expect(plain.stderr).toMatch(/Try: |: /)
      return { text: plain.stderr, json: JSON.parse(json.stdout) }
    }

    it('a bucket that is not there: exit 4', async () => {
      const { text, json } = await failing([remote('no-such-bucket-at-all')], 4)
      expect(text).toContain('no-such-bucket-at-all')
      expect(json).toMatchObject({
        ok: false,
        remotes: [{ ok: false, error: { code: 'remote.refused.no-such-bucket' } }],
      })
    })

    // Neither of these two checks a signature.
    const wrongSecretIt = ['s3rver', 'moto'].includes(kind) ? null : it
    wrongSecretIt?.('with a wrong secret: exit 4', async () => {
      const { json } = await failing([remote(bucket.name, { secretEnv: 'WRONG_SECRET' })], 4)
      expect(json).toMatchObject({ ok: false, remotes: [{ error: { code: 'remote.refused.bad-secret' } }] })
    })

    it('an endpoint that is down: exit 5', async () => {
      const { text, json } = await failing([remote(bucket.name, { endpoint: await closedEndpoint() })], 5)
      expect(text).toContain('127.0.0.1')
      expect(json).toMatchObject({
        ok: false,
        remotes: [{ error: { code: expect.stringMatching(/^remote\.unreachable/) } }],
      })
    })

    it('one of three: the others are whole, exit 6', async () => {
      const { text, json } = await failing(
        [
          remote(bucket.name, { name: 'prod', prefixes: ['prod/'] }),
          remote('no-such-bucket-at-all', { name: 'broken' }),
          remote(bucket.name, { name: 'lab', prefixes: ['lab/'] }),
        ],
        6,
      )
      expect(text).toContain('broken')
      expect(json).toMatchObject({
        ok: false,
        remotes: [
          { name: 'prod', ok: true },
          { name: 'broken', ok: false },
          { name: 'lab', ok: true },
        ],
      })
      expect((await dumpIn(cwd)).sessions.length).toBeGreaterThanOrEqual(10)
    })
  })
})
