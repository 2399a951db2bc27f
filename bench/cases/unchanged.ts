import { bareLoop, pagesOf } from '../lab/corpus.ts'
import { syncOurs } from '../lab/ours.ts'
import { inPairs, ratioOf } from '../lab/pairs.ts'
import { atMost, count, times } from '../lab/report.ts'
import type { BenchCase } from './case.ts'
import { firstSync } from './first.ts'

/** A sync that finds nothing new. */
export const unchangedCase: BenchCase = {
  name: 'unchanged',
  about: 'nothing new in 600 objects',
  async run(lab) {
    const { corpus, db } = await firstSync(lab)
    const pairs = await inPairs(
      // Short runs scatter more.
      lab.runs * 3,
      () => syncOurs(lab, corpus, db),
      () => bareLoop(corpus, 'list'),
    )
    const requests = pairs.ours.map(({ counts }) => counts.requests)
    return {
      findings: [
        atMost('sync ÷ (start of Node and client + listing)', ratioOf(pairs), 2, times),
        atMost(
          'LIST, one a page of 1,000',
          Math.max(...requests.map(({ list }) => list)),
          pagesOf(pairs.theirs),
          count,
        ),
        atMost('other requests', Math.max(...requests.map(({ get, head }) => get + head)), 0, count),
      ],
      lines: [
        { program: 'sync', runs: pairs.ours },
        { program: 'bare listing', runs: pairs.theirs },
      ],
    }
  },
}
