import { specialCorpus } from '../lab/corpus.ts'
import { ratioOf } from '../lab/pairs.ts'
import { atMost, bytes, peakOf, times } from '../lab/report.ts'
import type { BenchCase } from './case.ts'
import { syncInPairs } from './first.ts'

/** One line as long as lines may be. */
export const lineCase: BenchCase = {
  name: 'line',
  about: 'first sync of a session with one line of 64 MiB',
  async run(lab) {
    const corpus = await specialCorpus(lab, 'line', lab.scale.lineBytes)
    const { pairs } = await syncInPairs(lab, corpus)
    return {
      findings: [
        atMost('peak memory ≤ 300 MB + 5 × line', peakOf(pairs.ours), 300e6 + 5 * lab.scale.lineBytes, bytes),
        { what: 'first sync ÷ bare loop', target: '–', measured: times(ratioOf(pairs)), isMet: null },
      ],
      lines: [
        { program: 'sync', runs: pairs.ours },
        { program: 'bare loop', runs: pairs.theirs },
      ],
    }
  },
}
