import { describe, expect, it } from 'vitest'
import { event, item, meta, read, said } from '../../../test/agents/codex-log.ts'

const call = (name: string, callId: string, input: unknown = '{}'): string =>
  item({ type: 'function_call', name, call_id: callId, arguments: input })
const output = (callId: string, given: unknown, more: object = {}): string =>
  item({ type: 'function_call_output', call_id: callId, output: given, ...more })

describe('tool calls', () => {
  it('are each within a message of their own', () => {
    const { messages, calls } = read([meta(), call('shell', 'c1', '{"n":9007199254740993}')])
    expect(messages).toMatchObject([{ role: 'assistant', text: '', isUserTurn: false }])
    expect(calls).toMatchObject([
      { offset: messages[0]?.offset, index: 0, callId: 'c1', category: 'Bash', input: '{"n":9007199254740993}' },
    ])
  })

  it('are named with the namespace they come from', () => {
    const from = (namespace: string, name: string): string =>
      item({ type: 'function_call', namespace, name, call_id: `${namespace}${name}`, arguments: '{}' })
    const log = [
      from('mcp__git__', 'shell'),
      from('mcp__git', 'log'),
      from('mcp__x', 'mcp__x__y'),
      from('collab', 'spawn_agent'),
    ]
    expect(read([meta(), ...log]).calls.map(({ name, category }) => [name, category])).toEqual([
      ['mcp__git__shell', 'Other'],
      ['mcp__git__log', 'Other'],
      ['mcp__x__y', 'Other'],
      ['collab__spawn_agent', 'Task'],
    ])
  })

  it('keep big numbers of an input that is no string', () => {
    const log = call('mcp__x__y', 'c1', { n: 0 }).replace('"n":0', '"n":9007199254740993')
    expect(read([meta(), log]).calls).toMatchObject([{ category: 'Other', input: '{"n":9007199254740993}' }])
  })

  it('are known in every kind of item', () => {
    const log = [
      item({ type: 'custom_tool_call', name: 'apply_patch', call_id: 'a', input: '*** Begin Patch' }),
      item({ type: 'local_shell_call', call_id: 'b', status: 'completed', action: { type: 'exec', command: ['ls'] } }),
      item({ type: 'web_search_call', id: 'c', action: { type: 'search', query: 'q' } }),
      item({ type: 'function_call', call_id: 'd', arguments: 'without a name' }),
    ]
    expect(
      read([meta(), ...log]).calls.map(({ callId, name, category, input }) => [callId, name, category, input]),
    ).toEqual([
      ['a', 'apply_patch', 'Edit', '*** Begin Patch'],
      ['b', 'local_shell', 'Bash', '{"type":"exec","command":["ls"]}'],
      ['c', 'web_search', 'Tool', '{"type":"search","query":"q"}'],
    ])
  })
})

describe('tool results', () => {
  it.each([
    ['plain text', 'plain text', false],
    ['{"output":"a","metadata":{"exit_code":0}}', 'a', false],
    ['{"output":"a","metadata":{"exit_code":2}}', 'a', true],
    ['{"success":false,"why":"x"}', '{"success":false,"why":"x"}', true],
    ['Exit code: 1\nOutput:\nno', 'Exit code: 1\nOutput:\nno', true],
    ['Wall time: 1s\nProcess exited with code 0\nOutput:', 'Wall time: 1s\nProcess exited with code 0\nOutput:', false],
    ['Chunk ID: a\nProcess exited with code 127\nx', 'Chunk ID: a\nProcess exited with code 127\nx', true],
    ['{"exit_code": broken', '{"exit_code": broken', false],
    [
      [
        { type: 'input_text', text: 'a' },
        { type: 'input_image', image_url: 'x' },
      ],
      'a\n[image]',
      false,
    ],
    [{ content: 'a', success: false }, 'a', true],
    [{ n: 1 }, '{"n":1}', false],
    [null, '', false],
  ])('of %j are %j', (given, text, isError) => {
    expect(read([meta(), call('shell', 'c'), output('c', given)]).results).toMatchObject([
      { callId: 'c', text, isError },
    ])
  })

  it('fail when the item says so', () => {
    expect(read([meta(), output('c', 'x', { success: false })]).results[0]?.isError).toBe(true)
    expect(read([meta(), output('c', 'x', { status: 'failed' })]).results[0]?.isError).toBe(true)
  })

  it('are dropped when they repeat word for word, and kept when they differ', () => {
    const log = [meta(), output('c', 'x'), output('c', 'x'), output('c', 'y'), output('d', 'x')]
    expect(read(log).results.map(({ callId, text }) => [callId, text])).toEqual([
      ['c', 'x'],
      ['c', 'y'],
      ['d', 'x'],
    ])
  })
})

describe('other agents', () => {
  const links = (log: readonly string[]): readonly unknown[] =>
    read([meta(), ...log])
      .marks.filter((mark) => mark.name === 'spawn')
      .map(({ key, value }) => [key, value])

  it('are linked to the call that started them', () => {
    expect(links([call('spawn_agent', 's'), output('s', '{"agent_id":"a1"}')])).toEqual([['s', 'codex:a1']])
    expect(links([event('collab_agent_spawn_end', { call_id: 's', new_thread_id: 'a1' })])).toEqual([['s', 'codex:a1']])
    const started = { event_id: 's', agent_thread_id: 'a1', agent_path: '/root/a' }
    expect(links([event('sub_agent_activity', { ...started, kind: 'started' })])).toEqual([['s', 'codex:a1']])
    expect(links([event('sub_agent_activity', { ...started, kind: 'ended' })])).toEqual([])
  })

  it('are never linked by what another tool prints', () => {
    expect(links([call('shell', 's'), output('s', '{"agent_id":"a1"}')])).toEqual([])
    expect(links([call('spawn_agent', 's'), output('s', '{"agent_id":"../../x"}')])).toEqual([])
  })

  it('report to the call that waited for them, each for itself', () => {
    const status = { a1: { completed: 'done' }, a2: { errored: 'broke' }, a3: { running: '' }, a4: 'running' }
    const { results } = read([meta(), call('wait', 'w'), output('w', JSON.stringify({ status }))])
    expect(results.map(({ callId, part, text, isError }) => [callId, part, text, isError])).toEqual([
      ['w', 0, 'done', false],
      ['w', 1, 'broke', true],
    ])
  })

  const notice = (agent: string): string =>
    said('user', `<subagent_notification>{"agent_id":"${agent}","status":{"completed":"done"}}</subagent_notification>`)

  it('give notice to the call that knows them', () => {
    const log = [meta(), call('spawn_agent', 's'), output('s', '{"agent_id":"a1"}'), notice('a1'), notice('a1')]
    const { results, messages } = read(log)
    expect(results).toMatchObject([{ callId: 's', text: 'done', isError: false }])
    expect(messages.map((message) => message.role)).toEqual(['assistant'])
  })

  it('give notice once, where no call knows them, and count as nobody’s turn', () => {
    const { messages } = read([meta(), notice('a1'), notice('a1')])
    expect(messages).toMatchObject([
      { role: 'user', subtype: 'subagent_notification', isUserTurn: false, isPrompt: false },
    ])
  })
})
