import { fleetCorpus, verify } from '../lab/corpus.ts'
import { dropArchive, freshArchive, syncOurs } from '../lab/ours.ts'
import { inPairs, ratioOf } from '../lab/pairs.ts'
import { atMost, peakOf, times } from '../lab/report.ts'
import type { BenchCase } from './case.ts'

/** Ten times the logs take ten times as long, and no more memory. */
export const largeCase: BenchCase = {
  name: 'large',
  about: 'first sync of 2 GB beside that of 200 MB',
  async run(lab) {
    const [small, large] = [
      await fleetCorpus(lab, lab.scale.fleetBytes),
      await fleetCorpus(lab, lab.scale.largeFleetBytes),
    ]
    const sync = (corpus: typeof small) => async () => {
      const db = freshArchive(lab)
      const run = await syncOurs(lab, corpus, db)
      await verify(corpus, db)
      dropArchive(db)
      return run
    }
    const pairs = await inPairs(lab.runs, sync(large), sync(small))
    // Both corpora are a little larger than asked for.
    const growth = large.bytes / small.bytes / 10
    return {
      findings: [
        atMost('2 GB ÷ 200 MB', ratioOf(pairs) / growth, 10.5, times),
        atMost('peak of 2 GB ÷ peak of 200 MB', peakOf(pairs.ours) / peakOf(pairs.theirs), 1.15, times),
      ],
      lines: [
        { program: 'sync of 2 GB', runs: pairs.ours },
        { program: 'sync of 200 MB', runs: pairs.theirs },
      ],
    }
  },
}
