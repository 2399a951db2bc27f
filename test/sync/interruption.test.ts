import { setTimeout as wait } from 'node:timers/promises'

import { afterEach, describe, expect, it } from 'vitest'

import { AgentsviewError } from '../../src/base/index.ts'
import { exitCodeOfSync } from '../../src/cli/sync/print-summary.ts'
import type { Dump } from './dump.ts'
import { differences } from './dump.ts'
import { demoObjects, longLog } from './fixture-objects.ts'
import type { RunChanges, SyncedArchive, TestSource } from './synced-archive.ts'
import { freshDump, makeArchive, makeSource } from './synced-archive.ts'

const folder = 'prod/box/raw/claude/projects/-home-ann-app'
const opened: SyncedArchive[] = []
afterEach(() => {
  for (const archive of opened.splice(0)) archive.close()
})

async function newArchive(): Promise<SyncedArchive> {
  const archive = await makeArchive()
  opened.push(archive)
  return archive
}

/** Small logs of every kind, and one that takes several parts. */
function fill({ bucket }: TestSource, long: Buffer): void {
  for (const [key, bytes] of demoObjects()) bucket.put(key, bytes)
  bucket.put(`${folder}/long.jsonl`, long)
}

const first = longLog('long', 900, 3000)
const rewritten = longLog('long', 950, 3100)

/** A clock on which every part is due at once, so that a run has many commits. */
function hastyClock(): () => number {
  let time = Date.UTC(2026, 7, 1)
  return () => (time += 3000)
}

/** The state of the bucket before, and while, the run that is broken off. */
const stories = [
  { title: 'a first sync', prepare: async () => undefined, long: first },
  {
    title: 'a sync that reads a rewritten object again',
    prepare: async (archive: SyncedArchive, source: TestSource) => {
      fill(source, first)
      await archive.sync([source])
    },
    long: rewritten,
  },
  {
    title: 'a sync that reads on',
    prepare: async (archive: SyncedArchive, source: TestSource) => {
      fill(source, first.subarray(0, 700))
      await archive.sync([source])
    },
    long: first,
  },
] as const

for (const { title, prepare, long } of stories) {
  describe(`${title}, broken off`, () => {
    const start = async (): Promise<{ archive: SyncedArchive; source: TestSource; truth: Dump }> => {
      const archive = await newArchive()
      const source = makeSource()
      await prepare(archive, source)
      fill(source, long)
      return { archive, source, truth: await freshDump([source]) }
    }
    const expectWholeAfter = async (breaks: (time: number) => RunChanges | null): Promise<void> => {
      const { archive, source, truth } = await start()
      // Broken off again and again, at a later place each time, until a run comes through.
      for (let time = 1; time < 60; time += 1) {
        const changes = breaks(time)
        if (changes === null) break
        const summary = await archive.sync([source], { now: hastyClock(), ...changes }).catch((error: unknown) => {
          if (!(error instanceof AgentsviewError)) throw error
          return null
        })
        const double = (await archive.dump()).usage.filter((row) => row.includes('"owner":"NOBODY"'))
        expect(double).toEqual([])
        if (summary?.ok === true) break
      }
      expect((await archive.sync([source])).ok).toBe(true)
      expect(differences(await archive.dump(), truth)).toEqual({})
      expect((await archive.sync([source])).totals.requests.get).toBe(0)
    }

    it('by its signal after each event, ends as if nothing had been', async () => {
      await expectWholeAfter((time) => {
        const stop = new AbortController()
        let events = 0
        return {
          signal: stop.signal,
          onEvent: () => {
            events += 1
            if (events === time * 3) stop.abort()
          },
        }
      })
    })

    it('by an archive that fails at the k-th commit, ends as if nothing had been', async () => {
      await expectWholeAfter((time) => {
        let commits = 0
        return {
          store: (store) => ({
            ...store,
            commit: async (parts, options) => {
              commits += 1
              if (commits === time)
                throw new AgentsviewError({ code: 'store.full', message: 'no space', hint: 'free some' })
              return store.commit(parts, options)
            },
          }),
        }
      })
    })

    it('by an archive that fails at the k-th commit while more waits for it, ends as if nothing had been', async () => {
      await expectWholeAfter((time) => {
        let commits = 0
        return {
          store: (store) => ({
            ...store,
            batchLimit: { bytes: 2 ** 20, parts: 600 },
            commit: async (parts, options) => {
              commits += 1
              if (commits !== time) return await store.commit(parts, options)
              // Meanwhile the readers hand over what comes next, which must not be written without this.
              await wait(30)
              throw new AgentsviewError({ code: 'store.full', message: 'no space', hint: 'free some' })
            },
          }),
        }
      })
    })

    it('by an archive that fails after the k-th commit, ends as if nothing had been', async () => {
      await expectWholeAfter((time) => {
        let commits = 0
        return {
          store: (store) => ({
            ...store,
            commit: async (parts, options) => {
              const results = await store.commit(parts, options)
              commits += 1
              if (commits === time) throw new AgentsviewError({ code: 'store.locked', message: 'gone', hint: 'again' })
              return results
            },
          }),
        }
      })
    })
  })
}

