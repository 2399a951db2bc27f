import { bareLoop, pagesOf, specialCorpus, verify } from '../lab/corpus.ts'
import { freshArchive, syncOurs } from '../lab/ours.ts'
import { inPairs, ratioOf } from '../lab/pairs.ts'
import { atMost, count, times } from '../lab/report.ts'
import type { BenchCase } from './case.ts'

/** A sync of very many objects that finds nothing new. */
export const manyCase: BenchCase = {
  name: 'many',
  about: 'nothing new in 100,000 objects',
  async run(lab) {
    const corpus = await specialCorpus(lab, 'small', lab.scale.manyObjects)
    const db = freshArchive(lab)
    const first = await syncOurs(lab, corpus, db)
    await verify(corpus, db)
    const pairs = await inPairs(
      lab.runs,
      () => syncOurs(lab, corpus, db),
      () => bareLoop(corpus, 'list'),
    )
    const requests = pairs.ours.map(({ counts }) => counts.requests)
    return {
      findings: [
        atMost('sync ÷ bare listing', ratioOf(pairs), 1.5, times),
        atMost(
          'LIST, one a page of 1,000',
          Math.max(...requests.map(({ list }) => list)),
          pagesOf(pairs.theirs),
          count,
        ),
        atMost('other requests', Math.max(...requests.map(({ get, head }) => get + head)), 0, count),
      ],
      lines: [
        { program: 'first sync', runs: [first] },
        { program: 'sync', runs: pairs.ours },
        { program: 'bare listing', runs: pairs.theirs },
      ],
    }
  },
}
