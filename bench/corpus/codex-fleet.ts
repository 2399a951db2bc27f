import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stamp } from './claude.ts'
import { writeCodexHead, writeCodexSpawn, writeCodexTurn } from './codex.ts'
import type { CodexScribe, CodexState } from './codex.ts'
import { addObject, addSession, checkpoint, days, finishCopy, firstDay, nextMarker, projects } from './fleet-work.ts'
import type { Checkpoint, OpenLog, Source, Work } from './fleet-work.ts'
import { openLog } from './log-file.ts'
import type { Response, TrueSession } from './truth.ts'

const codexModels = ['gpt-5.5', 'gpt-5.5', 'gpt-5.5', 'gpt-5.3-codex', 'gpt-5.3-codex', 'gpt-5.5-codex']

function codexPath(machine: string, id: string, at: number): string {
  const [day = '', time = ''] = stamp(at).split('T')
  const moment = `${day}T${time.slice(0, 8).replaceAll(':', '-')}`
  return `${machine}/raw/codex/sessions/${day.replaceAll('-', '/')}/rollout-${moment}-${id}.jsonl`
}

/** A thread of its own, or one that another thread spawned. */
export function codexSession(
  work: Work,
  spawnedBy: { readonly session: TrueSession; readonly at: number } | null,
): string {
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
export function codexFork(work: Work, source: Source): void {
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
export function writeTitles(work: Work): void {
  const { random, prose, truth } = work
  for (const machine of work.machines) {
    const lines: string[] = []
    for (const session of truth.sessions) {
      if (session.machine !== machine || session.agent !== 'codex' || session.kind === 'subagent') continue
      if (!random.chance(0.6)) continue
      const id = session.id.slice('codex:'.length)
      for (let times = random.chance(0.1) ? 2 : 1; times > 0; times -= 1) {
        session.title = `${[...prose.text(40)].slice(0, 40).join('').trim()} ${random.hex(4)}`
        lines.push(JSON.stringify({ id, thread_name: session.title, updated_at: session.endedAt }))
      }
    }
    if (lines.length === 0) continue
    const path = `${machine}/raw/codex/session_index.jsonl`
    writeFileSync(join(work.out, path), `${lines.join('\n')}\n`)
    addObject(work, 'codex', path)
  }
}
