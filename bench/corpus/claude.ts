import type { LogFile } from './log-file.ts'
import type { Prose } from './prose.ts'
import type { Random } from './random.ts'
import type { Response, Tokens, TrueSession } from './truth.ts'

/** Where a Claude Code session stands: all that its next turn needs, as plain data. */
export interface ClaudeState {
  /** `sessionId` on its lines; a subagent's lines carry its parent's. */
  sessionId: string
  /** Set on the lines of a subagent. */
  agentId: string | null
  cwd: string
  branch: string
  version: string
  model: string
  lastUuid: string | null
  /** Time of the next line, in epoch milliseconds. */
  at: number
  /** Tokens the next request would read again. */
  context: number
}

/** What turns are written with. */
export interface Scribe {
  readonly random: Random
  readonly prose: Prose
  readonly log: LogFile
  /** What the log is the log of; its counts and times are kept while writing. */
  readonly session: TrueSession
  /** Every response told for the first time; the caller adds them to the truth. */
  readonly responses: Response[]
  /** Writes another object, by its path below the machine's `raw/claude/projects/<project>/`. */
  readonly sideFile?: (path: string, text: string) => void
  /** Writes a subagent's log, and gives its id and the lines its parent shows as progress. */
  readonly subagent?: (at: number) => {
    readonly agentId: string
    readonly shown: readonly unknown[]
    readonly endedAt: number
  }
}

type Block = { readonly type: string; readonly [key: string]: unknown }

/** One prompt and all that follows from it, up to the answer that ends the turn. */
export function writeClaudeTurn(state: ClaudeState, scribe: Scribe, marker = ''): void {
  const { random } = scribe
  writePrompt(state, scribe, marker)
  const steps = Math.max(1, Math.round(random.skewed(4, 0.8)))
  for (let step = 0; step < steps; step += 1) {
    writeStep(state, scribe)
    if (random.chance(0.03)) writeOddity(state, scribe)
  }
  if (scribe.subagent !== undefined && random.chance(0.5)) writeTask(state, scribe, scribe.subagent)
  writeResponse(state, scribe, [textBlock(scribe, random.skewed(500, 0.9))], 'end_turn')
  if (random.chance(0.3))
    put(state, scribe, { type: 'system', subtype: 'turn_duration', durationMs: random.int(900, 90_000), isMeta: false })
  state.at += random.int(20_000, 900_000)
  if (state.context > 170_000) compact(state, scribe)
}

/**
 * Only the first line of a response: its output is told as a placeholder.
 * @returns writes the line that a later copy of the log has besides, with the full output
 */
export function writeCutOff(state: ClaudeState, scribe: Scribe): (later: ClaudeState, laterScribe: Scribe) => void {
  const { random, prose } = scribe
  const request = startResponse(state, random)
  const placeholder = random.int(1, 8)
  const response = tell(state, scribe, { ...request.tokens, output: placeholder }, 0)
  const first = { type: 'thinking', thinking: prose.text(300), signature: random.hex(64) }
  response.at = putBlock(state, scribe, request, first, { output: placeholder, stop: null, searches: 0 })
  return (later, laterScribe) => {
    const output = random.int(200, 900)
    response.at = putBlock(later, laterScribe, request, textBlock(scribe, 600), {
      output,
      stop: 'end_turn',
      searches: 0,
    })
    response.tokens.output = output
  }
}

/** A prompt's line as text, for a log that ends in the middle of it; the prompt counts once it is whole. */
export function promptLine(
  state: ClaudeState,
  { random, prose }: Scribe,
): { readonly text: string; readonly uuid: string } {
  const uuid = random.uuid()
  const message = { role: 'user', content: prose.text(120) }
  return { text: JSON.stringify(chained(state, { type: 'user', message }, uuid)), uuid }
}

/** RFC 3339 with milliseconds, in UTC. */
export function stamp(at: number): string {
  return new Date(at).toISOString()
}

interface Request {
  readonly id: string
  readonly requestId: string | null
  readonly tokens: Tokens
}

function startResponse(state: ClaudeState, random: Random): Request {
  const grown = random.int(200, 6000)
  const isLong = random.chance(0.25)
  const isNew = state.context === 0 || random.chance(0.02)
  const tokens = {
    input: random.int(2, 40),
    output: 0,
    cacheRead: isNew ? 0 : state.context,
    cacheWrite5m: isLong ? (random.chance(0.3) ? random.int(1, 500) : 0) : (isNew ? state.context : 0) + grown,
    cacheWrite1h: isLong ? (isNew ? state.context : 0) + grown : 0,
  }
  state.context += grown
  const requestId = random.chance(0.02) ? null : `req_01${random.hex(22)}`
  return { id: `msg_01${random.hex(22)}`, requestId, tokens }
}

