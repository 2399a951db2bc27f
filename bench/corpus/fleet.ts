import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectOf, promptLine, stamp, writeClaudeTurn, writeCutOff } from './claude.ts'
import type { ClaudeState, Scribe } from './claude.ts'
import { writeCodexHead, writeCodexSpawn, writeCodexTurn } from './codex.ts'
import type { CodexScribe, CodexState } from './codex.ts'
import { openLog } from './log-file.ts'
import type { LogFile } from './log-file.ts'
import { proseOf } from './prose.ts'
import type { Prose } from './prose.ts'
import { randomOf } from './random.ts'
import type { Random } from './random.ts'
import { emptyTruth, noSums, ownerOf, tellCounts, tellResponses } from './truth.ts'
import type { Response, Truth, TrueSession } from './truth.ts'

export interface FleetOptions {
  readonly out: string
  readonly seed: string
  readonly bytes: number
  readonly machines: number
}

/** A log that may grow, and all that its next turn needs; plain data. */
export interface OpenLog {
  readonly path: string
  readonly session: number
  readonly eol: '\n' | '\r\n'
  /** What the file lacks before a next line can follow: a newline, or the rest of a line that is cut in two. */
  missing: { readonly text: string; readonly isPrompt: boolean; readonly uuid: string | null } | null
  readonly claude: ClaudeState | null
  readonly codex: CodexState | null
}

/** What `grow` needs besides the truth; kept in `corpus.json`. */
export interface Corpus {
  readonly seed: string
  growths: number
  readonly logs: OpenLog[]
}

/** Where a log stood after one of its turns: a copy can end there. */
interface Checkpoint {
  readonly bytes: number
  readonly userTurns: number
  readonly toolCalls: number
  readonly badLines: number
  readonly endedAt: string
  readonly title: string | null
  readonly responses: number
  readonly codex: CodexState | null
}

/** A finished log that others may be made from. */
interface Source {
  readonly session: TrueSession
  readonly log: OpenLog
  readonly responses: readonly Response[]
  readonly checkpoints: readonly Checkpoint[]
  readonly finish: ((later: ClaudeState, scribe: Scribe) => void) | null
}

interface Work {
  readonly out: string
  readonly random: Random
  readonly prose: Prose
  readonly truth: Truth
  readonly corpus: Corpus
  readonly machines: readonly string[]
  readonly responses: Response[]
  readonly claudeSources: Source[]
  readonly codexSources: Source[]
  /** Largest session, in bytes. */
  readonly most: number
  written: { claude: number; codex: number }
}

const names = ['ada-laptop', 'gpu-box', 'ci-runner', 'lab-desk', 'bob-mini', 'build-1', 'edge-7', '工作站']
const projects = ['agents-view', 'shop_api', 'web.app', 'infra', 'paper-2026', 'モバイル']
const firstDay = Date.UTC(2026, 5, 1)
const days = 140
const claudeShare = 0.65
const claudeModels = [
  'claude-opus-4-8',
  'claude-opus-4-8',
  'claude-sonnet-5',
  'claude-sonnet-5',
  'claude-sonnet-4-5-20250929',
  'house-model-1',
]
const codexModels = ['gpt-5.5', 'gpt-5.5', 'gpt-5.5', 'gpt-5.3-codex', 'gpt-5.3-codex', 'gpt-5.5-codex']

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

