import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { startFaultProxy } from '../s3/fault-proxy.ts'
import type { FaultProxy } from '../s3/fault-proxy.ts'
import { embedded } from '../servers/embedded.ts'
import type { TestBucket } from '../servers/fill.ts'
import { makeBucket } from '../servers/fill.ts'
import type { TestServer } from '../servers/server.ts'
import { longLog } from '../sync/fixture-objects.ts'
import type { Program, Running } from '../sync/program.ts'
import { buildProgram } from '../sync/program.ts'
import { keysOf, writeConfig } from '../sync/remote-config.ts'

let program: Program
let server: TestServer
let bucket: TestBucket
let proxy: FaultProxy
beforeAll(async () => {
  program = await buildProgram()
  server = await embedded.start()
  bucket = await makeBucket(server)
  for (let at = 0; at < 12; at += 1) {
    await bucket.put(`prod/box/raw/claude/projects/-app/log${at}.jsonl`, longLog(`log${at}`, 200, 3000))
  }
  proxy = await startFaultProxy(server.endpoint)
})
afterAll(async () => {
  await proxy.close()
  bucket.close()
  await server.stop()
  program.remove()
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentsview-signals-'))
  writeConfig(folder, [{ name: 'all', endpoint: proxy.endpoint, region: server.region, bucket: bucket.name }])
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const start = (...argv: readonly string[]): Running =>
  program.start(['sync', '--remote', 'all', '--json', '--progress', 'json', ...argv], {
    cwd: folder,
    env: keysOf(server),
  })

/** Resolves once a sync has told of its first object, so that it is in the middle of its work. */
function isReading({ child }: Running): Promise<void> {
  return new Promise((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.toString('utf8').includes('bytes-read')) resolve()
    })
  })
}

describe('a sync whose bucket has stopped to answer', () => {
  beforeEach(() => {
    // Four logs come, the others never end: the sync cannot end by itself before its limits are over.
    proxy.fault = ({ operation, url }) =>
      operation === 'read' && !/log[0-3]\.jsonl$/.test(url.pathname) ? { kind: 'stall', after: 4000 } : null
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('ends by %s with exit 130 and keeps what was read', async (signal) => {
    const running = start()
    await isReading(running)
    running.child.kill(signal)
    const { code, stdout, stderr } = await running.ended
    expect(code, stderr).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'syncSummary', ok: false })
    proxy.fault = () => null
    const { code: after, stdout: summary } = await start().ended
    expect(after).toBe(0)
    expect(JSON.parse(summary)).toMatchObject({ ok: true, totals: { objects: { failed: 0 } } })
    const check = await program.run(['db', 'check'], { cwd: folder, env: keysOf(server) })
    expect(check).toMatchObject({ code: 0 })
    const info = await program.run(['db', 'info', '--json'], { cwd: folder, env: keysOf(server) })
    expect(JSON.parse(info.stdout)).toMatchObject({ rows: { messages: 12 * 400, claims: 0 } })
  })

  it('ends at once by a second signal, and the archive is sound', async () => {
    const running = start()
    await isReading(running)
    running.child.kill('SIGTERM')
    running.child.kill('SIGINT')
    const { code } = await running.ended
    expect([130, 143]).toContain(code)
    proxy.fault = () => null
    expect((await start().ended).code).toBe(0)
    expect((await program.run(['db', 'check'], { cwd: folder, env: keysOf(server) })).code).toBe(0)
  })
})
