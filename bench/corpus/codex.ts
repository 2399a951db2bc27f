import { stamp } from './claude.ts'
import type { LogFile } from './log-file.ts'
import type { Prose } from './prose.ts'
import type { Random } from './random.ts'
import type { Response, TrueSession } from './truth.ts'

/** Cumulative counters of one thread, in Codex' own terms: cached is a part of input, reasoning a part of output. */
export interface CodexTotals {
  input: number
  cached: number
  output: number
  reasoning: number
}

/** Where a Codex thread stands: all that its next turn needs, as plain data. */
export interface CodexState {
  threadId: string
  cwd: string
  model: string
  at: number
  context: number
  totals: CodexTotals
}

/** What Codex turns are written with. */
export interface CodexScribe {
  readonly random: Random
  readonly prose: Prose
  readonly log: LogFile
  /** What the log is the log of; its counts and times are kept while writing. */
  readonly session: TrueSession
  readonly responses: Response[]
}

/** The head of a rollout. */
export function writeCodexHead(
  state: CodexState,
  scribe: CodexScribe,
  about: { readonly forkedFrom?: string; readonly spawnedBy?: string } = {},
): void {
  const { random, prose } = scribe
  const payload = {
    id: state.threadId,
    timestamp: stamp(state.at),
    cwd: state.cwd,
    originator: 'codex_cli_rs',
    cli_version: '0.98.0',
    source:
      about.spawnedBy === undefined
        ? 'cli'
        : { subagent: { thread_spawn: { parent_thread_id: about.spawnedBy, depth: 1 } } },
    model_provider: 'openai',
    ...(about.forkedFrom !== undefined && { forked_from_id: about.forkedFrom }),
    base_instructions: { text: prose.text(1500) },
    git: { commit_hash: random.hex(40), branch: 'main', repository_url: 'git@example.com:team/app.git' },
  }
  put(state, scribe, 'session_meta', payload)
}

/** One prompt and all that follows from it, up to `task_complete`. */
export function writeCodexTurn(state: CodexState, scribe: CodexScribe, marker = ''): void {
  const { random, prose, session } = scribe
  const turnId = random.uuid()
  put(state, scribe, 'event_msg', { type: 'task_started', turn_id: turnId, model_context_window: 400_000 })
  const policies = {
    approval_policy: 'on-request',
    sandbox_policy: { type: 'workspace-write' },
    effort: 'high',
    summary: 'auto',
  }
  put(state, scribe, 'turn_context', { turn_id: turnId, cwd: state.cwd, model: state.model, ...policies })
  if (marker !== '') {
    user(
      state,
      scribe,
      `# AGENTS.md instructions for ${state.cwd}\n\n<INSTRUCTIONS>\n${prose.text(600)}\n</INSTRUCTIONS>`,
    )
    user(
      state,
      scribe,
      `<environment_context>\n  <cwd>${state.cwd}</cwd>\n  <shell>zsh</shell>\n</environment_context>`,
    )
  }
  const prompt = `${marker === '' ? '' : `${marker} `}${prose.text(random.skewed(160, 1))}`
  user(state, scribe, prompt)
  put(state, scribe, 'event_msg', { type: 'user_message', message: prompt, images: [], local_images: [] })
  session.userTurns += 1
  state.at += random.int(800, 6000)
  const steps = Math.max(1, Math.round(random.skewed(5, 0.8)))
  for (let step = 0; step < steps; step += 1) writeStep(state, scribe)
  const answer = prose.text(random.skewed(600, 0.9))
  put(state, scribe, 'response_item', {
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text: answer }],
  })
  put(state, scribe, 'event_msg', { type: 'agent_message', message: answer })
  count(state, scribe)
  put(state, scribe, 'event_msg', { type: 'task_complete', turn_id: turnId, last_agent_message: answer.slice(0, 80) })
  state.at += random.int(20_000, 900_000)
  if (state.context > 330_000) state.context = random.int(10_000, 30_000)
}

/** The call and the answer with which a thread starts another one. */
export function writeCodexSpawn(state: CodexState, scribe: CodexScribe, childId: string): void {
  const { random, prose, session } = scribe
  const callId = `call_${random.hex(24)}`
  put(state, scribe, 'response_item', {
    type: 'function_call',
    name: 'spawn_agent',
    arguments: JSON.stringify({ message: prose.text(80) }),
    call_id: callId,
  })
  put(state, scribe, 'response_item', {
    type: 'function_call_output',
    call_id: callId,
    output: JSON.stringify({ agent_id: childId }),
  })
  session.toolCalls += 1
}

