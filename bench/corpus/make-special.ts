// Writes logs of one unusual kind, and the truth about them.
//
//   npx tsx bench/corpus/make-special.ts --out DIR --kind small --size 20000     so many sessions under 1 KB
//   npx tsx bench/corpus/make-special.ts --out DIR --kind session --size 400MB   one session of this size
//   npx tsx bench/corpus/make-special.ts --out DIR --kind line --size 64MiB      a session with one line of this size
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseByteSize } from '../../src/base/index.ts'
import { stamp, writeClaudeTurn } from './claude.ts'
import type { ClaudeState, Scribe } from './claude.ts'
import { days, firstDay } from './fleet-work.ts'
import { openLog } from './log-file.ts'
import { proseOf } from './prose.ts'
import { randomOf } from './random.ts'
import { emptyTruth, noSums, tellCounts, tellResponses } from './truth.ts'
import type { Response, TrueSession } from './truth.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    kind: { type: 'string' },
    size: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const out = values.out ?? ''
const size = parseByteSize(values.size ?? '')
if (out === '' || size === null) throw new RangeError('usage: make-special.ts --out DIR --kind KIND --size SIZE')

const random = randomOf(`${values.kind} ${values.seed}`)
const prose = proseOf(random)
const truth = emptyTruth(values.seed)
const responses: Response[] = []

/** Writes one session's log with `write`, and its part of the truth. */
function session(write: (state: ClaudeState, scribe: Scribe) => void): void {
  const id = random.uuid()
  const machine = `host-${truth.sessions.length % 4}`
  const path = `${machine}/raw/claude/projects/-home-ann-code-app/${id}.jsonl`
  const at = firstDay + Math.floor(random.fraction() * days * 86_400_000)
  const fresh = { id, machine, agent: 'claude', kind: 'main', parentId: null, path, marker: '', title: null } as const
  const counts = { userTurns: 0, toolCalls: 0, badLines: 0, startedAt: stamp(at), endedAt: stamp(at) }
  const about: TrueSession = { ...fresh, ...counts, own: noSums() }
  const versions = { branch: 'main', version: '2.1.9', model: 'claude-sonnet-5', cwd: '/home/ann/code/app' }
  const log = openLog(join(out, path), 'w')
  write(
    { sessionId: id, agentId: null, ...versions, lastUuid: null, at, context: 0 },
    { random, prose, log, session: about, responses },
  )
  log.close()
  truth.sessions.push(about)
  truth.objects += 1
  truth.bytes += statSync(join(out, path)).size
}

/** A prompt and its answer, in two lines of together under 1 KB. */
function tiny(state: ClaudeState, { log, session: about }: Scribe): void {
  const common = { sessionId: state.sessionId, cwd: state.cwd, version: state.version, gitBranch: state.branch }
  const prompt = random.uuid()
  const told = { role: 'user', content: 'Fix the parser.' }
  log.line({ ...common, type: 'user', uuid: prompt, parentUuid: null, timestamp: stamp(state.at), message: told })
  const at = state.at + 4000
  const tokens = { input: random.int(2, 40), output: random.int(9, 99), cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }
  const usage = { input_tokens: tokens.input, output_tokens: tokens.output }
  const content = [{ type: 'text', text: 'Done: the cursor moves on by bytes now.' }]
  const head = { id: `msg_01${random.hex(22)}`, type: 'message', role: 'assistant', model: state.model, content, usage }
  const line = { ...common, type: 'assistant', uuid: random.uuid(), parentUuid: prompt, timestamp: stamp(at) }
  log.line({ ...line, requestId: `req_01${random.hex(22)}`, message: head })
  about.userTurns += 1
  about.endedAt = stamp(at)
  responses.push({ at, model: state.model, tokens, webSearches: 0, owner: about })
}

/** Turns, with a tool's result of exactly `length` bytes, its newline not counted, between them. */
function withLongLine(length: number, state: ClaudeState, scribe: Scribe): void {
  writeClaudeTurn(state, scribe)
  const result = (text: string): string => {
    const block = { tool_use_id: `toolu_01${'0'.repeat(22)}`, type: 'tool_result', content: text }
    const line = { sessionId: state.sessionId, cwd: state.cwd, type: 'user', uuid: '0', timestamp: stamp(state.at) }
    return JSON.stringify({ ...line, message: { role: 'user', content: [block] } })
  }
  const printed = prose.output(600_000)
  const room = length - Buffer.byteLength(result(''))
  const whole = Math.floor(room / (Buffer.byteLength(JSON.stringify(printed)) - 2))
  const text = printed.repeat(whole)
  scribe.log.lineText(result(text + 'x'.repeat(length - Buffer.byteLength(result(text)))))
  state.at += 1000
  writeClaudeTurn(state, scribe)
}

mkdirSync(out, { recursive: true })
if (values.kind === 'small') {
  for (let count = 0; count < size; count += 1) session(tiny)
} else if (values.kind === 'session') {
  session((state, scribe) => {
    while (scribe.log.bytes() < size) writeClaudeTurn(state, scribe)
  })
} else if (values.kind === 'line') {
  session((state, scribe) => withLongLine(size, state, scribe))
} else {
  throw new RangeError(`there is no kind "${values.kind}"`)
}
tellResponses(truth, responses)
tellCounts(truth)
writeFileSync(join(out, 'truth.json'), `${JSON.stringify(truth)}\n`)
process.stdout.write(`${truth.objects} objects, ${truth.bytes} bytes, ${truth.totals.responses} responses\n`)
