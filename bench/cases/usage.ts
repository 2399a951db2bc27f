import { linkSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { filesOf } from '../lab/bucket.ts'
import type { Corpus } from '../lab/corpus.ts'
import type { Lab } from '../lab/lab.ts'
import { measure } from '../lab/measure.ts'
import { runOurs } from '../lab/ours.ts'
import { inPairs, ratioOf } from '../lab/pairs.ts'
import { atMost, times } from '../lab/report.ts'
import { findCcusage } from '../lab/tools.ts'
import type { BenchCase } from './case.ts'
import { firstSync } from './first.ts'

/** The day's tokens and money, beside a program that reads them from the logs each time. */
export const usageCase: BenchCase = {
  name: 'usage',
  about: 'usage daily beside ccusage over the same logs',
  async run(lab) {
    const { corpus, db } = await firstSync(lab)
    const home = localLogs(lab, corpus)
    const ccusage = findCcusage()
    const args = ['daily', '--json', '--offline', '--timezone', 'UTC']
    const env = { HOME: home, CLAUDE_CONFIG_DIR: join(home, '.claude'), CODEX_HOME: join(home, '.codex') }
    const theirs = () => measure({ command: ccusage, args, env })
    await theirs()
    const pairs = await inPairs(lab.runs * 3, () => runOurs(lab, db, ['usage', 'daily', '--json']), theirs)
    return {
      findings: [atMost('usage daily ÷ ccusage daily', ratioOf(pairs), 0.25, times)],
      lines: [
        { program: 'usage daily', runs: pairs.ours },
        { program: 'ccusage daily', runs: pairs.theirs },
      ],
    }
  },
}

/** The logs of all machines as one home folder, where ccusage looks for them. */
function localLogs(lab: Lab, corpus: Corpus): string {
  const home = join(lab.folder, 'ccusage-home')
  for (const path of filesOf(corpus.folder)) {
    const [machine = '', , agent = '', top = '', ...rest] = path.split('/')
    if (rest.length === 0) continue
    // One folder holds all machines: the names of projects and dates would meet.
    const kept = agent === 'claude' ? [`${machine}${rest[0]}`, ...rest.slice(1)] : [machine, ...rest]
    const target = join(home, `.${agent}`, top, ...kept)
    mkdirSync(dirname(target), { recursive: true })
    linkSync(join(corpus.folder, path), target)
  }
  return home
}