function tell(state: ClaudeState, { session, responses }: Scribe, tokens: Tokens, webSearches: number): Response {
  const response = { at: state.at, model: state.model, tokens, webSearches, owner: session }
  responses.push(response)
  return response
}

/**
 * One response as Claude Code logs it: a line for each block, each with the usage so far. `between` gives a block's
 * tool result before the next block, as parallel tools do.
 */
function writeResponse(
  state: ClaudeState,
  scribe: Scribe,
  blocks: readonly Block[],
  stop: string | null,
  between?: (block: Block) => void,
): void {
  const { random } = scribe
  const request = startResponse(state, random)
  const output = Math.max(1, Math.round(random.skewed(350, 1)))
  const searches = random.chance(0.01) ? random.int(1, 3) : 0
  const response = tell(state, scribe, { ...request.tokens, output }, searches)
  const isToldAtOnce = random.chance(0.2)
  for (const [index, block] of blocks.entries()) {
    const isLast = index === blocks.length - 1
    const isWhole = isLast || isToldAtOnce
    const told = { output: isWhole ? output : Math.min(output, random.int(1, 8)), searches: isWhole ? searches : 0 }
    response.at = putBlock(state, scribe, request, block, { ...told, stop: isLast ? stop : null })
    between?.(block)
  }
  state.context += output
}

interface Told {
  readonly output: number
  readonly stop: string | null
  readonly searches: number
}

function putBlock(state: ClaudeState, scribe: Scribe, request: Request, block: Block, told: Told): number {
  const at = put(state, scribe, assistantLine(state.model, request, block, told))
  state.at += scribe.random.int(5, 900)
  return at
}

function assistantLine(model: string, request: Request, block: Block, told: Told): object {
  const { tokens } = request
  const usage = {
    input_tokens: tokens.input,
    cache_creation_input_tokens: tokens.cacheWrite5m + tokens.cacheWrite1h,
    cache_read_input_tokens: tokens.cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: tokens.cacheWrite5m, ephemeral_1h_input_tokens: tokens.cacheWrite1h },
    output_tokens: told.output,
    service_tier: 'standard',
    ...(told.searches > 0 && { server_tool_use: { web_search_requests: told.searches } }),
  }
  const head = { model, id: request.id, type: 'message', role: 'assistant', content: [block], stop_reason: told.stop }
  const message = { ...head, stop_sequence: null, usage }
  return { message, ...(request.requestId !== null && { requestId: request.requestId }), type: 'assistant' }
}

/** Writes a line of the chain, which hangs on the line before it, and gives its time. */
function put(state: ClaudeState, scribe: Scribe, record: object): number {
  const uuid = scribe.random.uuid()
  scribe.log.line(chained(state, record, uuid))
  state.lastUuid = uuid
  return touch(state, scribe)
}

function chained(state: ClaudeState, record: object, uuid: string): object {
  return {
    parentUuid: state.lastUuid,
    isSidechain: state.agentId !== null,
    userType: 'external',
    cwd: state.cwd,
    sessionId: state.sessionId,
    version: state.version,
    gitBranch: state.branch,
    ...(state.agentId !== null && { agentId: state.agentId }),
    ...record,
    uuid,
    timestamp: stamp(state.at),
  }
}

function touch({ at }: ClaudeState, { session }: Scribe): number {
  const moment = stamp(at)
  if (moment > session.endedAt) session.endedAt = moment
  return at
}

function textBlock(scribe: Scribe, characters: number): Block {
  return { type: 'text', text: scribe.prose.text(characters) }
}

function writePrompt(state: ClaudeState, scribe: Scribe, marker: string): void {
  const { random, prose, session } = scribe
  if (state.agentId === null && random.chance(0.1)) {
    const snapshot = { messageId: random.uuid(), trackedFileBackups: {}, timestamp: stamp(state.at) }
    scribe.log.line({ type: 'file-history-snapshot', messageId: snapshot.messageId, snapshot, isSnapshotUpdate: false })
    touch(state, scribe)
  }
  const text = `${marker === '' ? '' : `${marker} `}${prose.text(random.skewed(160, 1))}`
  const content = random.chance(0.2) ? [{ type: 'text', text }] : text
  put(state, scribe, { type: 'user', message: { role: 'user', content } })
  session.userTurns += 1
  state.context += random.int(50, 3000)
  state.at += random.int(800, 9000)
}