describe('a sync that stops at the first failure', () => {
  it('tells of the remotes it left that they were not read to their end', async () => {
    const archive = await newArchive()
    const waiting = makeSource({ name: 'waiting' })
    const broken = makeSource({ name: 'broken' })
    let stopWaiting = (): void => undefined
    const isOver = new Promise<void>((resolve) => (stopWaiting = resolve))
    waiting.bucket.hooks.onListPage = () => isOver
    broken.bucket.hooks.onListPage = () => {
      setTimeout(stopWaiting, 100)
      throw new AgentsviewError({ code: 'remote.refused.denied', message: '403 AccessDenied on list' })
    }
    const summary = await archive.sync([waiting, broken], { wishes: { failFast: true } })
    expect(summary).toMatchObject({
      ok: false,
      cancelled: false,
      remotes: [
        { name: 'waiting', ok: false, error: { code: 'sync.partial.stopped' } },
        { name: 'broken', ok: false, error: { code: 'remote.refused.denied' } },
      ],
    })
    expect(exitCodeOfSync(summary)).toBe(4)
  })
})

describe('a sync that stops at the first failure', () => {
  it('leaves an object in the middle, and tells of the failure', async () => {
    const archive = await newArchive()
    const reading = makeSource({ name: 'reading' })
    const broken = makeSource({ name: 'broken' })
    fill(reading, first)
    let isReading = (): void => undefined
    let isOver = (): void => undefined
    const begun = new Promise<void>((resolve) => (isReading = resolve))
    const over = new Promise<void>((resolve) => (isOver = resolve))
    reading.bucket.hooks.onOpen = () => {
      isReading()
      return over
    }
    broken.bucket.hooks.onListPage = async () => {
      await begun
      setTimeout(isOver, 100)
      throw new AgentsviewError({ code: 'remote.refused.denied', message: '403 AccessDenied on list' })
    }
    const summary = await archive.sync([reading, broken], { wishes: { failFast: true } })
    expect(summary.remotes.map(({ error }) => error?.code)).toEqual(['sync.partial.stopped', 'remote.refused.denied'])
    const whole = await archive.sync([reading])
    expect(whole.ok).toBe(true)
    expect(differences(await archive.dump(), await freshDump([reading]))).toEqual({})
  })
})

describe('an interrupted sync', () => {
  it('is told as such and keeps what was committed', async () => {
    const archive = await newArchive()
    const source = makeSource()
    fill(source, first)
    const stop = new AbortController()
    const summary = await archive.sync([source], {
      now: hastyClock(),
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'batch-committed') stop.abort()
      },
    })
    expect(summary).toMatchObject({ ok: false, cancelled: true })
    expect((await archive.dump()).objects.length).toBeGreaterThan(0)
    expect((await archive.dump()).objects.filter((row) => /"error":"/.test(row))).toEqual([])
  })

  it('that two programs do at once doubles nothing and misses nothing', async () => {
    const archive = await newArchive()
    const source = makeSource()
    const twin: TestSource = { bucket: source.bucket, source: source.source }
    fill(source, first)
    await Promise.all([archive.sync([source], { now: hastyClock() }), archive.sync([twin], { now: hastyClock() })])
    await archive.sync([source])
    expect(differences(await archive.dump(), await freshDump([source]))).toEqual({})
  })
})