function put(state: CodexState, { log, session }: CodexScribe, type: string, payload: object): void {
  const timestamp = stamp(state.at)
  log.line({ timestamp, type, payload })
  session.endedAt = timestamp
  state.at += 3
}

function user(state: CodexState, scribe: CodexScribe, text: string): void {
  put(state, scribe, 'response_item', { type: 'message', role: 'user', content: [{ type: 'input_text', text }] })
}

function writeStep(state: CodexState, scribe: CodexScribe): void {
  const { random, prose, session } = scribe
  if (random.chance(0.7)) {
    const summary = [{ type: 'summary_text', text: `**${prose.text(40)}**` }]
    put(state, scribe, 'response_item', {
      type: 'reasoning',
      summary,
      content: null,
      encrypted_content: `gAAAAA${random.hex(600)}`,
    })
  }
  if (random.chance(0.25)) {
    const text = prose.text(150)
    put(state, scribe, 'response_item', {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text }],
    })
  }
  const calls = Array.from({ length: random.chance(0.15) ? 2 : 1 }, () => `call_${random.hex(24)}`)
  const isPatch = random.chance(0.2)
  for (const callId of calls) {
    const patch = {
      type: 'custom_tool_call',
      status: 'completed',
      call_id: callId,
      name: 'apply_patch',
      input: `*** Begin Patch\n${prose.output(500)}\n*** End Patch`,
    }
    const args = JSON.stringify({ cmd: `rg -n ${random.hex(4)} src`, workdir: state.cwd, yield_time_ms: 1000 })
    put(
      state,
      scribe,
      'response_item',
      isPatch ? patch : { type: 'function_call', name: 'exec_command', arguments: args, call_id: callId },
    )
    session.toolCalls += 1
  }
  count(state, scribe)
  for (const callId of calls) {
    state.at += Math.round(random.skewed(700, 1.2))
    const size = Math.min(4_000_000, random.skewed(2500, 1.4))
    const output = `Exit code: 0\nOutput:\n${prose.output(size)}`
    const type = isPatch ? 'custom_tool_call_output' : 'function_call_output'
    put(state, scribe, 'response_item', {
      type,
      call_id: callId,
      output: isPatch ? JSON.stringify({ output, metadata: { exit_code: 0 } }) : output,
    })
    state.context += Math.min(9000, Math.round(size / 4))
  }
}

/** A response's counters: told once, and now and then told again with a new time and the same total. */
function count(state: CodexState, scribe: CodexScribe): void {
  const { random, session, responses } = scribe
  const input = state.context + random.int(300, 4000)
  const cached = Math.min(state.context - (state.context % 128), input)
  const output = Math.max(1, Math.round(random.skewed(400, 1)))
  const reasoning = Math.floor(output * random.fraction() * 0.7)
  const { totals } = state
  totals.input += input
  totals.cached += cached
  totals.output += output
  totals.reasoning += reasoning
  state.context = Math.max(input + output, state.context)
  state.at += random.int(200, 4000)
  if (random.chance(0.05))
    put(state, scribe, 'event_msg', { type: 'token_count', info: null, rate_limits: limits(random) })
  const last = inCodexTerms({ input, cached, output, reasoning })
  const info = { total_token_usage: inCodexTerms(totals), last_token_usage: last, model_context_window: 400_000 }
  const at = state.at
  put(state, scribe, 'event_msg', { type: 'token_count', info, rate_limits: limits(random) })
  const tokens = { input: input - cached, output, cacheRead: cached, cacheWrite5m: 0, cacheWrite1h: 0 }
  responses.push({ at, model: state.model, tokens, webSearches: 0, owner: session })
  if (random.chance(0.3)) {
    state.at += random.int(1, 1500)
    put(state, scribe, 'event_msg', { type: 'token_count', info, rate_limits: limits(random) })
  }
}

function inCodexTerms({ input, cached, output, reasoning }: CodexTotals): object {
  return {
    input_tokens: input,
    cached_input_tokens: cached,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
    total_tokens: input + output,
  }
}

function limits(random: Random): object {
  return {
    primary: { used_percent: random.int(1, 99), window_minutes: 300, resets_at: 1_800_000_000 },
    secondary: null,
  }
}
