import { describe, expect, it } from 'vitest'
import type { Message, SessionFields, SessionRecord, Usage } from '../../model/index.ts'
import { claude } from './format.ts'

function open(path = '-home-ann-code-shop/s1.jsonl') {
  const place = claude.locate(path)
  if (place === null) throw new Error(`no place for ${path}`)
  return claude.open({ ...place, path }, null)
}

/** Pushes lines (objects, or text as it is) and flushes. */
function read(lines: readonly unknown[], path?: string): readonly SessionRecord[] {
  const parser = open(path)
  let offset = 0
  const records: SessionRecord[] = []
  for (const line of lines) {
    const bytes = Buffer.from(typeof line === 'string' ? line : JSON.stringify(line))
    records.push(...parser.push({ offset, bytes }))
    offset += bytes.length + 1
  }
  return [...records, ...parser.flush('whole')]
}

function factsOf(records: readonly SessionRecord[]): SessionFields {
  return records.find((record) => record.kind === 'session')?.facts ?? {}
}

function usagesOf(records: readonly SessionRecord[]): readonly Usage[] {
  return records.filter((record) => record.kind === 'usage')
}

function messagesOf(records: readonly SessionRecord[]): readonly Message[] {
  return records.filter((record) => record.kind === 'message')
}

const user = (content: unknown, more: object = {}) => ({ type: 'user', message: { content }, ...more })
const assistant = (id: string | null, content: unknown, more: object = {}, message: object = {}) => ({
  type: 'assistant',
  requestId: 'r',
  message: { id, model: 'claude-x', content, usage: { input_tokens: 1, output_tokens: 1 }, ...message },
  ...more,
})

describe('a response on many lines', () => {
  it('is not ended by lines of other types, and is by any user line', () => {
    const text = (word: string) => [{ type: 'text', text: word }]
    const within = read([
      assistant('m', text('a')),
      { type: 'system' },
      { type: 'x' },
      'junk',
      assistant('m', text('b')),
    ])
    expect(messagesOf(within).map((message) => message.text)).toEqual(['a\nb'])
    const meta = user('x', { isMeta: true })
    const apart = read([assistant('m', text('a')), meta, assistant('m', text('b'))])
    expect(messagesOf(apart).map((message) => message.text)).toEqual(['a', 'b'])
  })

  it('goes on, while it is open, from its first line with the state of before', () => {
    const parser = open()
    const line = (value: unknown, offset: number) => ({ offset, bytes: Buffer.from(JSON.stringify(value)) })
    parser.push(line(user('hi', { uuid: 'u1' }), 0))
    const before = parser.resume()
    parser.push(line(assistant('m', 'a', { uuid: 'u2', version: '9', timestamp: '2026-01-01T00:00:00Z' }), 100))
    parser.push(line({ type: 'ai-title', aiTitle: 'T' }, 300))
    expect(parser.resume()).toEqual({ offset: 100, state: before.state })
    expect(before.offset).toBeNull()
    parser.push(line(user('next'), 400))
    expect(parser.resume().offset).toBeNull()
  })

  it('gives what it has so far at each flush without ending', () => {
    const parser = open()
    const line = (value: unknown, offset: number) => ({ offset, bytes: Buffer.from(JSON.stringify(value)) })
    expect(parser.push(line(assistant('m', [{ type: 'text', text: 'Hel' }]), 0))).toEqual([])
    expect(messagesOf(parser.flush('whole'))[0]?.text).toBe('Hel')
    expect(parser.push(line(assistant('m', [{ type: 'text', text: 'Hello' }]), 200))).toEqual([])
    expect(messagesOf(parser.flush('whole')).map(({ offset, text }) => [offset, text])).toEqual([[0, 'Hello']])
  })

  it('takes the usage with the most output, and its time', () => {
    const usage = (output: number) => ({ usage: { output_tokens: output } })
    const at = (second: number) => ({ timestamp: `2026-01-01T00:00:0${second}Z` })
    const records = read([
      assistant('m', 'a', at(1), usage(5)),
      assistant('m', 'b', at(2), usage(90)),
      assistant('m', 'c', at(3), usage(7)),
    ])
    expect(usagesOf(records).map(({ output, at: time }) => [output, time])).toEqual([
      [90, Date.UTC(2026, 0, 1, 0, 0, 2)],
    ])
    expect(messagesOf(records)[0]?.at).toBe(Date.UTC(2026, 0, 1, 0, 0, 3))
  })

  it('does not join lines without a message id', () => {
    const records = read([assistant(null, 'a', { uuid: '1' }), assistant(null, 'b', { uuid: '2' })])
    expect(messagesOf(records)).toHaveLength(2)
    expect(usagesOf(records).map((usage) => usage.dedupeKey)).toEqual(['uuid:1', 'uuid:2'])
  })

  it('has no key when the log gives no id at all', () => {
    expect(usagesOf(read([assistant(null, 'a', { requestId: undefined })])).map((usage) => usage.dedupeKey)).toEqual([
      null,
    ])
  })
})

