import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pMap from 'p-map'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { openBucket } from '../../src/bucket/index.ts'
import type { ListPart, PartBucket, PartPage } from '../../src/bucket/index.ts'
import type { SyncSummary } from '../../src/model/index.ts'
import { runCli } from '../run-cli.ts'
import { remoteOf } from '../s3/fixture.ts'
import { describeServers } from '../servers/describe-servers.ts'
import type { TestBucket } from '../servers/fill.ts'
import { makeBucket } from '../servers/fill.ts'
import { longLog } from '../sync/fixture-objects.ts'
import { keysOf, writeConfig } from '../sync/remote-config.ts'

async function listed(bucket: PartBucket, part: ListPart): Promise<Omit<PartPage, 'objects'> & { keys: string[] }> {
  const keys: string[] = []
  const folders: string[] = []
  let hasMore = true
  for await (const page of bucket.listPart(part, new AbortController().signal)) {
    keys.push(...page.objects.map(({ key }) => key))
    folders.push(...page.folders)
    hasMore = page.hasMore
  }
  return { keys: keys.toSorted(), folders: folders.toSorted(), hasMore }
}

describeServers('quick passes', (server, kind) => {
  let cwd = ''
  let bucket: TestBucket
  beforeEach(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'agentsview-e2e-'))
    bucket = await makeBucket(server())
  })
  afterEach(() => {
    bucket.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  const versions = [1, 2] as const
  it.each(versions)('list one level, or what comes after a key, with version %i of the call', async (listVersion) => {
    for (const key of ['a/1', 'a/2', 'a/ü b/3', 'a/x/4', 'a/z', 'b/5']) await bucket.put(key, key)
    const remote = remoteOf(server(), bucket.name, { listVersion, region: server().region })
    const opened = openBucket(remote)
    expect(await listed(opened, { prefix: 'a/', depth: 'level', after: null })).toEqual({
      keys: ['a/1', 'a/2', 'a/z'],
      folders: ['a/x/', 'a/ü b/'].toSorted(),
      hasMore: false,
    })
    expect(await listed(opened, { prefix: 'a/', depth: 'all', after: 'a/2' })).toEqual({
      keys: ['a/x/4', 'a/z', 'a/ü b/3'].toSorted(),
      folders: [],
      hasMore: false,
    })
    opened.close()
  })

  it('leave out what cannot have changed, and find what is new; a full pass finds what is gone', async () => {
    const todos = Array.from({ length: 2100 }, (_, at) => `prod/box/raw/claude/todos/${at}.json`)
    await pMap(todos, (key) => bucket.put(key, '{}'), { concurrency: 32 })
    const session = (project: string, name: string): string => `prod/box/raw/claude/projects/${project}/${name}.jsonl`
    await bucket.put(session('-app', 'one'), longLog('one', 2, 10))
    await bucket.put(session('-app', 'two'), longLog('two', 2, 10))
    // Its tokens for the next page need a cipher that OpenSSL 3 leaves out; the old listing needs none.
    const paging = kind === 's3rver' ? ['list_version = 1'] : []
    writeConfig(cwd, [
      {
        name: 'good',
        endpoint: server().endpoint,
        region: server().region,
        bucket: bucket.name,
        prefixes: ['prod/box/raw/claude/'],
        more: [...paging, 'full_pass_every = "1h"'],
      },
    ])
    const sync = async (hours: number): Promise<SyncSummary['remotes'][number]> => {
      const now = (): number => Date.UTC(2030, 0, 1, hours)
      const { code, stdout, stderr } = await runCli(['sync', '--json'], { cwd, env: keysOf(server()), now })
      expect(code, stderr).toBe(0)
      const [remote] = (JSON.parse(stdout) as SyncSummary).remotes
      if (remote === undefined) throw new Error('no remote')
      return remote
    }
    const first = await sync(0)
    expect(first).toMatchObject({ pass: 'full', lastFullPassAt: '2030-01-01T00:00:00.000Z', requests: { get: 2 } })
    expect(first.requests.list).toBe(3)
    await bucket.put(session('-new', 'three'), longLog('three', 2, 10))
    await bucket.remove(session('-app', 'one'))
    const second = await sync(0.5)
    expect(second).toMatchObject({
      pass: 'quick',
      lastFullPassAt: '2030-01-01T00:00:00.000Z',
      objects: { listed: 2, reread: 1, gone: 0 },
    })
    expect(await sync(1)).toMatchObject({ pass: 'full', objects: { gone: 1, unchanged: 2 } })
    const now = (): number => Date.UTC(2030, 0, 1, 1, 5)
    const { stderr } = await runCli(['sync', '--remote'], { cwd, env: keysOf(server()), now })
    expect(stderr).toContain(
      'good: quick pass, only where something changed of late; last full pass 2030-01-01T01:00:00Z',
    )
  })
})
