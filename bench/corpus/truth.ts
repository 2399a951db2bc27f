import { priceData } from '../../src/pricing/price-data.ts'

/** Counters of one response as they must come out: disjoint, in tokens. */
export interface Tokens {
  input: number
  output: number
  cacheRead: number
  cacheWrite5m: number
  cacheWrite1h: number
}

/** A sum of responses. Costs are integer nano-dollars; unpriced responses add their tokens and no cost. */
export interface Sums extends Tokens {
  responses: number
  unpricedResponses: number
  webSearches: number
  tokensCostNanoUsd: number
  feeNanoUsd: number
}

/** One session as the archive must show it. */
export interface TrueSession {
  /** The agent's own id: `<uuid>`, `agent-<hex>`, `codex:<uuid>`. */
  readonly id: string
  readonly machine: string
  readonly agent: 'claude' | 'codex'
  readonly kind: 'main' | 'resume' | 'subagent' | 'fork' | 'copy'
  readonly parentId: string | null
  /** Path below the corpus folder. */
  readonly path: string
  /** A word that only this session's first prompt holds (copies of it hold it too). */
  readonly marker: string
  /** Name given in `session_index.jsonl` (Codex) or an `ai-title` line. */
  title: string | null
  userTurns: number
  toolCalls: number
  badLines: number
  /** RFC 3339, first and last line with a time. */
  startedAt: string
  endedAt: string
  /** Responses that this session owns: those of a copied history belong to the session that had them first. */
  readonly own: Sums
}

/** What a right reading of the corpus gives. Computed while writing it, without any code of the program. */
export interface Truth {
  readonly seed: string
  objects: number
  bytes: number
  readonly sessions: TrueSession[]
  readonly totals: Sums
  readonly byModel: Record<string, Sums>
  readonly byMachine: Record<string, Sums>
  /** UTC days. */
  readonly byDay: Record<string, Sums>
  /** Sessions, user turns and tool calls per machine; copied histories count in each session that holds them. */
  readonly counts: Record<
    string,
    { sessions: number; subagents: number; userTurns: number; toolCalls: number; badLines: number }
  >
  readonly unpricedModels: string[]
}

/** One response of a model, told once however many lines repeat it. */
export interface Response {
  at: number
  readonly model: string
  readonly tokens: Tokens
  readonly webSearches: number
  owner: TrueSession
}

/** A sum of nothing. */
export function noSums(): Sums {
  const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }
  return { ...tokens, responses: 0, unpricedResponses: 0, webSearches: 0, tokensCostNanoUsd: 0, feeNanoUsd: 0 }
}

/** A truth about nothing yet. */
export function emptyTruth(seed: string): Truth {
  const head = { seed, objects: 0, bytes: 0, sessions: [], totals: noSums() }
  return { ...head, byModel: {}, byMachine: {}, byDay: {}, counts: {}, unpricedModels: [] }
}

/** Adds responses to every sum of the truth, each to its owner's machine. */
export function tellResponses(truth: Truth, responses: readonly Response[]): void {
  for (const response of responses) {
    const cost = costOf(response)
    const day = new Date(response.at).toISOString().slice(0, 10)
    addTo(truth.totals, response, cost)
    addTo((truth.byModel[response.model] ??= noSums()), response, cost)
    addTo((truth.byMachine[response.owner.machine] ??= noSums()), response, cost)
    addTo((truth.byDay[day] ??= noSums()), response, cost)
    addTo(response.owner.own, response, cost)
    if (cost === null && !truth.unpricedModels.includes(response.model)) truth.unpricedModels.push(response.model)
  }
  truth.unpricedModels.sort()
}

/** Counts the sessions anew, per machine. */
export function tellCounts(truth: Truth): void {
  for (const machine of Object.keys(truth.counts)) delete truth.counts[machine]
  for (const session of truth.sessions) {
    const start = { sessions: 0, subagents: 0, userTurns: 0, toolCalls: 0, badLines: 0 }
    const counts = (truth.counts[session.machine] ??= start)
    counts[session.kind === 'subagent' ? 'subagents' : 'sessions'] += 1
    counts.userTurns += session.userTurns
    counts.toolCalls += session.toolCalls
    counts.badLines += session.badLines
  }
}

/** Of two sessions that hold the same responses at the same moments, the one they belong to. */
export function ownerOf(a: TrueSession, b: TrueSession): TrueSession {
  const rank = (s: TrueSession): string => `${s.startedAt} ${s.endedAt} ${s.machine}~${s.id}`
  return rank(a) <= rank(b) ? a : b
}

function addTo(sums: Sums, { tokens, webSearches }: Response, cost: number | null): void {
  sums.input += tokens.input
  sums.output += tokens.output
  sums.cacheRead += tokens.cacheRead
  sums.cacheWrite5m += tokens.cacheWrite5m
  sums.cacheWrite1h += tokens.cacheWrite1h
  sums.responses += 1
  sums.webSearches += webSearches
  sums.feeNanoUsd += webSearches * 10_000_000
  if (cost === null) sums.unpricedResponses += 1
  else sums.tokensCostNanoUsd += cost
}

type Listed = { rates: number[]; bands?: number[][] }
const listed = (JSON.parse(priceData) as { models: Record<string, Listed> }).models

/** The price of one response from the list's raw rates, for the few models of the corpus; null when unlisted. */
function costOf({ model, tokens }: Response): number | null {
  const price = listed[model]
  if (price === undefined) return null
  const context = tokens.input + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h
  const band = (price.bands ?? []).filter(([above]) => context > (above ?? 0)).at(-1)
  const [input = 0, output = 0, cacheRead = input, write5m = input, write1h = write5m] = price.rates
  const [, bandInput = input, bandOutput = output, bandRead = cacheRead, bandWrite = write5m] = band ?? []
  const rates = [bandInput, bandOutput, bandRead, bandWrite, write1h]
  const counts = [tokens.input, tokens.output, tokens.cacheRead, tokens.cacheWrite5m, tokens.cacheWrite1h]
  const pico = counts.reduce((sum, count, index) => sum + BigInt(count) * BigInt(rates[index] ?? 0), 0n)
  return Number((pico + 500n) / 1000n)
}
