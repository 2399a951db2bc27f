import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { SyncCounts } from '../../src/model/index.ts'
import { openArchive } from '../../src/store/index.ts'
import type { Archive } from '../../src/store/index.ts'
import type { FaultProxy } from '../s3/fault-proxy.ts'
import { startFaultProxy } from '../s3/fault-proxy.ts'
import { embedded } from '../servers/embedded.ts'
import type { TestBucket } from '../servers/fill.ts'
import { makeBucket } from '../servers/fill.ts'
import type { TestServer } from '../servers/server.ts'
import type { Dump } from '../sync/dump.ts'
import { differences, dumpOf } from '../sync/dump.ts'
import { longLog } from '../sync/fixture-objects.ts'
import type { Program, Running } from '../sync/program.ts'
import { buildProgram } from '../sync/program.ts'
import { keysOf, writeConfig } from '../sync/remote-config.ts'

/** Much more than is read before the parsing thread starts, and several batches: it is at work while others are. */
const logs = 4
const turns = 2000
const largest = 'prod/box/raw/claude/projects/-app/log0.jsonl'
let largestSize = 0

let program: Program
let server: TestServer
let bucket: TestBucket
let proxy: FaultProxy
let truth: Dump
let folder = ''

beforeAll(async () => {
  program = await buildProgram()
  server = await embedded.start()
  bucket = await makeBucket(server)
  const log = longLog('log0', 4 * turns, 3000)
  largestSize = log.length
  await bucket.put(largest, log)
  for (let at = 1; at < logs; at += 1) {
    await bucket.put(`prod/box/raw/claude/projects/-app/log${at}.jsonl`, longLog(`log${at}`, turns, 3000))
  }
  proxy = await startFaultProxy(server.endpoint)
  makeFolder()
  expect(await start().ended).toMatchObject({ code: 0 })
  truth = await inArchive(dumpOf)
  rmSync(folder, { recursive: true, force: true })
})
afterAll(async () => {
  await proxy.close()
  bucket.close()
  await server.stop()
  program.remove()
})
beforeEach(makeFolder)
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function makeFolder(): void {
  folder = mkdtempSync(join(tmpdir(), 'agentsview-threads-'))
  writeConfig(folder, [{ name: 'all', endpoint: proxy.endpoint, region: server.region, bucket: bucket.name }])
}

function start(env: Readonly<Record<string, string>> = {}): Running {
  const argv = ['sync', '--remote', 'all', '--json', '--progress', 'json']
  return program.start(argv, { cwd: folder, env: { ...keysOf(server), ...env } })
}

async function inArchive<T>(work: (archive: Archive) => Promise<T>): Promise<T> {
  const archive = await openArchive({ url: `file:${join(folder, 'archive.db')}`, token: null })
  try {
    return await work(archive)
  } finally {
    archive.close()
  }
}

const claims = (archive: Archive): ReturnType<Archive['driver']['all']> =>
  archive.driver.all({ sql: 'SELECT "key" FROM claims', args: [] })

/** Expects that the next sync, which nothing hinders, ends with the archive of one that never failed. */
async function expectWhole(): Promise<void> {
  const { code, stderr } = await start().ended
  expect(code, stderr).toBe(0)
  expect(differences(await inArchive(dumpOf), truth)).toEqual({})
}

/** The environment in which each thread of the program runs some code of ours first. */
function withTrouble(code: string): Readonly<Record<string, string>> {
  const path = join(folder, 'trouble.cjs')
  const lines = [
    `const { isMainThread, parentPort, workerData } = require('node:worker_threads')`,
    `const isParser = !isMainThread && 'overrides' in workerData`,
    `const isWriter = !isMainThread && 'url' in workerData`,
    code,
  ]
  writeFileSync(path, `${lines.join('\n')}\n`)
  return { NODE_OPTIONS: `--require=${path}` }
}

const who = { parser: 'isParser', writer: 'isWriter' } as const
/** The thread's answer is its end. */
const dyingBy = (thread: keyof typeof who, end: string): string =>
  `if (${who[thread]}) parentPort.postMessage = () => { ${end} }`