const tools = ['Bash', 'Read', 'Edit', 'Grep', 'Write', 'Glob', 'mcp__db__query', 'TodoWrite'] as const

function toolUse(state: ClaudeState, { random, prose }: Scribe): Block {
  const name = random.pick(tools)
  const file = `${state.cwd}/src/${random.pick(['app', 'core', 'net'])}/${random.hex(4)}.ts`
  const inputs = {
    Bash: { command: `npm test -- ${random.hex(4)}`, description: prose.text(40) },
    Read: { file_path: file, offset: random.int(1, 900) },
    Edit: { file_path: file, old_string: prose.output(300), new_string: prose.output(400) },
    Grep: { pattern: `${random.hex(3)}.*`, path: state.cwd },
    Write: { file_path: file, content: prose.output(random.skewed(1500, 1)) },
    Glob: { pattern: '**/*.ts' },
    mcp__db__query: { sql: `select * from t where id = ${9_007_199_254_740_993n.toString()}`, limit: 10 },
    TodoWrite: { todos: [{ content: prose.text(60), status: 'pending', activeForm: prose.text(60) }] },
  }
  return { type: 'tool_use', id: `toolu_01${random.hex(22)}`, name, input: inputs[name] }
}

function writeStep(state: ClaudeState, scribe: Scribe): void {
  const { random, prose, session } = scribe
  const calls = Array.from({ length: random.chance(0.2) ? random.int(2, 4) : 1 }, () => toolUse(state, scribe))
  const thinking = random.chance(0.35)
    ? [{ type: 'thinking', thinking: prose.text(random.skewed(700, 0.8)), signature: random.hex(200) }]
    : random.chance(0.02)
      ? [{ type: 'redacted_thinking', data: random.hex(200) }]
      : []
  const words = random.chance(0.5) ? [textBlock(scribe, random.skewed(200, 0.8))] : []
  session.toolCalls += calls.length
  const isInterleaved = calls.length > 1 && random.chance(0.5)
  const result = (call: Block): void => writeResult(state, scribe, String(call['id']))
  const between = (block: Block): void => {
    if (block.type === 'tool_use') result(block)
  }
  writeResponse(state, scribe, [...thinking, ...words, ...calls], 'tool_use', isInterleaved ? between : undefined)
  if (!isInterleaved) for (const call of calls) result(call)
}

function writeResult(state: ClaudeState, scribe: Scribe, callId: string): void {
  const { random, prose } = scribe
  state.at += Math.round(random.skewed(900, 1.2))
  const size = Math.min(4_000_000, random.skewed(1500, 1.5))
  const stdout = prose.output(size)
  const isError = random.chance(0.06)
  let content: unknown = random.chance(0.3) ? [{ type: 'text', text: stdout }] : stdout
  let toolUseResult: unknown = random.chance(0.5) ? { stdout, stderr: '', interrupted: false } : `ok ${random.hex(6)}`
  if (size > 60_000 && scribe.sideFile !== undefined && random.chance(0.5)) {
    const path = `${state.sessionId}/tool-results/${callId}.txt`
    scribe.sideFile(path, stdout)
    const full = `${state.cwd.split('/').slice(0, 3).join('/')}/.claude/projects/${projectOf(state.cwd)}/${path}`
    content = `<persisted-output>\nOutput too large. Full output saved to: ${full}\n\nPreview:\n${stdout.slice(0, 500)}\n</persisted-output>`
    toolUseResult = { stdout: '', stderr: '', persistedOutputPath: full, persistedOutputSize: stdout.length }
  }
  const block = { tool_use_id: callId, type: 'tool_result', content, ...(isError && { is_error: true }) }
  put(state, scribe, { type: 'user', message: { role: 'user', content: [block] }, toolUseResult })
  state.context += Math.min(8000, Math.round(size / 4))
  state.at += random.int(50, 600)
}

/** The folder name Claude Code makes of a working directory. */
export function projectOf(cwd: string): string {
  return cwd.replaceAll(/[^A-Za-z0-9]/g, '-')
}

