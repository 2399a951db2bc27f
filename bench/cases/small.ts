import { specialCorpus } from '../lab/corpus.ts'
import { ratioOf } from '../lab/pairs.ts'
import { atMost, times } from '../lab/report.ts'
import type { BenchCase } from './case.ts'
import { syncInPairs } from './first.ts'

/** Very many objects with next to nothing in each. */
export const smallCase: BenchCase = {
  name: 'small',
  about: 'first sync of 20,000 objects under 1 KB',
  async run(lab) {
    const corpus = await specialCorpus(lab, 'small', lab.scale.smallObjects)
    const { pairs } = await syncInPairs(lab, corpus)
    return {
      findings: [atMost('first sync ÷ bare loop', ratioOf(pairs), 1.5, times)],
      lines: [
        { program: 'sync', runs: pairs.ours },
        { program: 'bare loop', runs: pairs.theirs },
      ],
    }
  },
}