describe('usage', () => {
  it('of a summary a model wrote is charged', () => {
    const records = read([assistant('m', 'so far', { isCompactSummary: true })])
    expect(messagesOf(records)[0]?.subtype).toBe('compact_boundary')
    expect(usagesOf(records)).toHaveLength(1)
  })

  it('of a progress report without ids is left out', () => {
    const wrap = (inner: object) => ({ type: 'progress', data: { message: { type: 'assistant', ...inner } } })
    const message = { model: 'claude-x', usage: { input_tokens: 1 } }
    expect(usagesOf(read([wrap({ message })]))).toEqual([])
    expect(usagesOf(read([wrap({ message, uuid: 'p' })])).map((usage) => usage.dedupeKey)).toEqual(['uuid:p'])
  })

  it('keeps the flat count of cache writes when the split was not filled in', () => {
    const split = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 }
    const usage = { cache_creation_input_tokens: 70, cache_creation: split }
    expect(usagesOf(read([assistant('m', 'a', {}, { usage })]))[0]).toMatchObject({ cacheWrite5m: 70, cacheWrite1h: 0 })
  })

  it('cuts the name of a model at 128 bytes', () => {
    expect(usagesOf(read([assistant('m', 'a', {}, { model: 'x'.repeat(500) })]))[0]?.model).toHaveLength(128)
  })
})

describe('bytes', () => {
  it('keeps a line with bytes that are not UTF-8, without them', () => {
    const parser = open()
    const bytes = Buffer.from('{"type":"user","message":{"content":"a\u00ffb"}}', 'latin1')
    expect(messagesOf(parser.push({ offset: 0, bytes }))[0]?.text).toBe('ab')
  })

  it('removes NUL and takes a raw control character as a bad line', () => {
    expect(messagesOf(read([user('a\u0000b')]))[0]?.text).toBe('ab')
    const raw = '{"type":"user","message":{"content":"a\u0000b"}}'
    expect(read([raw]).map((record) => record.kind)).toEqual(['bad-line', 'session'])
  })

  it('reads a line of 20 MiB', () => {
    const text = 'word '.repeat(4 * 1024 * 1024)
    expect(messagesOf(read([user(text)]))[0]?.text).toBe(text)
  })
})

describe('tool calls', () => {
  it('falls back to arguments when there is no input, and drops calls without a name', () => {
    const call = (more: object) => ({ type: 'tool_use', ...more })
    const blocks = [
      call({ id: '1', name: 'A', input: {}, arguments: { x: 1 } }),
      call({ id: '2', name: 'B', arguments: '{"y":2}' }),
      call({ id: '3', name: 'C' }),
      call({ id: '4', input: {} }),
    ]
    const calls = read([assistant('m', blocks)]).filter((record) => record.kind === 'tool-call')
    expect(calls.map(({ index, name, input }) => [index, name, input])).toEqual([
      [0, 'A', '{"x":1}'],
      [1, 'B', '{"y":2}'],
      [2, 'C', '{}'],
    ])
  })

  it('ignores a result that does not say whose it is', () => {
    const kinds = read([user([{ type: 'tool_result', content: 'x' }])]).map((record) => record.kind)
    expect(kinds.filter((kind) => kind !== 'mark')).toEqual(['session'])
  })
})

describe('facts', () => {
  it('takes the working directory of the first user line that has one, and the project from it', () => {
    const facts = factsOf(
      read([assistant('m', 'a', { cwd: '/no' }), user('x', { cwd: '/w/shop-api', gitBranch: 'main' })]),
    )
    expect(facts).toMatchObject({ cwd: '/w/shop-api', branch: 'main', project: 'shop_api' })
    expect(factsOf(read([user('x')])).project).toBe('shop')
    expect(factsOf(read([user('x', { cwd: '/' })])).project).toBe('shop')
  })

  it('never makes a session its own parent', () => {
    const parentOf = (path: string, sessionId: string) => factsOf(read([user('x', { sessionId })], path)).parentId
    expect(parentOf('p/s1.jsonl', 's1')).toBeNull()
    expect(parentOf('p/agent-a.jsonl', 'agent-a')).toBeNull()
    expect(parentOf('p/agent-a/subagents/agent-a.jsonl', 'agent-a')).toBeNull()
    expect(parentOf('p/s1.jsonl', '../evil')).toBeNull()
  })

  it('lets the session named inside a subagent override the one of its path', () => {
    const facts = factsOf(read([user('x', { sessionId: 'inner' })], 'p/outer/subagents/agent-a.jsonl'))
    expect(facts).toMatchObject({ parentId: 'inner', relationship: 'subagent' })
  })

  it('finds a summary of this log before and after the line it ends at', () => {
    const summary = (leafUuid: string, title: string) => ({ type: 'summary', summary: title, leafUuid })
    const leaf = user('x', { uuid: 'leaf' })
    expect(factsOf(read([summary('leaf', 'A'), leaf])).title).toBe('A')
    expect(factsOf(read([summary('leaf', 'A'), leaf, summary('leaf', 'B')])).title).toBe('B')
    expect(factsOf(read([leaf, summary('other', 'C')])).title).toBeNull()
  })

  it('has no end state without messages', () => {
    expect(factsOf(read([{ type: 'system' }])).endState).toBeNull()
  })

  it('is clean again once a good line follows a broken one', () => {
    expect(factsOf(read([user('x'), '{"broken'])).endState).toBe('truncated')
    expect(factsOf(read([user('x'), '{"broken', { type: 'system' }])).endState).toBe('clean')
  })

  it('puts a queued prompt before a later answer, so that the answer is last', () => {
    const queued = (timestamp: string) => ({
      type: 'attachment',
      timestamp,
      attachment: { type: 'queued_command', prompt: 'p' },
    })
    const answer = assistant('m', 'done', { timestamp: '2026-01-01T00:00:05Z' }, { stop_reason: 'end_turn' })
    expect(factsOf(read([answer, user('', {}), queued('2026-01-01T00:00:04Z')])).endState).toBe('awaiting_user')
    expect(factsOf(read([answer, user('', {}), queued('2026-01-01T00:00:06Z')])).endState).toBe('clean')
  })
})