/** A Task call: the subagent's log is another object, and its parent shows parts of it as progress. */
function writeTask(state: ClaudeState, scribe: Scribe, subagent: NonNullable<Scribe['subagent']>): void {
  const { random, prose, session } = scribe
  const id = `toolu_01${random.hex(22)}`
  const input = { description: prose.text(40), prompt: prose.text(400), subagent_type: 'Explore' }
  writeResponse(state, scribe, [{ type: 'tool_use', id, name: 'Task', input }], 'tool_use')
  session.toolCalls += 1
  const { agentId, shown, endedAt } = subagent(state.at)
  for (const message of shown) {
    // Its own moment is later than the response's in the subagent's log, but on the same day.
    const told = Date.parse((message as { timestamp: string }).timestamp)
    state.at = sameDay(told, told + 40) ? told + 40 : told
    const { timestamp: _moment, ...rest } = message as Record<string, unknown>
    const data = { type: 'agent_progress', agentId, prompt: '', message: rest, normalizedMessages: [] }
    put(state, scribe, { type: 'progress', data, toolUseID: `agent_msg_${random.hex(8)}`, parentToolUseID: id })
  }
  state.at = Math.max(state.at, endedAt) + 100
  const content = [{ type: 'text', text: prose.text(600) }]
  const block = { tool_use_id: id, type: 'tool_result', content }
  put(state, scribe, {
    type: 'user',
    message: { role: 'user', content: [block] },
    toolUseResult: { status: 'completed', agentId, content },
  })
  state.at += 500
}

function sameDay(a: number, b: number): boolean {
  return Math.floor(a / 86_400_000) === Math.floor(b / 86_400_000)
}

/** Lines that real logs hold now and then; each is told in the truth, or known to count for nothing. */
function writeOddity(state: ClaudeState, scribe: Scribe): void {
  const { random, prose, session } = scribe
  const oddity = random.int(0, state.agentId === null ? 6 : 1)
  if (oddity === 0) {
    put(state, scribe, { type: 'user', isMeta: true, message: { role: 'user', content: 'Caveat: not a prompt' } })
  } else if (oddity === 1) {
    const usage = { input_tokens: 0, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
    const content = [{ type: 'text', text: 'API Error: Overloaded' }]
    const message = {
      id: random.uuid(),
      model: '<synthetic>',
      role: 'assistant',
      type: 'message',
      content,
      stop_reason: 'stop_sequence',
      usage,
    }
    put(state, scribe, { type: 'assistant', isApiErrorMessage: true, message })
  } else if (oddity === 2) {
    put(state, scribe, {
      type: 'attachment',
      attachment: { type: 'queued_command', prompt: prose.text(80), commandMode: 'prompt' },
    })
    session.userTurns += 1
  } else if (oddity === 3) {
    put(state, scribe, {
      type: 'user',
      message: { role: 'user', content: [{ type: 'text', text: '[Request interrupted by user]' }] },
    })
  } else if (oddity === 4) {
    const content =
      '<command-name>/cost</command-name>\n<command-message>cost</command-message>\n<command-args></command-args>'
    put(state, scribe, { type: 'user', message: { role: 'user', content } })
    state.at += 5
    put(state, scribe, {
      type: 'user',
      message: { role: 'user', content: '<local-command-stdout>Total: 1</local-command-stdout>' },
    })
    session.userTurns += 1
  } else if (oddity === 5) {
    scribe.log.line({
      type: 'queue-operation',
      operation: 'dequeue',
      timestamp: stamp(state.at),
      sessionId: state.sessionId,
    })
    touch(state, scribe)
  } else {
    session.title = [...prose.text(40)].slice(0, 60).join('').trim()
    scribe.log.line({ type: 'ai-title', aiTitle: session.title, sessionId: state.sessionId })
  }
  state.at += random.int(10, 500)
}

function compact(state: ClaudeState, scribe: Scribe): void {
  const boundary = {
    type: 'system',
    subtype: 'compact_boundary',
    content: 'Conversation compacted',
    logicalParentUuid: state.lastUuid,
  }
  put(state, scribe, { ...boundary, isMeta: false, compactMetadata: { trigger: 'auto', preTokens: state.context } })
  state.at += 3
  const content = `This session is being continued from a previous conversation. ${scribe.prose.text(2000)}`
  put(state, scribe, { type: 'user', isCompactSummary: true, message: { role: 'user', content } })
  state.context = scribe.random.int(8000, 20_000)
  state.at += 1000
}
