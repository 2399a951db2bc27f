import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { AgentsviewError } from '../../src/base/index.ts'
import type { Remote, RemoteSummary } from '../../src/model/index.ts'
import { remoteStandings } from '../../src/query/index.ts'
import { differences } from './dump.ts'
import { longLog } from './fixture-objects.ts'
import type { RunChanges, SyncedArchive, TestSource } from './synced-archive.ts'
import { freshDump, makeArchive, makeSource, sourceWith } from './synced-archive.ts'

const hour = 3_600_000
const day = 24 * hour
const start = Date.UTC(2026, 7, 1)
const quickPass = { fullEveryMs: hour, days: 7 }
const claude = (machine: string, project: string): string => `prod/${machine}/raw/claude/projects/-${project}`

let archive: SyncedArchive
let source: TestSource
beforeEach(async () => {
  archive = await makeArchive()
  source = makeSource({ quickPass }, { pageSize: 10 })
})
afterEach(() => {
  archive.close()
})

/** A sync, some time after the first one. */
async function sync(afterMs = 0, changes: RunChanges = {}): Promise<RemoteSummary> {
  const { remotes } = await archive.sync([source], { now: () => start + afterMs, ...changes })
  const [summary] = remotes
  if (summary === undefined) throw new Error('no summary')
  return summary
}

function put(folder: string, name: string): string {
  const key = `${folder}/${name}.jsonl`
  source.bucket.put(key, longLog(name, 2, 10))
  return key
}

/** A hundred and twenty sessions nobody has touched for long, and two that are new. */
function fill(): void {
  for (let at = 0; at < 120; at += 1) put(claude('box', 'old'), `old${at}`)
  source.bucket.wait(30 * day)
  put(claude('box', 'app'), 'new0')
  put(claude('box', 'app'), 'new1')
}

async function expectAsFresh(): Promise<void> {
  expect(differences(await archive.dump(), await freshDump([source]))).toEqual({})
}

describe('a quick pass', () => {
  it('follows a full one with fewer requests, and reads what is new where something changed of late', async () => {
    fill()
    const first = await sync()
    expect(first).toMatchObject({ pass: 'full', lastFullPassAt: '2026-08-01T00:00:00.000Z', requests: { list: 13 } })
    source.bucket.append(`${claude('box', 'app')}/new0.jsonl`, longLog('more', 1, 10))
    put(claude('box', 'app'), 'new2')
    put(claude('box', 'brandnew'), 'new3')
    put(claude('other', 'app'), 'new4')
    put('prod/box/raw/codex/sessions/2026/08/01', 'rollout-2026-08-01T00-00-00-5973b6c0-94b8-487b-a530-2aeb6098ae0e')
    const second = await sync(hour / 2)
    expect(second).toMatchObject({
      pass: 'quick',
      lastFullPassAt: '2026-08-01T00:00:00.000Z',
      objects: { appended: 1, reread: 4, gone: 0, unchanged: 1 },
      machines: 2,
    })
    expect(second.requests.list).toBeLessThan(13)
    await expectAsFresh()
  })

  it('costs less than a full one where nothing is new', async () => {
    fill()
    const full = await sync()
    const quick = await sync(1)
    expect(quick).toMatchObject({ pass: 'quick', requests: { get: 0, head: 0 }, objects: { listed: 2, unchanged: 2 } })
    expect(quick.requests.list).toBeLessThan(full.requests.list)
  })

  it('does not make the archive look more up to date than it is', async () => {
    fill()
    await sync()
    await sync(60_000)
    const [standing] = await remoteStandings(archive.archive.driver, [], start + 60_000)
    expect(standing).toMatchObject({ lastRunAt: '2026-08-01T00:01:00.000Z', lagMs: 60_000 })
  })

  it('misses what grows in a folder at rest, and takes nothing for gone; the full pass finds both', async () => {
    fill()
    await sync()
    const [grown, gone] = [`${claude('box', 'old')}/old3.jsonl`, `${claude('box', 'old')}/old4.jsonl`]
    source.bucket.append(grown, longLog('more', 1, 10))
    source.bucket.delete(gone)
    source.bucket.delete(`${claude('box', 'app')}/new1.jsonl`)
    expect(await sync(hour - 1)).toMatchObject({ pass: 'quick', objects: { appended: 0, gone: 0 } })
    expect(await sync(hour)).toMatchObject({ pass: 'full', objects: { appended: 1, gone: 2 } })
  })

  it('looks again at what could not be read, wherever it lies', async () => {
    fill()
    const broken = `${claude('box', 'old')}/old5.jsonl`
    const fails = (): never => {
      throw new AgentsviewError({ code: 'remote.unreachable.cut', message: 'the line broke' })
    }
    source.bucket.hooks.onOpen = (key) => (key === broken ? fails() : undefined)
    expect((await sync()).ok).toBe(false)
    source.bucket.hooks.onOpen = undefined
    await sync(1)
    await expectAsFresh()
  })

  it('is not made where a pass is to be full', async () => {
    fill()
    await sync()
    const passOf = async (afterMs: number, changes: RunChanges = {}): Promise<string> =>
      (await sync(afterMs, changes)).pass
    expect(await passOf(1, { wishes: { dryRun: true } })).toBe('quick')
    expect(await passOf(1, { wishes: { listAll: true } })).toBe('full')
    expect(await passOf(2, { wishes: { full: true } })).toBe('full')
    expect(await passOf(1)).toBe('full')
    expect(await passOf(2)).toBe('quick')
    const changed: Partial<Remote> = { quickPass, exclude: ['**/old7.jsonl'] }
    source = sourceWith(source, changed)
    expect(await passOf(3)).toBe('full')
    expect(await passOf(4)).toBe('quick')
  })

  it('does not follow a pass that left something out', async () => {
    fill()
    expect(await sync(0, { wishes: { machines: ['other'] } })).toMatchObject({ pass: 'full', lastFullPassAt: null })
    expect(await sync(1, { wishes: { modifiedSince: start } })).toMatchObject({ pass: 'full', lastFullPassAt: null })
    expect((await sync(2, { wishes: { maxBytes: 10 } })).ok).toBe(false)
    source.bucket.hooks.onListPage = (page) => {
      if (page === 3) throw new Error('the line broke')
    }
    expect((await sync(3)).ok).toBe(false)
    source.bucket.hooks.onListPage = undefined
    expect(await sync(4)).toMatchObject({ pass: 'full' })
    expect(await sync(5)).toMatchObject({ pass: 'quick' })
    await expectAsFresh()
  })

  it('never comes where every pass is full, and remembers nothing there', async () => {
    source = makeSource({}, { pageSize: 10 })
    fill()
    await sync()
    expect(await sync(1)).toMatchObject({ pass: 'full', lastFullPassAt: null })
    const kept = await archive.archive.driver.all({ sql: 'SELECT key FROM meta', args: [] })
    expect(kept.filter(([key]) => String(key).startsWith('full_pass'))).toEqual([])
  })

  it('turns into a full one when it would take as many requests, and is not tried again for a day', async () => {
    fill()
    const first = await sync()
    // A new folder is listed to its end: this one is larger than all there was.
    for (let at = 0; at < 150; at += 1) put(claude('other', 'app'), `big${at}`)
    source.bucket.delete(`${claude('box', 'old')}/old4.jsonl`)
    const second = await sync(1)
    expect(second).toMatchObject({ pass: 'full', objects: { listed: 271, reread: 150, gone: 1 } })
    expect(second.requests.list).toBe(first.requests.list - 1 + 28)
    expect(await sync(2)).toMatchObject({ pass: 'full' })
  })

  it('leaves folders out that hold no logs, however many keys they hold', async () => {
    for (let at = 0; at < 60; at += 1) source.bucket.put(`prod/box/raw/claude/todos/${at}.json`, '{}')
    put(claude('box', 'app'), 'new0')
    expect((await sync()).requests.list).toBe(7)
    const quick = await sync(1)
    expect(quick).toMatchObject({ pass: 'quick', objects: { listed: 1 } })
    expect(quick.requests.list).toBeLessThan(7)
  })
})

