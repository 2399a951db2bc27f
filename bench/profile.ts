/** The profile itself; `bench/profile.mjs` builds the program and starts this. */
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { parseByteSize } from '../src/base/index.ts'
import { fleetCorpus, specialCorpus } from './lab/corpus.ts'
import { openLab, quickScale } from './lab/lab.ts'
import { commandLine, freshArchive, syncCommandLine, syncOurs } from './lab/ours.ts'
import { measureNode } from './lab/measure.ts'
import { seconds } from './lab/report.ts'
import { root, say } from './lab/tools.ts'

/** What V8 writes: a tree of calls, and which of them each sample stood in. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const separator = process.argv.indexOf('--')
const own = separator === -1 ? process.argv.slice(2) : process.argv.slice(2, separator)
const command = separator === -1 ? null : process.argv.slice(separator + 1)
const { values: options } = parseArgs({
  args: own,
  options: {
    bytes: { type: 'string', default: '200MB' },
    top: { type: 'string', default: '40' },
    again: { type: 'boolean', default: false },
    kind: { type: 'string', default: 'fleet' },
  },
})
const bytes = parseByteSize(options.bytes)
const top = Number(options.top)
if (bytes === null || !Number.isInteger(top)) throw new RangeError('usage: profile.mjs [--bytes 200MB] [--top 40]')

const lab = openLab({ scale: quickScale, runs: 1 })
try {
  const folder = join(lab.folder, 'profiles')
  mkdirSync(folder)
  const line = command === null ? await syncLine(bytes) : ownLine(command)
  say('profiling …')
  const run = await measureNode(['--cpu-prof', '--cpu-prof-dir', folder, ...line.args], { env: line.env })
  process.stdout.write(`${seconds(run.wallMs)} wall, ${seconds(run.cpuMs ?? 0)} CPU, with the profiler\n`)
  for (const name of readdirSync(folder).toSorted()) {
    print(name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile)
  }
} finally {
  await lab.close()
}

/** A first sync; with `--again` the one after it, which finds nothing new. */
async function syncLine(size: number): Promise<{ args: readonly string[]; env: Readonly<Record<string, string>> }> {
  const { kind } = options
  if (kind !== 'fleet' && kind !== 'session' && kind !== 'line' && kind !== 'small') {
    throw new RangeError('--kind is fleet, session, line or small')
  }
  const corpus = await (kind === 'fleet' ? fleetCorpus(lab, size) : specialCorpus(lab, kind, size))
  const db = freshArchive(lab)
  if (options.again) await syncOurs(lab, corpus, db)
  return await syncCommandLine(lab, corpus, db)
}

function ownLine(words: readonly string[]): { args: readonly string[]; env: Readonly<Record<string, string>> } {
  return { args: commandLine(words), env: { HOME: process.env['HOME'] ?? '' } }
}

/** The functions of one thread in which most time was spent, what they call not counted. */
function print(name: string, profile: CpuProfile): void {
  const labels = new Map(profile.nodes.map(({ id, callFrame }) => [id, labelOf(callFrame)]))
  const selfMs = new Map<string, number>()
  let busyMs = 0
  for (const [at, id] of profile.samples.entries()) {
    const label = labels.get(id) ?? '?'
    if (label === '(idle)') continue
    const ms = (profile.timeDeltas[at] ?? 0) / 1000
    busyMs += ms
    selfMs.set(label, (selfMs.get(label) ?? 0) + ms)
  }
  process.stdout.write(`\n${name}: ${seconds(busyMs)} busy\n`)
  const sorted = [...selfMs].toSorted(([, one], [, other]) => other - one)
  for (const [label, ms] of sorted.slice(0, top)) {
    process.stdout.write(
      `${ms.toFixed(0).padStart(8)} ms ${((100 * ms) / busyMs).toFixed(1).padStart(5)} %  ${label}\n`,
    )
  }
}

function labelOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  if (url === '') return name
  const path = url.startsWith('file:') ? fileURLToPath(url) : url
  const short = path.replace(`${root}/`, '').replace(/^.*\/node_modules\//, '')
  return `${name}  ${short}:${lineNumber + 1}`
}
