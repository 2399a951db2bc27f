import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codex } from './format.ts'
import {
  event,
  item,
  line,
  linesOf,
  meta,
  ownSession,
  ownThread,
  parentSession,
  parentThread,
  read,
  readLog,
  rolloutPath,
  said,
  tokenCount,
  turn,
  usageRecord,
} from '../../../test/agents/codex-log.ts'

const texts = (log: readonly string[]): readonly string[] => read(log).messages.map((message) => message.text)

describe('a session as a whole', () => {
  it('takes its facts from the first meta line', () => {
    const { fields } = read([
      meta({ git: { branch: 'fix' }, source: 'exec', originator: 'codex_exec' }),
      line('world_state', {}, 30),
      event('task_complete', {}, 20),
    ])
    expect(fields).toEqual({
      title: null,
      cwd: '/w/my-app',
      branch: 'fix',
      project: 'my_app',
      agentVersion: '0.99.0',
      entrypoint: 'exec',
      startedAt: Date.UTC(2026, 2, 4, 5, 6, 7),
      endedAt: Date.UTC(2026, 2, 4, 5, 6, 27),
      parentId: null,
      relationship: null,
      agentLabel: null,
      endState: 'awaiting_user',
      isTruncated: false,
    })
  })

  it('keeps the first meta when a later one names the parent', () => {
    const { fields } = read([meta(), meta({ cwd: '/w/other' }, parentThread)])
    expect(fields.cwd).toBe('/w/my-app')
  })

  it('prefers the meta that names the thread of the file name', () => {
    const { fields, marks } = read([meta({ cwd: '/w/other' }, parentThread), meta()])
    expect(fields.cwd).toBe('/w/my-app')
    expect(marks).toMatchObject([{ name: 'copy', value: parentSession }])
  })

  it('has no project without a folder with a name', () => {
    expect(read([meta({ cwd: '/' })]).fields.project).toBe('unknown')
    expect(read([meta({ cwd: undefined })]).fields.project).toBe('unknown')
  })

  it('belongs under the thread that started it, before the one it was forked from', () => {
    const source = { subagent: { thread_spawn: { parent_thread_id: parentThread, agent_role: 'explorer' } } }
    const forked = '019c0000-0000-7000-8000-00000000000b'
    const { fields, marks } = read([meta({ source, forked_from_id: forked })])
    expect(fields).toMatchObject({ parentId: parentSession, relationship: 'subagent', agentLabel: 'explorer' })
    expect(marks.map(({ name, key, value }) => [name, key, value])).toEqual([
      ['relative', 'subagent', parentSession],
      ['relative', 'fork', `codex:${forked}`],
    ])
  })

  it('takes the parent of a subagent by its thread source alone', () => {
    const parent = { parent_thread_id: parentThread }
    expect(read([meta({ ...parent, thread_source: 'subagent' })]).fields.relationship).toBe('subagent')
    expect(read([meta(parent)]).fields).toMatchObject({ parentId: null, relationship: null })
  })

  it('has the end of its path among the agents for a title, as a subagent that was asked nothing', () => {
    const source = { subagent: { thread_spawn: { parent_thread_id: parentThread, agent_path: '/root/finder' } } }
    expect(read([meta({ source })]).fields.title).toBe('finder')
    expect(read([meta({ source }), said('user', 'find it')]).fields.title).toBeNull()
    expect(read([meta({ source }), event('thread_name_updated', { thread_name: 'A' })]).fields.title).toBe('A')
    expect(read([meta({ agent_path: '/root/finder' })]).fields.title).toBeNull()
  })

  it('is a fork of another thread, but never of itself', () => {
    expect(read([meta({ forked_from_id: parentThread })]).fields).toMatchObject({
      parentId: parentSession,
      relationship: 'fork',
    })
    expect(read([meta({ forked_from_id: ownThread.toUpperCase() })]).fields.parentId).toBeNull()
  })

  it('ends as its last task event says', () => {
    const ends = (types: readonly string[]): unknown =>
      read([meta(), ...types.map((type) => event(type))]).fields.endState
    expect(ends(['task_started', 'task_complete'])).toBe('awaiting_user')
    expect(ends(['task_complete', 'turn_aborted'])).toBe('tool_call_pending')
    expect(ends(['turn_started', 'turn_complete'])).toBe('awaiting_user')
    expect(ends(['turn_complete', 'turn_started'])).toBe('tool_call_pending')
    expect(ends([])).toBeNull()
  })

  it('says nothing of an object without a line', () => {
    expect(read([]).records).toEqual([])
  })

  it('is cut short, but of no other end state, when its last line is unfinished', () => {
    const place = { role: 'session', sessionId: ownSession, parentId: null, rank: 3, path: rolloutPath() } as const
    const parser = codex.open(place, null)
    for (const next of linesOf(`${meta()}\n${event('task_complete')}\n`)) parser.push(next)
    expect(parser.flush('unfinished')).toMatchObject([{ facts: { isTruncated: true, endState: 'awaiting_user' } }])
  })
})

