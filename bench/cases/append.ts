import { growCorpus, verify } from '../lab/corpus.ts'
import type { SyncRun } from '../lab/ours.ts'
import { syncOurs } from '../lab/ours.ts'
import { median } from '../lab/pairs.ts'
import { atMost, bytes, times } from '../lab/report.ts'
import type { BenchCase } from './case.ts'
import { firstSync } from './first.ts'

/** A fifth of the logs grew by one turn each. */
export const appendCase: BenchCase = {
  name: 'append',
  about: '3 MB appended over 125 of 600 objects',
  async run(lab) {
    const { corpus, pairs, db } = await firstSync(lab)
    const first = median(pairs.ours.map(({ wallMs }) => wallMs))
    const runs: SyncRun[] = []
    let appended = 0
    let allowed = 0
    let fetched = 0
    for (let round = 0; round < lab.runs; round += 1) {
      const growth = await growCorpus(corpus, round)
      const run = await syncOurs(lab, corpus, db)
      await verify(corpus, db)
      runs.push(run)
      appended += growth.bytes
      allowed += 1.1 * growth.bytes + 65_536 * growth.objects
      fetched += run.counts.bytes.fetched
    }
    return {
      findings: [
        atMost('sync ÷ first sync', median(runs.map(({ wallMs }) => wallMs)) / first, 0.15, times),
        {
          ...atMost('fetched ≤ 1.1 × appended + 64 KiB × changed objects', fetched, allowed, bytes),
          measured: `${bytes(fetched)} (${bytes(appended)} appended)`,
        },
      ],
      lines: [{ program: 'sync', runs }],
    }
  },
}
