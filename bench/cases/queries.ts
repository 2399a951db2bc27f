import { join } from 'node:path'

import { runScript } from '../lab/corpus.ts'
import type { Lab } from '../lab/lab.ts'
import { measureNode } from '../lab/measure.ts'
import { dropArchive, freshArchive, runOurs } from '../lab/ours.ts'
import { inPairs, median, ratioOf } from '../lab/pairs.ts'
import type { Finding, RunLine } from '../lab/report.ts'
import { atMost, times } from '../lab/report.ts'
import { root, say } from '../lab/tools.ts'
import type { BenchCase } from './case.ts'

/** Words of the made-up text: one in every second message, one in a few dozen of all. */
const words = { common: 'the', rare: 'zwischenablage' }

/** Questions whose time is only told, as multiples of starting Node. */
const questions: Readonly<Record<string, readonly string[]>> = {
  version: ['--version'],
  'usage daily': ['usage', 'daily', '--json'],
  'usage daily --since 7d': ['usage', 'daily', '--since', '2026-05-20', '--json'],
  'session list': ['session', 'list', '--json'],
  'machines list': ['machines', 'list', '--json'],
  'search, two words': ['search', 'parser timeout', '--json'],
}

/** Questions to an archive of very many messages. */
export const queriesCase: BenchCase = {
  name: 'queries',
  about: 'questions to an archive of 1,000,000 messages',
  async run(lab) {
    const db = freshArchive(lab)
    say('  making the archive …')
    await runScript('make-archive.ts', ['--db', db, '--messages', String(lab.scale.messages)])
    const findings: Finding[] = []
    const lines: RunLine[] = []
    for (const [kind, word] of Object.entries(words)) {
      const search = () => runOurs(lab, db, ['search', word, '--json'])
      const bare = () => measureNode([join(root, 'bench/bare-search.mjs'), db.slice('file:'.length), word])
      await bare()
      const pairs = await inPairs(lab.runs * 3, search, bare)
      findings.push(atMost(`search of a ${kind} word ÷ bare full-text query`, ratioOf(pairs), 2, times))
      lines.push({ program: `search, ${kind} word`, runs: pairs.ours })
      lines.push({ program: `bare query, ${kind} word`, runs: pairs.theirs })
    }
    lines.push(...(await answers(lab, db)))
    const [start, version] = ['node -e 0', 'version'].map((name) =>
      median(lines.find(({ program }) => program === name)?.runs.map(({ wallMs }) => wallMs) ?? []),
    )
    const ratio = times((version ?? Number.NaN) / (start ?? Number.NaN))
    findings.push({ what: '--version ÷ starting Node', target: '–', measured: ratio, isMet: null })
    dropArchive(db)
    return { findings, lines }
  },
}

async function answers(lab: Lab, db: string): Promise<readonly RunLine[]> {
  const lines: RunLine[] = []
  const start = await inPairs(
    lab.runs * 3,
    () => measureNode(['-e', '0']),
    () => runOurs(lab, db, ['--version']),
  )
  lines.push({ program: 'node -e 0', runs: start.ours })
  for (const [name, args] of Object.entries(questions)) {
    const runs = []
    for (let round = 0; round < lab.runs; round += 1) runs.push(await runOurs(lab, db, args))
    lines.push({ program: name, runs })
  }
  return lines
}
