import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stamp } from './claude.ts'
import type { ClaudeState, Scribe } from './claude.ts'
import type { CodexState } from './codex.ts'
import type { LogFile } from './log-file.ts'
import type { Prose } from './prose.ts'
import type { Random } from './random.ts'
import { noSums } from './truth.ts'
import type { Response, Truth, TrueSession } from './truth.ts'

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
export interface Checkpoint {
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
export interface Source {
  readonly session: TrueSession
  readonly log: OpenLog
  readonly responses: readonly Response[]
  readonly checkpoints: readonly Checkpoint[]
  readonly finish: ((later: ClaudeState, scribe: Scribe) => void) | null
}

export interface Work {
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

export const projects = ['agents-view', 'shop_api', 'web.app', 'infra', 'paper-2026', 'モバイル']

export const firstDay = Date.UTC(2026, 5, 1)

export const days = 140

/** Writes `truth.json` and what `grow` needs. */
export function save(out: string, truth: Truth, corpus: Corpus): void {
  writeFileSync(join(out, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`)
  writeFileSync(join(out, 'corpus.json'), `${JSON.stringify(corpus)}\n`)
}

export type Fresh = Pick<TrueSession, 'id' | 'machine' | 'agent' | 'kind' | 'parentId' | 'path' | 'marker'>

export function addSession(work: Work, fresh: Fresh, at: number): TrueSession {
  const counts = { title: null, userTurns: 0, toolCalls: 0, badLines: 0 }
  const session = { ...fresh, ...counts, startedAt: stamp(at), endedAt: stamp(at), own: noSums() }
  work.truth.sessions.push(session)
  return session
}

export function nextMarker(work: Work): string {
  return `ticket${String(work.truth.sessions.length + 1).padStart(6, '0')}x${work.random.hex(4)}`
}

/** Sums up a file that is done. */
export function addObject(work: Work, agent: 'claude' | 'codex', path: string): void {
  const { size } = statSync(join(work.out, path))
  work.truth.objects += 1
  work.truth.bytes += size
  work.written[agent] += size
}

export function checkpoint(
  session: TrueSession,
  log: LogFile,
  responses: readonly Response[],
  codex: CodexState | null,
): Checkpoint {
  const { userTurns, toolCalls, badLines, endedAt, title } = session
  const counts = { bytes: log.bytes(), userTurns, toolCalls, badLines, endedAt, title }
  return { ...counts, responses: responses.length, codex: codex === null ? null : structuredClone(codex) }
}

export function inherit(
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
export function finishCopy(
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
