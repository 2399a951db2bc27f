import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { startProgram } from '../../test/servers/program.ts'
import { fleetCorpus, verify } from '../lab/corpus.ts'
import { dropArchive, freshArchive, syncOurs } from '../lab/ours.ts'
import { inPairs, ratioOf } from '../lab/pairs.ts'
import { atMost, times } from '../lab/report.ts'
import { findSqld, say } from '../lab/tools.ts'
import type { BenchCase } from './case.ts'

/** The archive on a server instead of in a file. */
export const serverCase: BenchCase = {
  name: 'sqld',
  about: 'first sync of 200 MB into an archive on a libSQL server',
  async run(lab) {
    const program = findSqld()
    if (program === null) {
      say('  there is no sqld for this machine')
      return { findings: [], lines: [] }
    }
    const corpus = await fleetCorpus(lab, lab.scale.fleetBytes)
    const overServer = async (round: number) => {
      const folder = join(lab.folder, `sqld-${round}`)
      const server = await startProgram({
        name: 'sqld',
        program,
        region: '',
        keys: { accessKeyId: '', secretAccessKey: '' },
        args: (port) => ['--db-path', folder, '--http-listen-addr', `127.0.0.1:${port}`],
        readyPath: '/health',
      })
      try {
        const run = await syncOurs(lab, corpus, server.endpoint)
        await verify(corpus, server.endpoint)
        return run
      } finally {
        await server.stop()
        rmSync(folder, { recursive: true, force: true })
      }
    }
    const intoFile = async () => {
      const db = freshArchive(lab)
      const run = await syncOurs(lab, corpus, db)
      dropArchive(db)
      return run
    }
    const pairs = await inPairs(lab.runs, overServer, intoFile)
    return {
      findings: [atMost('first sync over sqld ÷ into a file', ratioOf(pairs), 2.5, times)],
      lines: [
        { program: 'sync over sqld', runs: pairs.ours },
        { program: 'sync into a file', runs: pairs.theirs },
      ],
    }
  },
}
