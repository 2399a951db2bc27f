import { upload } from '../lab/bucket.ts'
import { syncOurs } from '../lab/ours.ts'
import { atMost, count } from '../lab/report.ts'
import type { BenchCase } from './case.ts'
import { firstSync } from './first.ts'

/** Everything is uploaded again as it was: new times, the same content. */
export const sameBytesCase: BenchCase = {
  name: 'same-bytes',
  about: 'every object uploaded again with the same bytes',
  async run(lab) {
    const { corpus, db } = await firstSync(lab)
    await upload(corpus.bucket, corpus.folder)
    const run = await syncOurs(lab, corpus, db)
    return {
      findings: [atMost('GET after an upload of the same bytes', run.counts.requests.get, 0, count)],
      lines: [{ program: 'sync', runs: [run] }],
    }
  },
}