/** Writes `truth.json` and what `grow` needs. */
export function save(out: string, truth: Truth, corpus: Corpus): void {
  writeFileSync(join(out, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`)
  writeFileSync(join(out, 'corpus.json'), `${JSON.stringify(corpus)}\n`)
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

type Fresh = Pick<TrueSession, 'id' | 'machine' | 'agent' | 'kind' | 'parentId' | 'path' | 'marker'>

function addSession(work: Work, fresh: Fresh, at: number): TrueSession {
  const counts = { title: null, userTurns: 0, toolCalls: 0, badLines: 0 }
  const session = { ...fresh, ...counts, startedAt: stamp(at), endedAt: stamp(at), own: noSums() }
  work.truth.sessions.push(session)
  return session
}

function nextMarker(work: Work): string {
  return `ticket${String(work.truth.sessions.length + 1).padStart(6, '0')}x${work.random.hex(4)}`
}

/** Sums up a file that is done. */
function addObject(work: Work, agent: 'claude' | 'codex', path: string): void {
  const { size } = statSync(join(work.out, path))
  work.truth.objects += 1
  work.truth.bytes += size
  work.written[agent] += size
}

function checkpoint(
  session: TrueSession,
  log: LogFile,
  responses: readonly Response[],
  codex: CodexState | null,
): Checkpoint {
  const { userTurns, toolCalls, badLines, endedAt, title } = session
  const counts = { bytes: log.bytes(), userTurns, toolCalls, badLines, endedAt, title }
  return { ...counts, responses: responses.length, codex: codex === null ? null : structuredClone(codex) }
}

function claudeSession(work: Work, index: number): void {
  const { random } = work
  const machine = random.pick(work.machines)
  const cwd = `/home/${random.pick(['ann', 'bob'])}/code/${random.pick(projects)}`
  const id = random.uuid()
  const folder = `${machine}/raw/claude/projects/${projectOf(cwd)}`
  const path = `${folder}/${id}.jsonl`
  const at = firstDay + Math.floor(random.fraction() * days * 86_400_000)
  const marker = nextMarker(work)
  const session = addSession(work, { id, machine, agent: 'claude', kind: 'main', parentId: null, path, marker }, at)
  const versions = { branch: random.pick(['main', 'feat/retry', 'fix-login']), version: `2.1.${random.int(3, 60)}` }
  const model = random.pick(claudeModels)
  const state: ClaudeState = { sessionId: id, agentId: null, cwd, ...versions, model, lastUuid: null, at, context: 0 }
  const eol = index === 1 || random.chance(0.01) ? '\r\n' : '\n'
  const log = openLog(join(work.out, path), 'w', eol)
  const responses: Response[] = []
  const hasAgents = random.chance(0.12)
  const scribe = { ...work, log, session, responses, ...sideObjects(work, folder, session, state, hasAgents) }
  const goal = Math.min(work.most, random.skewed(125_000, 1.35))
  const checkpoints: Checkpoint[] = []
  do {
    writeClaudeTurn(state, scribe, checkpoints.length === 0 ? marker : '')
    if (index === 2 || random.chance(0.005)) badLine(scribe)
    if (random.chance(0.03)) state.model = random.pick(claudeModels)
    checkpoints.push(checkpoint(session, log, responses, null))
  } while (log.bytes() < goal)
  const finish = random.chance(0.05) ? writeCutOff(state, scribe) : null
  const isPlain = eol === '\n' && !hasAgents && index > 5
  const open: OpenLog = {
    path,
    session: work.truth.sessions.indexOf(session),
    eol,
    missing: null,
    claude: state,
    codex: null,
  }
  endClaudeLog(open, scribe, index === 3 || (!isPlain && random.chance(0.2)), index === 4)
  addObject(work, 'claude', path)
  work.responses.push(...responses)
  work.corpus.logs.push(open)
  if (isPlain) work.claudeSources.push({ session, log: open, responses, checkpoints, finish })
}

function badLine({ log, session, random }: Scribe): void {
  log.lineText(`{"type":"assistant","message":{"id":"msg_${random.hex(8)}","content":[{"type":"te`)
  session.badLines += 1
}

/** Ends a log as it should be, in the middle of a prompt's line, or with a whole line that lacks its newline. */
function endClaudeLog(open: OpenLog, scribe: Scribe, isCut: boolean, isBare: boolean): void {
  const { claude: state, eol } = open
  if (isCut && state !== null) {
    const { text, uuid } = promptLine(state, scribe)
    const half = text.indexOf('"role"') + 4
    scribe.log.close({ tail: text.slice(0, half) })
    open.missing = { text: text.slice(half) + eol, isPrompt: true, uuid }
  } else if (isBare) {
    scribe.log.close({ isOpen: true })
    open.missing = { text: eol, isPrompt: false, uuid: null }
  } else {
    scribe.log.close()
  }
}

/** The other objects a session writes: large tool outputs, and its subagents' logs. */
function sideObjects(
  work: Work,
  folder: string,
  parent: TrueSession,
  state: ClaudeState,
  hasAgents: boolean,
): Pick<Scribe, 'sideFile' | 'subagent'> {
  const { out, random } = work
  const sideFile = (path: string, text: string): void => {
    const whole = `${folder}/${path}`
    mkdirSync(dirname(join(out, whole)), { recursive: true })
    writeFileSync(join(out, whole), text)
    addObject(work, 'claude', whole)
  }
  const subagent = (at: number): { agentId: string; shown: unknown[]; endedAt: number } => {
    const agentId = random.hex(8)
    const isOldPlace = random.chance(0.15)
    const path = `${folder}/${isOldPlace ? '' : `${parent.id}/subagents/`}agent-${agentId}.jsonl`
    const about = { id: `agent-${agentId}`, machine: parent.machine, agent: 'claude', kind: 'subagent', path } as const
    const session = addSession(work, { ...about, parentId: parent.id, marker: nextMarker(work) }, at)
    const own: ClaudeState = { ...state, agentId, model: 'claude-haiku-4-5-20251001', lastUuid: null, at, context: 0 }
    const shown: unknown[] = []
    const file = openLog(join(out, path), 'w')
    const line = (record: unknown): void => {
      file.line(record)
      if ((record as { type: string }).type === 'assistant' && random.chance(0.5)) shown.push(record)
    }
    const { responses, prose } = work
    writeClaudeTurn(own, { random, prose, session, responses, log: { ...file, line } }, session.marker)
    file.close()
    addObject(work, 'claude', path)
    return { agentId, shown, endedAt: own.at }
  }
  return { sideFile, ...(hasAgents && { subagent }) }
}

/** A new log that begins with a copy of an older one, under its own session id, and goes on from there. */
function claudeResume(work: Work, source: Source): void {
  const { random } = work
  const before = source.log.claude
  if (before === null) return
  const id = random.uuid()
  const path = join(dirname(source.session.path), `${id}.jsonl`)
  const { machine, marker } = source.session
  const fresh = { id, machine, agent: 'claude', kind: 'resume', parentId: null, path, marker } as const
  const session = addSession(work, fresh, Date.parse(source.session.startedAt))
  inherit(session, source.session)
  const log = openLog(join(work.out, path), 'w')
  const text = readFileSync(join(work.out, source.session.path), 'utf8')
  log.raw(text.replaceAll(`"sessionId":"${source.session.id}"`, `"sessionId":"${id}"`))
  const at = Date.parse(source.session.endedAt) + random.int(600_000, 100_000_000)
  const state: ClaudeState = { ...before, sessionId: id, at }
  const responses: Response[] = []
  const scribe: Scribe = { ...work, log, session, responses }
  source.finish?.(state, scribe)
  for (let turns = random.int(1, 3); turns > 0; turns -= 1) writeClaudeTurn(state, scribe)
  log.close()
  finishCopy(work, session, source, responses, { claude: state, codex: null })
}

function inherit(
  session: TrueSession,
  from: Pick<TrueSession, 'userTurns' | 'toolCalls' | 'badLines' | 'endedAt' | 'title'>,
): void {
  session.userTurns = from.userTurns
  session.toolCalls = from.toolCalls
  session.badLines = from.badLines
  session.endedAt = from.endedAt
  session.title = from.title
}

/** Books a log that was made from another, which must not grow any more. */
function finishCopy(
  work: Work,
  session: TrueSession,
  source: Source,
  responses: Response[],
  states: Pick<OpenLog, 'claude' | 'codex'>,
): void {
  addObject(work, session.agent, session.path)
  work.responses.push(...responses)
  const at = work.truth.sessions.indexOf(session)
  work.corpus.logs.push({ path: session.path, session: at, eol: '\n', missing: null, ...states })
  work.corpus.logs.splice(work.corpus.logs.indexOf(source.log), 1)
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

function codexPath(machine: string, id: string, at: number): string {
  const [day = '', time = ''] = stamp(at).split('T')
  const moment = `${day}T${time.slice(0, 8).replaceAll(':', '-')}`
  return `${machine}/raw/codex/sessions/${day.replaceAll('-', '/')}/rollout-${moment}-${id}.jsonl`
}

/** A thread of its own, or one that another thread spawned. */
function codexSession(work: Work, spawnedBy: { readonly session: TrueSession; readonly at: number } | null): string {
  const { random } = work
  const machine = spawnedBy?.session.machine ?? random.pick(work.machines)
  const threadId = random.uuid()
  const at = spawnedBy?.at ?? firstDay + Math.floor(random.fraction() * days * 86_400_000)
  const path = codexPath(machine, threadId, at)
  const marker = nextMarker(work)
  const kind = spawnedBy === null ? 'main' : 'subagent'
  const parentId = spawnedBy?.session.id ?? null
  const session = addSession(
    work,
    { id: `codex:${threadId}`, machine, agent: 'codex', kind, parentId, path, marker },
    at,
  )
  const totals = { input: 0, cached: 0, output: 0, reasoning: 0 }
  const cwd = `/home/ann/src/${random.pick(projects)}`
  const state: CodexState = {
    threadId,
    cwd,
    model: random.pick(codexModels),
    at,
    context: random.int(6000, 14_000),
    totals,
  }
  const log = openLog(join(work.out, path), 'w')
  const responses: Response[] = []
  const scribe: CodexScribe = { ...work, log, session, responses }
  writeCodexHead(state, scribe, spawnedBy === null ? {} : { spawnedBy: spawnedBy.session.id.slice('codex:'.length) })
  const goal = Math.min(work.most, random.skewed(spawnedBy === null ? 160_000 : 60_000, 1.35))
  const checkpoints: Checkpoint[] = []
  do {
    writeCodexTurn(state, scribe, checkpoints.length === 0 ? marker : '')
    if (spawnedBy === null && random.chance(0.02))
      writeCodexSpawn(state, scribe, codexSession(work, { session, at: state.at }))
    if (random.chance(0.05)) state.model = random.pick(codexModels)
    checkpoints.push(checkpoint(session, log, responses, state))
  } while (log.bytes() < goal)
  log.close()
  addObject(work, 'codex', path)
  work.responses.push(...responses)
  const open: OpenLog = {
    path,
    session: work.truth.sessions.indexOf(session),
    eol: '\n',
    missing: null,
    claude: null,
    codex: state,
  }
  work.corpus.logs.push(open)
  if (spawnedBy === null) work.codexSources.push({ session, log: open, responses, checkpoints, finish: null })
  return threadId
}

/** A thread that replays another one's lines with new times, and goes on with turns of its own. */
function codexFork(work: Work, source: Source): void {
  const { random } = work
  const from = random.pick(source.checkpoints)
  if (from.codex === null) return
  const threadId = random.uuid()
  const { machine } = source.session
  const at = Date.parse(source.session.endedAt) + random.int(60_000, 50_000_000)
  const path = codexPath(machine, threadId, at)
  const marker = nextMarker(work)
  const parentId = source.session.id
  const fresh = { id: `codex:${threadId}`, machine, agent: 'codex', kind: 'fork', parentId, path, marker } as const
  const session = addSession(work, fresh, at)
  const state: CodexState = { ...structuredClone(from.codex), threadId, at }
  const log = openLog(join(work.out, path), 'w')
  const responses: Response[] = []
  const scribe: CodexScribe = { ...work, log, session, responses }
  writeCodexHead(state, scribe, { forkedFrom: source.session.id.slice('codex:'.length) })
  const text = readFileSync(join(work.out, source.session.path)).subarray(0, from.bytes).toString('utf8').trimEnd()
  for (const line of text.split('\n')) {
    log.lineText(line.replace(/^\{"timestamp":"[^"]*"/, `{"timestamp":"${stamp(state.at)}"`))
    state.at += random.int(0, 2)
  }
  // Only what comes now is the fork's own; the first prompt was its parent's.
  for (let turn = random.int(1, 3); turn > 0; turn -= 1) writeCodexTurn(state, scribe)
  log.close()
  finishCopy(work, session, source, responses, { claude: null, codex: state })
}

/** Names of threads, one index a machine; a thread renamed later has two lines. */
function writeTitles(work: Work): void {
  const { random, prose, truth } = work
  for (const machine of work.machines) {
    const lines: string[] = []
    for (const session of truth.sessions) {
      if (session.machine !== machine || session.agent !== 'codex' || session.kind === 'subagent') continue
      if (!random.chance(0.6)) continue
      const id = session.id.slice('codex:'.length)
      for (let times = random.chance(0.1) ? 2 : 1; times > 0; times -= 1) {
        session.title = `${prose.text(40).slice(0, 40).trim()} ${random.hex(4)}`
        lines.push(JSON.stringify({ id, thread_name: session.title, updated_at: session.endedAt }))
      }
    }
    if (lines.length === 0) continue
    const path = `${machine}/raw/codex/session_index.jsonl`
    writeFileSync(join(work.out, path), `${lines.join('\n')}\n`)
    addObject(work, 'codex', path)
  }
}
