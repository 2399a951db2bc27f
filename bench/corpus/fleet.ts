import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { claudeResume, claudeSession } from './claude-fleet.ts'
import { codexFork, codexSession, writeTitles } from './codex-fleet.ts'
import { addObject, addSession, inherit, save } from './fleet-work.ts'
import type { Source, Work } from './fleet-work.ts'
import { proseOf } from './prose.ts'
import { randomOf } from './random.ts'
import type { Random } from './random.ts'
import { emptyTruth, ownerOf, tellCounts, tellResponses } from './truth.ts'
import type { Truth } from './truth.ts'

export interface FleetOptions {
  readonly out: string
  readonly seed: string
  readonly bytes: number
  readonly machines: number
}

const names = ['ada-laptop', 'gpu-box', 'ci-runner', 'lab-desk', 'bob-mini', 'build-1', 'edge-7', '工作站']

const claudeShare = 0.65

/** Writes a whole fleet's logs, and the truth about them. */
export function makeFleet(options: FleetOptions): Truth {
  const random = randomOf(`corpus ${options.seed}`)
  const work: Work = {
    out: options.out,
    random,
    prose: proseOf(random),
    truth: emptyTruth(options.seed),
    corpus: { seed: options.seed, growths: 0, logs: [] },
    machines: Array.from({ length: options.machines }, (_, index) => names[index] ?? `host-${index}`),
    responses: [],
    claudeSources: [],
    codexSources: [],
    most: Math.max(300_000, options.bytes * 0.06),
    written: { claude: 0, codex: 0 },
  }
  for (let index = 0; work.written.claude < options.bytes * claudeShare; index += 1) claudeObject(work, index)
  while (work.written.codex < options.bytes * (1 - claudeShare)) codexObject(work)
  writeTitles(work)
  tellResponses(work.truth, work.responses)
  tellCounts(work.truth)
  save(options.out, work.truth, work.corpus)
  return work.truth
}

function claudeObject(work: Work, index: number): void {
  const { random, claudeSources } = work
  const source = claudeSources.length > 3 && random.chance(0.12) ? takeSource(claudeSources, random) : null
  if (source === null) claudeSession(work, index)
  else if (random.chance(0.6)) claudeResume(work, source)
  else copyElsewhere(work, source, 'claude')
}

function codexObject(work: Work): void {
  const { random, codexSources } = work
  const source = codexSources.length > 3 && random.chance(0.14) ? takeSource(codexSources, random) : null
  if (source === null) codexSession(work, null)
  else if (random.chance(0.6)) codexFork(work, source)
  else copyElsewhere(work, source, 'codex')
}

/** Takes a log out of those that may be copied: each is copied once, and never grows after that. */
function takeSource(sources: Source[], random: Random): Source {
  const [source] = sources.splice(random.int(0, sources.length - 1), 1)
  if (source === undefined) throw new RangeError('no log to copy')
  return source
}

/** The same log on another machine: whole, or as it was some turns ago. */
function copyElsewhere(work: Work, source: Source, agent: 'claude' | 'codex'): void {
  const { random, out } = work
  const others = work.machines.filter((machine) => machine !== source.session.machine)
  if (others.length === 0) return
  const machine = random.pick(others)
  const path = source.session.path.replace(source.session.machine, machine)
  const { id, parentId, marker } = source.session
  const fresh = { id, machine, agent, kind: 'copy', parentId, path, marker } as const
  const session = addSession(work, fresh, Date.parse(source.session.startedAt))
  mkdirSync(dirname(join(out, path)), { recursive: true })
  const earlier = random.chance(0.5) ? random.pick(source.checkpoints) : null
  inherit(session, earlier ?? source.session)
  if (earlier === null) copyFileSync(join(out, source.session.path), join(out, path))
  else writeFileSync(join(out, path), readFileSync(join(out, source.session.path)).subarray(0, earlier.bytes))
  const shared = source.responses.slice(0, earlier?.responses ?? source.responses.length)
  for (const response of shared) response.owner = ownerOf(response.owner, session)
  addObject(work, agent, path)
  work.corpus.logs.splice(work.corpus.logs.indexOf(source.log), 1)
}
