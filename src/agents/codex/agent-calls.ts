import { type JsonObject, asObject, asText, cleanText, isObject } from '../../base/index.ts'
import type { Mark, SessionRecord, ToolResult } from '../../model/index.ts'
import { cleanString } from '../shared/index.ts'
import { embeddedObject } from './embedded-json.ts'
import { sessionIdOf, threadIdOf } from './paths.ts'
import { type ResultParts, emptyMessage, mark, toolResult } from './rows.ts'
import { type AgentTool, type CodexState, type Entry, digest, remember } from './state.ts'

const maxAgents = 32
const maxResults = 32
const maxReports = 64
const maxIdLength = 256
const gistLength = 1024

const agentTools: ReadonlyMap<string, AgentTool> = new Map([
  ['spawn_agent', 'spawn'],
  ['wait', 'wait'],
  ['wait_agent', 'wait'],
])

/** Remembers a call of a tool that starts other agents or waits for them. */
export function noteCall(state: CodexState, callId: string | null, name: string): void {
  const tool = agentTools.get(name)
  if (tool !== undefined && callId !== null && callId.length <= maxIdLength)
    state.agentCalls = remember(state.agentCalls, [callId, tool], maxAgents)
}

/** Records of what a call gave back; the output of an agent tool becomes links and reports. */
export function takeResult(state: CodexState, entry: Entry, given: ResultParts): readonly SessionRecord[] {
  const tool = state.agentCalls.find(([callId]) => callId === given.callId)?.[1]
  if (tool === undefined) return newResults(state, entry, [given])
  state.agentCalls = state.agentCalls.filter(([callId]) => callId !== given.callId)
  const output = embeddedObject(given.text)
  if (tool === 'spawn') {
    const link = takeSpawn(state, entry, given.callId, [output?.['agent_id']])
    return link.length > 0 ? link : newResults(state, entry, [given])
  }
  const reports = reportsOf(asObject(output?.['status']))
  for (const [agent] of reports) noteAgent(state, agent, given.callId)
  const results = reports.map(([, report]) => ({ callId: given.callId, ...report }))
  return newResults(state, entry, results.length > 0 ? results : [given])
}

/**
 * The mark that a call started a thread.
 * @param names  what the log calls the new agent, its thread id first
 */
export function takeSpawn(state: CodexState, entry: Entry, call: unknown, names: readonly unknown[]): readonly Mark[] {
  const callId = cleanString(call)
  const threadId = threadIdOf(names[0])
  if (callId === null || threadId === null) return []
  for (const name of names) {
    const known = cleanString(name)?.trim()
    if (known !== undefined) noteAgent(state, known, callId)
  }
  return [mark(entry, 'spawn', callId, sessionIdOf(threadId))]
}

/** Records of a `<subagent_notification>`: a result of the call that knows the agent, else a message. */
export function takeNotification(state: CodexState, entry: Entry, body: string): readonly SessionRecord[] {
  const notice = embeddedObject(body)
  const agent = asText(notice?.['agent_id']) ?? asText(notice?.['agent_path'])
  const callId = state.agents.find(([name]) => name === agent)?.[1]
  const report = reportOf(notice?.['status'])
  if (callId !== undefined && report !== null) return newResults(state, entry, [{ callId, ...report }])
  return isNew(state, gistOf(body))
    ? [{ ...emptyMessage(entry, 'user'), subtype: 'subagent_notification', text: body }]
    : []
}

type Report = Omit<ResultParts, 'callId'>

function reportsOf(status: JsonObject | null): readonly (readonly [string, Report])[] {
  const reports: (readonly [string, Report])[] = []
  for (const [agent, told] of Object.entries(status ?? {})) {
    const report = reportOf(told)
    if (report !== null && reports.length < maxReports) reports.push([agent, report])
  }
  return reports
}

/** `{"completed": text}`, `{"errored": text}` or `{"running": text}`. */
function reportOf(status: unknown): Report | null {
  if (!isObject(status)) return null
  for (const [state, text] of Object.entries(status)) {
    if (typeof text === 'string' && text.trim() !== '') return { text: cleanText(text), isError: state === 'errored' }
  }
  return null
}

function noteAgent(state: CodexState, agent: string, callId: string): void {
  const others = state.agents.filter(([name]) => name !== agent)
  if (Math.max(agent.length, callId.length) <= maxIdLength) state.agents = remember(others, [agent, callId], maxAgents)
}

function newResults(state: CodexState, entry: Entry, results: readonly ResultParts[]): readonly ToolResult[] {
  return results
    .filter((result) => isNew(state, `${result.callId}\0${result.isError}\0${gistOf(result.text)}`))
    .map((result, part) => toolResult(entry, part, result))
}

/**
 * What tells a long text from another of the same call without reading all of it: hashing every output
 * whole took a sixth of the parser's time (135 MB of shell output, November 2026).
 */
function gistOf(text: string): string {
  if (text.length <= 2 * gistLength) return text
  return `${text.length}\0${text.slice(0, gistLength)}\0${text.slice(-gistLength)}`
}

/** False when the same was said shortly before: logs repeat results word for word. */
function isNew(state: CodexState, said: string): boolean {
  const seen = digest(said)
  if (state.results.includes(seen)) return false
  state.results = remember(state.results, seen, maxResults)
  return true
}