describe('a sync', () => {
  it.each([
    ['the parsing thread breaks', dyingBy('parser', `throw new Error('out of order')`), 'out of order'],
    ['the parsing thread ends without a word', dyingBy('parser', 'process.exit(3)'), 'the parsing thread has ended'],
    [
      'parsing a line fails as nothing should',
      `const parse = JSON.parse
       JSON.parse = (text, ...more) => {
         if (isParser && text.includes('question 999')) throw new Error('out of order')
         return parse(text, ...more)
       }`,
      'out of order',
    ],
    ['the writing thread breaks', dyingBy('writer', `throw new Error('out of order')`), 'out of order'],
    ['the writing thread ends without a word', dyingBy('writer', 'process.exit(3)'), 'the writing thread has ended'],
  ])('ends with exit 1 and says so when %s, and goes on next time', async (_name, trouble, message) => {
    const { code, stdout, stderr } = await start(withTrouble(trouble)).ended
    const said = stderr.trimEnd().split('\n')
    expect(code, stderr).toBe(1)
    expect(JSON.parse(said.at(-1) ?? '')).toMatchObject({ error: { code: 'internal', message } })
    expect(stdout).toBe('')
    expect(await inArchive(claims)).toEqual([])
    await expectWhole()
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('ends by %s amid its work, at the next batch', async (signal) => {
    const running = start()
    await hasSaid(running, 'batch-committed')
    running.child.kill(signal)
    const { code, stdout, stderr } = await running.ended
    expect(code, stderr).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'syncSummary', ok: false })
    const committed = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly kind: string; readonly bytes?: number })
      .filter(({ kind }) => kind === 'batch-committed')
      .reduce((sum, { bytes = 0 }) => sum + bytes, 0)
    expect(committed).toBeGreaterThan(0)
    expect(committed).toBeLessThan(largestSize)
    expect(await inArchive(claims)).toEqual([])
    await expectWhole()
  })

  it('leaves an object to a collector that has read it meanwhile', async () => {
    let goOn: () => void = () => undefined
    const until = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let held = 0
    proxy.fault = ({ operation, url }) => {
      const isHeld = operation === 'read' && url.pathname.endsWith(largest) && (held += 1) === 1
      return isHeld ? { kind: 'hold', after: 8 * 2 ** 20, until } : null
    }
    const slow = start()
    // Some of it is in the archive, and the rest is not yet on its way.
    await hasSaid(slow, 'batch-committed')
    // As when it is on another host and has not been heard of for a minute.
    await inArchive((archive) =>
      archive.driver.transaction((open) => open.run([{ sql: 'DELETE FROM claims', args: [] }])),
    )
    let added = 0
    for (let unchanged = 0; unchanged < logs;) {
      // What the slow one commits meanwhile is left to it: that ends soon, since it waits for the bucket.
      const { code, stdout, stderr } = await start().ended
      expect(code, stderr).toBe(0)
      const { objects, messages } = totalsOf(stdout)
      unchanged = objects.unchanged
      added += messages.added
    }
    expect(differences(await inArchive(dumpOf), truth)).toEqual({})
    goOn()
    const after = await slow.ended
    expect(after.code, after.stderr).toBe(0)
    const { objects, messages } = totalsOf(after.stdout)
    expect(objects).toMatchObject({ listed: logs, failed: 0 })
    // Each message was written by one of them.
    expect(added).toBeGreaterThan(0)
    expect(added + messages.added).toBe(truth.messages.length)
    expect(differences(await inArchive(dumpOf), truth)).toEqual({})
    await expectWhole()
  })
})

/** Resolves once a sync has told of something. */
function hasSaid({ child }: Running, kind: string): Promise<void> {
  return new Promise((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.toString('utf8').includes(kind)) resolve()
    })
  })
}

function totalsOf(summary: string): SyncCounts {
  return (JSON.parse(summary) as { readonly totals: SyncCounts }).totals
}