describe('messages', () => {
  it('keeps what people and the model say, in order, and no instructions', () => {
    const log = [meta(), said('developer', 'rules'), turn('t1'), said('user', 'hi'), said('assistant', 'hello')]
    const { messages } = read(log)
    expect(messages.map(({ role, text, model, isUserTurn }) => [role, text, model, isUserTurn])).toEqual([
      ['user', 'hi', null, true],
      ['assistant', 'hello', 'gpt-a', false],
    ])
  })

  it('ignores the events that repeat them', () => {
    expect(texts([meta(), said('user', 'hi'), event('user_message', { message: 'hi' })])).toEqual(['hi'])
  })

  it('keeps a turn that is nothing but an image', () => {
    const content = [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }]
    expect(texts([meta(), item({ type: 'message', role: 'user', content })])).toEqual(['[image]'])
  })

  it.each([
    '# AGENTS.md instructions for /w\n\ndo it',
    '<environment_context>\n  <cwd>/w</cwd>\n</environment_context>',
    '<INSTRUCTIONS>x</INSTRUCTIONS>',
    '<user_instructions>x</user_instructions>',
    '  <turn_aborted>x</turn_aborted>',
    '\n<skill>x</skill>',
    '<goal_context>x</goal_context>',
    '<codex_internal_context kind="a" source="goal">x</codex_internal_context>',
  ])('drops what the program wrote itself: %j', (text) => {
    expect(texts([meta(), said('user', text)])).toEqual([])
  })

  it('keeps internal context of another source as a prompt', () => {
    const text = '<codex_internal_context source="other">source="goal"</codex_internal_context>'
    expect(texts([meta(), said('user', text)])).toEqual([text])
  })

  it('cuts recommended plugins and what is injected around them out of the first prompt only', () => {
    const plugins = '<recommended_plugins>a</recommended_plugins>'
    const prompt = {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: `${plugins}<environment_context>e</environment_context>` },
        { type: 'input_text', text: '# AGENTS.md without an end' },
        { type: 'input_text', text: '# AGENTS.md x\n<INSTRUCTIONS>i</INSTRUCTIONS>\nfix it' },
      ],
    }
    const later = `${plugins} again`
    expect(texts([meta(), item(prompt), said('user', later)])).toEqual(['fix it', later])
  })

  it('drops the first prompt repeated after its turn was broken off, once', () => {
    const abort = event('turn_aborted')
    expect(texts([meta(), said('user', 'go'), abort, said('user', 'go')])).toEqual(['go'])
    const notice = said('user', '<turn_aborted>x</turn_aborted>')
    expect(texts([meta(), said('user', 'go'), notice, said('user', 'go')])).toEqual(['go'])
    expect(texts([meta(), said('user', 'go'), said('user', 'go')])).toEqual(['go', 'go'])
    expect(texts([meta(), abort, said('user', 'go'), said('user', 'go')])).toEqual(['go', 'go'])
    expect(texts([meta(), said('user', 'go'), abort, said('user', 'go'), abort, said('user', 'go')])).toEqual([
      'go',
      'go',
    ])
    expect(texts([meta(), said('user', 'go'), said('user', 'b'), abort, said('user', 'go')])).toEqual(['go', 'b', 'go'])
  })

  it('takes mail that is for this agent and can be read', () => {
    const token = Buffer.concat([Buffer.from([0x80, 0, 0, 0, 0]), Buffer.alloc(68)]).toString('base64url')
    const mail = (recipient: string, text: string): string =>
      item({ type: 'agent_message', recipient, content: [{ type: 'encrypted_content', encrypted_content: text }] })
    const own = meta({ agent_path: '/root/a' })
    expect(texts([own, mail(' /root/a ', 'do this'), mail('/root', 'not me'), mail('/root/a', token)])).toEqual([
      'do this',
    ])
    expect(texts([own, mail('/root/a', `${token}A`)])).toEqual([`${token}A`])
    const short = Buffer.concat([Buffer.from([0x80, 0, 0, 0, 0]), Buffer.alloc(52)]).toString('base64url')
    expect(texts([own, mail('/root/a', short)])).toEqual([short])
    expect(texts([meta(), mail('/root/a', 'no path of its own')])).toEqual([])
  })

  it('keeps readable thoughts, and none that are sealed', () => {
    const summary = [
      { type: 'summary_text', text: 'look' },
      { type: 'summary_text', text: 'think' },
    ]
    const { messages } = read([
      meta(),
      item({ type: 'reasoning', summary, encrypted_content: 'gAAAAA' }),
      item({ type: 'reasoning', summary: [], encrypted_content: 'gAAAAA' }),
    ])
    expect(messages.map(({ role, text, thinking }) => [role, text, thinking])).toEqual([
      ['assistant', '', 'look\n\nthink'],
    ])
  })

  it('marks a compaction and reads nothing of the history it holds', () => {
    const replacement_history = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'old' }] }]
    const { messages } = read([meta(), line('compacted', { message: 'so far', replacement_history })])
    expect(messages).toMatchObject([{ role: 'system', subtype: 'compact_boundary', text: 'so far', isUserTurn: false }])
  })
})

