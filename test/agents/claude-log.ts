import { Buffer } from 'node:buffer'
import { claude } from '../../src/agents/claude/format.ts'
import type { ObjectContext } from '../../src/agents/index.ts'
import type { Mark, SessionRecord } from '../../src/model/index.ts'
import { logOf, readWhole } from '../contract/agent.ts'

/** The folder of invented logs, as it stands in a bucket. */
export const folder = '-home-ann-app'

/** The n-th second of the day invented logs are of. */
export function timeOf(second: number): string {
  return new Date(Date.UTC(2026, 2, 4, 10) + second * 1000).toISOString()
}

/** What a test says of a line: its own id, its parent's, its second, and whatever else the line holds. */
export interface LineFields {
  readonly id?: string | null
  readonly parent?: string | null
  readonly at?: number
  readonly more?: object
}

function line(type: string, { id, parent = null, at, more = {} }: LineFields, message: object): string {
  const common = { parentUuid: parent, sessionId: 's1', cwd: '/home/ann/app', version: '2.1.9' }
  const time = at === undefined ? {} : { timestamp: timeOf(at) }
  return JSON.stringify({ type, ...(id === null ? {} : { uuid: id }), ...common, ...time, ...more, message })
}

/** A prompt, or any other content of a user's line. */
export function user(content: unknown, fields: LineFields = {}): string {
  return line('user', fields, { role: 'user', content })
}

/** An answer of the model: text, or blocks. Its message id follows from the line's id. */
export function assistant(content: unknown, fields: LineFields = {}, message: object = {}): string {
  const id = fields.id ?? 'x'
  return line(
    'assistant',
    { ...fields, more: { requestId: `req-${id}`, ...fields.more } },
    {
      id: `msg-${id}`,
      role: 'assistant',
      model: 'claude-opus-4-6',
      stop_reason: 'end_turn',
      content: typeof content === 'string' ? [{ type: 'text', text: content }] : content,
      usage: { input_tokens: 10, output_tokens: 5 },
      ...message,
    },
  )
}

/** A call of a tool, as a block. */
export function call(id: string, name = 'Bash', input: object = { command: 'ls' }): object {
  return { type: 'tool_use', id, name, input }
}

/** What a tool gave back, as a block. */
export function result(callId: string, content: unknown = 'done'): object {
  return { type: 'tool_result', tool_use_id: callId, content }
}

/** A prompt typed while a tool ran. */
export function queued(prompt: unknown, at?: number): string {
  const time = at === undefined ? {} : { timestamp: timeOf(at) }
  return JSON.stringify({ type: 'attachment', ...time, attachment: { type: 'queued_command', prompt } })
}

/**
 * A conversation as pairs of prompt and answer, each following the one before: `p1`, `a1`, `p2`, …
 * @param parent  the id the first prompt hangs off
 */
export function talk(name: string, turns: number, parent: string | null, second: number): readonly string[] {
  const lines: string[] = []
  let above = parent
  for (let turn = 1; turn <= turns; turn += 1) {
    const [prompt, answer] = [`${name}p${turn}`, `${name}a${turn}`]
    const at = second + turn * 2
    lines.push(user(`prompt ${prompt}`, { id: prompt, parent: above, at }))
    lines.push(assistant(`answer ${answer}`, { id: answer, parent: prompt, at: at + 1 }))
    above = answer
  }
  return lines
}

/** Lines as the bytes of an object. */
export function log(...lines: readonly (string | readonly string[])[]): string {
  return lines
    .flat()
    .map((text) => `${text}\n`)
    .join('')
}

/** What a path tells of an invented log. */
export function contextOf(path: string): ObjectContext {
  const place = claude.locate(path)
  if (place === null) throw new Error(`no place for ${path}`)
  return { ...place, path }
}

/** The records of a log, read in one go. */
export function recordsOf(text: string, path = `${folder}/s1.jsonl`): readonly SessionRecord[] {
  return readWhole(claude, contextOf(path), logOf(Buffer.from(text)))
}

/** The marks of one name among records, in file order. */
export function marksOf(records: readonly SessionRecord[], name: string): readonly Mark[] {
  return records.filter((record) => record.kind === 'mark').filter((mark) => mark.name === name)
}
