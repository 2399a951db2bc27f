import type { Corpus } from '../lab/corpus.ts'
import { bareLoop, fleetCorpus, verify } from '../lab/corpus.ts'
import type { Lab } from '../lab/lab.ts'
import type { Measured } from '../lab/measure.ts'
import type { SyncRun } from '../lab/ours.ts'
import { archiveBytes, dropArchive, freshArchive, syncOurs } from '../lab/ours.ts'
import type { Pairs } from '../lab/pairs.ts'
import { inPairs, ratioOf } from '../lab/pairs.ts'
import { atMost, bytes, peakOf, times } from '../lab/report.ts'
import type { BenchCase } from './case.ts'

/** A fleet read for the first time, beside the bare loop; other cases go on from its archive. */
export interface FirstSync {
  readonly corpus: Corpus
  readonly pairs: Pairs<SyncRun, Measured>
  /** URL of the archive of the last run. */
  readonly db: string
}

/** First syncs of the fleet, in pairs with the bare loop, each held against the truth. */
export async function firstSync(lab: Lab): Promise<FirstSync> {
  return await lab.once('first sync', async () => {
    const corpus = await fleetCorpus(lab, lab.scale.fleetBytes)
    return { corpus, ...(await syncInPairs(lab, corpus)) }
  })
}

/** Syncs a corpus into new archives, in pairs with the bare loop over the same bucket. */
export async function syncInPairs(lab: Lab, corpus: Corpus): Promise<Omit<FirstSync, 'corpus'>> {
  // The server's files come from the page cache for both.
  await bareLoop(corpus, 'get')
  let db = ''
  const pairs = await inPairs(
    lab.runs,
    async () => {
      if (db !== '') dropArchive(db)
      db = freshArchive(lab)
      const run = await syncOurs(lab, corpus, db)
      await verify(corpus, db)
      return run
    },
    () => bareLoop(corpus, 'parse'),
  )
  return { pairs, db }
}

/** First sync of a whole fleet. */
export const firstCase: BenchCase = {
  name: 'first',
  about: 'first sync of 200 MB in 600 objects',
  async run(lab) {
    const { corpus, pairs, db } = await firstSync(lab)
    const ratio = ratioOf(pairs)
    // No line of the fleet is longer than a tool's output of 4 MB told twice.
    const memory = 300e6 + 5 * 8e6
    return {
      findings: [
        atMost('first sync ÷ bare loop', ratio, 1.5, times),
        { ...atMost('  the same, stretch', ratio, 1.2, times) },
        atMost('archive ÷ logs', archiveBytes(db) / corpus.bytes, 0.9, times),
        atMost('peak memory', peakOf(pairs.ours), memory, bytes),
      ],
      lines: [
        { program: 'sync', runs: pairs.ours },
        { program: 'bare loop', runs: pairs.theirs },
      ],
    }
  },
}