describe('the oldest logs', () => {
  const bare = [
    JSON.stringify({ id: ownThread, timestamp: '2025-05-07T17:24:21.123Z', instructions: null, git: { branch: 'b' } }),
    JSON.stringify({ record_type: 'state' }),
    JSON.stringify({
      type: 'message',
      role: 'user',
      content: [
        {
          type: 'input_text',
          text: '<environment_context>\nCurrent working directory: /w/old\n</environment_context>',
        },
      ],
    }),
    JSON.stringify({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }),
    JSON.stringify({ type: 'function_call', name: 'shell', arguments: '{"command":["ls"]}', call_id: 'c1' }),
    JSON.stringify({
      type: 'function_call_output',
      call_id: 'c1',
      output: '{"output":"x","metadata":{"exit_code":1}}',
    }),
  ]

  it('are read without an envelope', () => {
    const { fields, messages, calls, results } = read(bare)
    expect(fields).toMatchObject({
      cwd: '/w/old',
      project: 'old',
      branch: 'b',
      startedAt: Date.UTC(2025, 4, 7, 17, 24, 21, 123),
    })
    expect(messages.map(({ role, text }) => [role, text])).toEqual([
      ['user', 'hi'],
      ['assistant', ''],
    ])
    expect(calls).toMatchObject([{ name: 'shell', category: 'Bash', input: '{"command":["ls"]}', callId: 'c1' }])
    expect(results).toMatchObject([{ callId: 'c1', text: 'x', isError: true }])
  })

  it('start when their file name says, without a time inside', () => {
    expect(read(bare.slice(3)).fields.startedAt).toBe(Date.UTC(2026, 2, 4, 5, 6, 7))
  })
})

