import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectOf, promptLine, writeClaudeTurn, writeCutOff } from './claude.ts'
import type { ClaudeState, Scribe } from './claude.ts'
import {
  addObject,
  addSession,
  checkpoint,
  days,
  finishCopy,
  firstDay,
  inherit,
  nextMarker,
  projects,
} from './fleet-work.ts'
import type { Checkpoint, OpenLog, Source, Work } from './fleet-work.ts'
import { openLog } from './log-file.ts'
import type { Response, TrueSession } from './truth.ts'

const claudeModels = [
  'claude-opus-4-8',
  'claude-opus-4-8',
  'claude-sonnet-5',
  'claude-sonnet-5',
  'claude-sonnet-4-5-20250929',
  'house-model-1',
]

/** A session of its own, with the objects beside it. */
export function claudeSession(work: Work, index: number): void {
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
export function claudeResume(work: Work, source: Source): void {
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
