import { randomOf } from '../../bench/corpus/random.ts'
import type { Random } from '../../bench/corpus/random.ts'
import { searchFeeNanoUsd } from '../../src/pricing/index.ts'
import type { Archive } from '../../src/store/index.ts'
import { archiveInfo, checkArchive } from '../../src/store/index.ts'
import type { Dump } from '../sync/dump.ts'
import { differences } from '../sync/dump.ts'
import { longLog } from '../sync/fixture-objects.ts'
import type { TestSource } from '../sync/synced-archive.ts'
import { freshDump, makeArchive, makeSource } from '../sync/synced-archive.ts'

const objects = 200
/** Rounds after which the archive has its usual shape. */
const warmUp = 10

export interface SoakResult {
  readonly rounds: number
  /** Bytes in use of the archive, over those of a fresh one of the same objects. */
  readonly bytesOverFresh: number
  /** Bytes of the process after the warm-up and at the end, when garbage can be collected on demand. */
  readonly heap: { readonly early: number; readonly late: number } | null
}

interface Log {
  readonly key: string
  name: string
  turns: number
  isThere: boolean
}

/**
 * Changes a bucket of 200 logs at random, round after round, with a sync after each: logs grow, are written
 * anew, vanish and come back. After every round the archive must tell what a fresh one tells of all logs as they
 * were last seen, and `db check` must find nothing.
 * @throws Error with the differences
 */
export async function changeRounds(options: {
  readonly seed: string
  readonly rounds: number
  readonly say?: (line: string) => void
}): Promise<SoakResult> {
  const { seed, rounds, say } = options
  const random = randomOf(seed)
  const source = makeSource()
  // What was seen last of each log, also of those that are gone now.
  const seen = makeSource()
  const archive = await makeArchive()
  const logs = Array.from({ length: objects }, (_, at): Log => {
    const name = `log-${at}`
    return { key: `m${at % 7}/raw/claude/projects/-app/${name}.jsonl`, name, turns: 0, isThere: false }
  })
  let early = 0
  try {
    for (const log of logs) write(log, source, random)
    for (let round = 1; round <= rounds; round += 1) {
      for (let times = random.int(1, 12); times > 0; times -= 1) change(random.pick(logs), source, random)
      // What came and went between two syncs nobody saw.
      for (const log of logs) if (log.isThere) seen.bucket.put(log.key, contentOf(log))
      const { ok } = await archive.sync([source])
      if (!ok) throw new Error(`round ${round} failed (seed ${seed})`)
      await compare(archive.archive, await archive.dump(), await freshDump([seen]), `round ${round} (seed ${seed})`)
      if (round === warmUp) early = heapBytes()
      if (round % 50 === 0) say?.(`${round} rounds: archive equal after each`)
    }
    const late = heapBytes()
    return { rounds, bytesOverFresh: await overFresh(archive.archive, seen), heap: late === 0 ? null : { early, late } }
  } finally {
    archive.close()
  }
}

function change(log: Log, source: TestSource, random: Random): void {
  const what = random.pick(['append', 'append', 'append', 'rewrite', 'delete', 'restore'] as const)
  if (what === 'delete') {
    source.bucket.delete(log.key)
    log.isThere = false
  } else if (log.isThere || what === 'restore') {
    if (what === 'rewrite') log.turns = 0
    if (what === 'rewrite') log.name = `${log.name.split('.')[0]}.${random.hex(4)}`
    write(log, source, random)
  }
}

function write(log: Log, source: TestSource, random: Random): void {
  log.isThere = true
  log.turns += random.int(1, 6)
  source.bucket.put(log.key, contentOf(log))
}

function contentOf({ name, turns }: Log): Buffer {
  return longLog(name, turns, 300)
}

async function compare(archive: Archive, actual: Dump, expected: Dump, where: string): Promise<void> {
  const found = Object.entries(differences(plain(actual), plain(expected)))
  const findings = await checkArchive(archive, searchFeeNanoUsd)
  if (found.length + findings.length === 0) return
  const told = found.map(([name, { only, missing }]) => `${name}: ${only[0] ?? ''} | ${missing[0] ?? ''}`)
  throw new Error(`archives differ in ${where}: ${told.join('; ')} ${JSON.stringify(findings)}`)
}

/** Without what tells gone objects from others, and when they were written. */
function plain(dump: Dump): Dump {
  const objectRows = dump.objects.map((row) => row.replace(/"modified":\d+,/, '').replace(/"gone":\d/, ''))
  return { ...dump, objects: objectRows.toSorted() }
}

async function overFresh(archive: Archive, seen: TestSource): Promise<number> {
  const fresh = await makeArchive()
  try {
    await fresh.sync([seen])
    const [ours, theirs] = await Promise.all([archiveInfo(archive), archiveInfo(fresh.archive)])
    return (ours.bytes - ours.freeBytes) / (theirs.bytes - theirs.freeBytes)
  } finally {
    fresh.close()
  }
}

/** Bytes that are really held; 0 where garbage cannot be collected on demand (node --expose-gc). */
function heapBytes(): number {
  const { gc } = globalThis as { readonly gc?: () => void }
  if (gc === undefined) return 0
  gc()
  return process.memoryUsage().heapUsed
}