describe('reading in parts', () => {
  const log = [
    meta({ forked_from_id: parentThread, subagent_history_start_ordinal: 3 }),
    meta({}, parentThread),
    turn('t1'),
    line('response_item', { type: 'message', role: 'user', content: 'go' }, 1, { ordinal: 4 }),
    event('turn_aborted'),
    said('user', 'go'),
    said('user', 'more'),
    item({ type: 'function_call', name: 'spawn_agent', arguments: '{}', call_id: 's1' }),
    item({ type: 'function_call_output', call_id: 's1', output: '{"agent_id":"a1"}' }),
    item({ type: 'function_call_output', call_id: 'x', output: 'same' }),
    item({ type: 'function_call_output', call_id: 'x', output: 'same' }),
    said('user', '<subagent_notification>{"agent_id":"a1","status":{"completed":"done"}}</subagent_notification>'),
    tokenCount([100, 0, 10], [100, 0, 10]),
    usageRecord('r1', [100, 0, 10], { turn_id: 't1' }),
    '{broken',
    turn('t2', 'gpt-b'),
    tokenCount([300, 100, 30], [200, 100, 20]),
    tokenCount([300, 100, 30], [200, 100, 20], 3),
    tokenCount([50, 0, 5], [50, 0, 5], 4),
    event('task_complete', {}, 9),
  ]

  it('gives the same rows wherever it stops', () => {
    const lines = linesOf(`${log.join('\n')}\n`)
    const whole = readLog(lines)
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(lines.length - 1)), (stops) => {
        expect(readLog(lines, rolloutPath(), new Set(stops)).records).toEqual(whole.records)
      }),
    )
  })

  it('never fails, whatever the bytes', () => {
    const bytes = Buffer.from(`${log.join('\n')}\n`)
    const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(edits, (changes) => {
        const changed = Buffer.from(bytes)
        for (const [at, value] of changes) changed[at] = value
        expect(() => readLog(linesOf(changed))).not.toThrow()
      }),
    )
  })

  it('never fails on lines of known types with values of any kind', () => {
    const types = ['session_meta', 'turn_context', 'response_item', 'event_msg', 'token_usage_record', 'compacted']
    const kinds = [
      'message',
      'function_call',
      'function_call_output',
      'reasoning',
      'agent_message',
      'token_count',
      'sub_agent_activity',
    ]
    const keys = [
      'id',
      'role',
      'content',
      'output',
      'arguments',
      'name',
      'call_id',
      'info',
      'usage',
      'source',
      'git',
      'summary',
      'kind',
    ]
    const payload = fc.tuple(fc.constantFrom(...kinds), fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()))
    const odd = fc
      .tuple(fc.constantFrom(...types), payload)
      .map(([type, [kind, more]]) => line(type, { type: kind, ...more }))
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 12 }), (lines) => {
        expect(() => read(lines)).not.toThrow()
      }),
    )
  })

  it('keeps its state small, however long the log', () => {
    const long = Array.from({ length: 400 }, (_, i) => [
      turn(`turn-${i}`),
      item({ type: 'function_call', name: 'spawn_agent', arguments: '{}', call_id: `call-${i}` }),
      item({ type: 'function_call', name: 'wait', arguments: '{}', call_id: `wait-${i}` }),
      event('collab_agent_spawn_end', { call_id: `call-${i}`, new_thread_id: `agent-${i}` }),
      item({ type: 'function_call_output', call_id: `other-${i}`, output: `text ${i}` }),
    ]).flat()
    const lines = linesOf(long.join('\n'))
    const place = { role: 'session', sessionId: ownSession, parentId: null, rank: 3, path: rolloutPath() } as const
    const parser = codex.open(place, null)
    for (const next of lines) parser.push(next)
    expect(JSON.stringify(parser.resume().state).length).toBeLessThan(8192)
  })
})
