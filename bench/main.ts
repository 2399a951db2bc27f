/** The bench itself; `npm run bench` builds the program and starts this. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import type { BenchCase } from './cases/case.ts'
import { benchCases } from './cases/index.ts'
import { fullScale, openLab, quickScale } from './lab/lab.ts'
import type { CaseReport } from './lab/report.ts'
import { bytes, draw } from './lab/report.ts'
import { root, say } from './lab/tools.ts'

const { values: options } = parseArgs({
  options: {
    case: { type: 'string', multiple: true },
    runs: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
})

function chosen(): readonly BenchCase[] {
  const names = (options.case ?? []).flatMap((text) => text.split(','))
  const unknown = names.find((name) => !benchCases.some((one) => one.name === name))
  if (unknown !== undefined) {
    throw new RangeError(`there is no case "${unknown}"; known: ${benchCases.map(({ name }) => name).join(', ')}`)
  }
  return names.length === 0 ? benchCases : benchCases.filter(({ name }) => names.includes(name))
}

async function measureAll(
  cases: readonly BenchCase[],
  runs: number,
  onReport: (reports: readonly CaseReport[]) => void,
): Promise<readonly CaseReport[]> {
  const lab = openLab({ scale: options.quick ? quickScale : fullScale, runs })
  const reports: CaseReport[] = []
  try {
    for (const { name, about, run } of cases) {
      say(`${name}: ${about}`)
      reports.push({ name, ...(await run(lab)) })
      onReport(reports)
    }
  } finally {
    await lab.close()
  }
  return reports
}

/** When, where and what was measured. */
function heading(runs: number): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const isChanged = git('status', '--porcelain', '--', 'src', 'migrations', 'package-lock.json') !== ''
  const [cpu] = cpus()
  return `# What the bench measured

- ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${git('rev-parse', '--short=10', 'HEAD')}${isChanged ? ' with changes' : ''}
- ${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${bytes(totalmem())} memory, Node ${process.versions.node}, ${process.platform}-${process.arch}
- medians of ${runs} pairs of whole processes, the S3 server (MinIO) on the same machine; every archive was held against the truth
${options.quick ? '- sizes are a tenth of what the targets are about\n' : ''}
`
}

if (options.list) {
  for (const { name, about } of benchCases) process.stdout.write(`${name.padEnd(12)} ${about}\n`)
} else {
  const runs = options.quick ? 1 : Number(options.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError('--runs is a whole number from 1 on')
  const cases = chosen()
  // A part of the cases by choice, or small sizes, must not stand where the whole is looked for.
  const isKept = cases.length === benchCases.length && !options.quick
  const began = heading(runs)
  const textOf = (reports: readonly CaseReport[]): string => {
    const missing = cases.slice(reports.length).map(({ name }) => name)
    return `${began}${missing.length > 0 ? `- not reached: ${missing.join(', ')}\n` : ''}${draw(reports)}`
  }
  // After each case: what an hour of measuring has found is not lost when the next one ends it.
  const keep = (reports: readonly CaseReport[]): void => {
    if (isKept) writeFileSync(join(root, 'bench/results.md'), textOf(reports))
  }
  process.stdout.write(textOf(await measureAll(cases, runs, keep)))
}
