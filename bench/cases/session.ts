import { specialCorpus } from '../lab/corpus.ts'
import { ratioOf } from '../lab/pairs.ts'
import { atMost, bytes, peakOf, times } from '../lab/report.ts'
import type { BenchCase } from './case.ts'
import { syncInPairs } from './first.ts'

/** One very long session. */
export const sessionCase: BenchCase = {
  name: 'session',
  about: 'first sync of one session of 400 MB',
  async run(lab) {
    const corpus = await specialCorpus(lab, 'session', lab.scale.sessionBytes)
    const { pairs } = await syncInPairs(lab, corpus)
    return {
      findings: [
        atMost('first sync ÷ bare loop', ratioOf(pairs), 1.5, times),
        atMost('peak memory', peakOf(pairs.ours), 250e6, bytes),
      ],
      lines: [
        { program: 'sync', runs: pairs.ours },
        { program: 'bare loop', runs: pairs.theirs },
      ],
    }
  },
}
