import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import type { Random } from '../../bench/corpus/random.ts'
import { randomOf } from '../../bench/corpus/random.ts'
import { forgetCursors } from '../../src/store/index.ts'
import { embedded } from '../servers/embedded.ts'
import type { TestBucket } from '../servers/fill.ts'
import { makeBucket } from '../servers/fill.ts'
import type { Engine, Home } from '../store/engines.ts'
import { file, withHome } from '../store/engines.ts'
import { differences } from '../sync/dump.ts'
import { longLog } from '../sync/fixture-objects.ts'
import type { Program } from '../sync/program.ts'
import { keysOf, writeConfig } from '../sync/remote-config.ts'

const fixtures = resolve(import.meta.dirname, '../../fixtures/bucket')
const logs = 40
/** So many of them are read in several parts. What a round brings is enough for each thread to take part. */
const longLogs = 4
/** Kills after which the next sync may end, and the archive is held against a fresh one. */
const killsBetween = 10

export interface KillPlan {
  readonly program: Program
  readonly engine: Engine
  /** The same seed kills at the same moments, as far as the machine is as fast. */
  readonly seed: string
  readonly kills: number
  readonly say?: (line: string) => void
}

export interface KillResult {
  /** Syncs that were really killed, the others had ended before. */
  readonly killed: number
  readonly comparisons: number
}

/**
 * Kills syncs at random moments, over first readings, appended and rewritten objects, and objects that a newer
 * parser reads again; now and then lets one end and holds the archive against one that was never interrupted.
 * @throws Error with the differences
 */
export async function killRounds({ program, engine, seed, kills, say }: KillPlan): Promise<KillResult> {
  const random = randomOf(seed)
  const server = await embedded.start()
  const bucket = await makeBucket(server)
  const folder = mkdtempSync(join(tmpdir(), 'agentsview-kill-'))
  writeConfig(folder, [{ name: 'all', endpoint: server.endpoint, region: server.region, bucket: bucket.name }])
  const start = (db: string): ReturnType<Program['start']> =>
    program.start(['sync', '--remote', 'all', '--progress', 'none', '--db', db], { cwd: folder, env: keysOf(server) })
  const finish = async (db: string): Promise<number> => {
    const startedAt = performance.now()
    const { code, stderr } = await start(db).ended
    if (code !== 0) throw new Error(`a sync that nobody killed ended with ${code} (seed ${seed}): ${stderr}`)
    return performance.now() - startedAt
  }
  const turns = new Map<number, number>()
  let home = await engine.make()
  let killed = 0
  let comparisons = 0
  try {
    await bucket.putFolder(fixtures)
    for (let at = 0; at < logs; at += 1) await grow(bucket, turns, at, random)
    let longestMs = await measureFresh(finish)
    for (let kill = 1; kill <= kills; kill += 1) {
      await change(bucket, turns, home, random)
      const { child, ended } = start(home.url)
      await wait(random.int(50, Math.round(longestMs)))
      child.kill('SIGKILL')
      killed += Number((await ended).code === -1)
      if (kill % killsBetween !== 0 && kill !== kills) continue
      await finish(home.url)
      longestMs = await compare(home, finish, seed)
      comparisons += 1
      say?.(`${engine.name}: ${killed} of ${kill} syncs killed, archive equal ${comparisons} times`)
      if (!random.chance(0.5)) continue
      await home.remove()
      home = await engine.make()
    }
    return { killed, comparisons }
  } finally {
    await home.remove()
    rmSync(folder, { recursive: true, force: true })
    bucket.close()
    await server.stop()
  }
}

/** What happens to the bucket, or to the archive's parsers, between two syncs. */
async function change(bucket: TestBucket, turns: Map<number, number>, home: Home, random: Random): Promise<void> {
  const what = random.pick(['append', 'append', 'rewrite', 'parser', 'nothing'] as const)
  if (what === 'append')
    for (let times = 0; times < 8; times += 1) await grow(bucket, turns, random.int(0, logs - 1), random)
  if (what === 'rewrite') {
    const at = random.int(0, logs - 1)
    turns.set(at, 0)
    await grow(bucket, turns, at, random)
  }
  // As a newer parser does: everything is read again, beside the rows that are shown.
  if (what === 'parser') await withHome(home, (archive) => forgetCursors(archive, 'all', ''))
}

async function grow(bucket: TestBucket, turns: Map<number, number>, at: number, random: Random): Promise<void> {
  const more = (turns.get(at) ?? 0) + random.int(20, 120) * (at < longLogs ? 8 : 1)
  turns.set(at, more)
  await bucket.put(`prod/box${at % 3}/raw/claude/projects/-app/log-${at}.jsonl`, longLog(`log-${at}`, more, 2400))
}

/** Time of a sync from nothing, in milliseconds: kills fall within it. */
async function measureFresh(finish: (db: string) => Promise<number>): Promise<number> {
  const fresh = await file.make()
  try {
    return await finish(fresh.url)
  } finally {
    await fresh.remove()
  }
}

async function compare(home: Home, finish: (db: string) => Promise<number>, seed: string): Promise<number> {
  const fresh = await file.make()
  try {
    const ms = await finish(fresh.url)
    const found = Object.entries(differences(await home.dump(), await fresh.dump()))
    if (found.length > 0) {
      const told = found.map(
        ([name, { only, missing }]) => `${name}: ${only.length} too many, ${missing.length} missing`,
      )
      const [[, first] = ['', { only: [], missing: [] }]] = found
      throw new Error(
        `archives differ (seed ${seed}): ${told.join('; ')}; e.g. ${[...first.only, ...first.missing][0] ?? ''}`,
      )
    }
    return ms
  } finally {
    await fresh.remove()
  }
}