describe('whatever changes between quick passes', () => {
  const folders = [claude('box', 'old'), claude('box', 'app'), claude('lab', 'app/x/subagents'), 'prod/todos']
  const dated = ['2026/01/02', '2026/06/30', '2026/07/30']
  const keys = [
    ...folders.flatMap((folder) => ['a', 'b', 'agent-c'].map((name) => `${folder}/${name}.jsonl`)),
    ...dated.map(
      (date, at) => `prod/box/raw/codex/sessions/${date}/rollout-${date.replaceAll('/', '-')}T00-00-0${at}.jsonl`,
    ),
    'prod/box/raw/codex/session_index.jsonl',
  ]
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom('put', 'append', 'delete'), key: fc.constantFrom(...keys), lines: fc.nat(3) }),
    fc.record({ kind: fc.constantFrom('wait'), days: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constantFrom('sync') }),
  )

  it('a full pass leaves the archive as one clean run, and no quick pass tells of anything gone', async () => {
    let quickPasses = 0
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const one = await makeArchive()
      const tested = makeSource({ quickPass }, { pageSize: 2 })
      const { bucket } = tested
      const deleted = new Map<string, Buffer>()
      const contents = new Map<string, Buffer>()
      const run = async (afterMs: number): Promise<RemoteSummary | undefined> =>
        (await one.sync([tested], { now: () => start + afterMs })).remotes[0]
      const write = (key: string, bytes: Buffer): void => {
        deleted.delete(key)
        contents.set(key, bytes)
        bucket.put(key, bytes)
      }
      try {
        for (const key of keys.slice(0, 8)) write(key, longLog(key, 1, 5))
        await run(0)
        for (const [at, made] of steps.entries()) {
          if ('key' in made) {
            const { key, kind, lines } = made
            const old = contents.get(key)
            const more = longLog(`${key}-${at}`, lines, 5)
            if (kind === 'put') write(key, more)
            else if (kind === 'append') write(key, Buffer.concat([old ?? Buffer.alloc(0), more]))
            else if (old !== undefined) {
              bucket.delete(key)
              deleted.set(key, old)
            }
          } else if ('days' in made) bucket.wait(made.days * day)
          else {
            const before = await goneObjects(one)
            const summary = await run(at + 1)
            if (summary?.pass !== 'quick') continue
            quickPasses += 1
            expect(summary.objects.gone).toBe(0)
            expect(await goneObjects(one)).toBeLessThanOrEqual(before)
          }
        }
        // The archive keeps what is gone, which a clean run cannot know: all of it comes back first.
        for (const [key, bytes] of deleted) bucket.put(key, bytes)
        expect((await run(2 * hour))?.pass).toBe('full')
        expect(differences(await one.dump(), await freshDump([tested]))).toEqual({})
      } finally {
        one.close()
      }
    })
    await fc.assert(property, { numRuns: 25 })
    expect(quickPasses).toBeGreaterThan(0)
  })
})

async function goneObjects({ archive: { driver } }: SyncedArchive): Promise<number> {
  const [row] = await driver.all({ sql: 'SELECT count(*) FROM objects WHERE gone_at IS NOT NULL', args: [] })
  return Number(row?.[0])
}
