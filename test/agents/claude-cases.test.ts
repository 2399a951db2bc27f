import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { claude } from '../../src/agents/claude/format.ts'
import type { SessionFields, SessionRecord } from '../../src/model/index.ts'
import { splitLines } from '../../src/lines/index.ts'
import { logOf, readWhole } from '../contract/agent.ts'
import {
  assistant,
  call,
  contextOf,
  folder,
  log,
  marksOf,
  queued,
  recordsOf,
  result,
  timeOf,
  user,
} from './claude-log.ts'

/*
 * The cases of docs/formats.md that are about Claude Code, its lines and its keys, each by its number. What
 * only shows over several objects is in test/sync/claude-sessions.test.ts.
 */

type Kind<K extends SessionRecord['kind']> = Extract<SessionRecord, { kind: K }>

function of<K extends SessionRecord['kind']>(records: readonly SessionRecord[], kind: K): readonly Kind<K>[] {
  return records.filter((record): record is Kind<K> => record.kind === kind)
}
const texts = (text: string): readonly string[] => of(recordsOf(text), 'message').map((message) => message.text)
const facts = (text: string, path?: string): SessionFields => of(recordsOf(text, path), 'session')[0]?.facts ?? {}
const said = (text: string, ...fields: readonly string[]): readonly (readonly unknown[])[] =>
  of(recordsOf(text), 'message').map((message) => fields.map((field) => message[field as keyof typeof message]))
const good = user('hello', { id: 'u1', at: 1 })
const answer = assistant('well', { id: 'a1', parent: 'u1', at: 2 })
const bytesOf = (bytes: Uint8Array): readonly SessionRecord[] =>
  readWhole(claude, contextOf(`${folder}/s1.jsonl`), logOf(bytes))
/** A user's line whose text is these bytes. */
const raw = (bytes: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from('{"type":"user","message":{"content":"'), Buffer.from(bytes), Buffer.from('"}}\n')])

describe('lines', () => {
  it('case 1: an unfinished last line waits, and the session is truncated until it is whole', () => {
    const tail = '{"type":"user","mess'
    expect(texts(log(good) + tail)).toEqual(['hello'])
    expect(of(recordsOf(log(good) + tail), 'bad-line')).toEqual([])
    expect(facts(log(good) + tail)).toMatchObject({ endState: 'truncated', isTruncated: true })
    expect(facts(log(good, `${tail}age":{"content":"x"}}`))).toMatchObject({ endState: 'clean', isTruncated: false })
  })

  it('case 2: the same line with a newline is a bad one, and truncates only while it is the last', () => {
    const bad = '{"type":"user","mess'
    expect(of(recordsOf(log(good, bad)), 'bad-line')).toHaveLength(1)
    expect(facts(log(good, bad))).toMatchObject({ endState: 'truncated', isTruncated: false })
    expect(facts(log(good, bad, answer))).toMatchObject({ endState: 'awaiting_user' })
  })

  it('case 3: three spaces without a newline are a tail, with one a bad line', () => {
    expect(of(recordsOf(`${log(good)}   `), 'bad-line')).toEqual([])
    expect(facts(`${log(good)}   `)).toMatchObject({ isTruncated: true })
    expect(of(recordsOf(log(good, '   ')), 'bad-line')).toHaveLength(1)
  })

  it('case 4: carriage returns change nothing, and a whole last line needs no newline', () => {
    const windows = log(good, answer).replaceAll('\n', '\r\n')
    expect(texts(windows)).toEqual(texts(log(good, answer)))
    expect(texts(log(good) + answer)).toEqual(['hello', 'well'])
  })

  it('case 5: a byte order mark before the first line is passed over, anywhere else it makes a bad line', () => {
    expect(texts(`\uFEFF${log(good)}`)).toEqual(['hello'])
    expect(of(recordsOf(log(answer, `\uFEFF${good}`)), 'bad-line')).toHaveLength(1)
  })

  it('case 6: an escaped NUL is removed, a raw one makes a bad line', () => {
    expect(texts(log(user('a\u0000b')))).toEqual(['ab'])
    expect(of(bytesOf(raw([0x61, 0, 0x62])), 'bad-line')).toHaveLength(1)
  })

  it('case 7: bytes that are not UTF-8 go, the line stays; a lone surrogate becomes well-formed', () => {
    expect(of(bytesOf(raw([0x61, 0xc3, 0x28])), 'message').map(({ text }) => text)).toEqual(['a('])
    expect(texts('{"type":"user","message":{"content":"a\\ud800b"}}\n')).toEqual(['a\uFFFDb'])
  })

  it('case 8: a line over the limit is let go as it streams, and those around it stay', () => {
    const lines = splitLines(0, 64)
    const kept = [...lines.push(Buffer.from(`${'x'.repeat(40)}\n${'y'.repeat(65)}`))]
    const more = [...lines.push(Buffer.from(`${'y'.repeat(1000)}\nlast\n`))]
    expect([...kept, ...more].map(({ offset, bytes }) => [offset, bytes?.length ?? null])).toEqual([
      [0, 40],
      [41, null],
      [1107, 4],
    ])
  })

  it('case 9: a character cut by two chunks is one character', () => {
    const bytes = Buffer.from(log(user('π')))
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const lines = splitLines(0, 1000)
      const both = [...lines.push(bytes.subarray(0, cut)), ...lines.push(bytes.subarray(cut))]
      expect(both.map((line) => Buffer.from(line.bytes ?? []).toString())).toEqual([bytes.toString().trimEnd()])
    }
  })

  it('case 10: a message without a usable time is kept; others set the bounds', () => {
    const odd = user('when', { more: { timestamp: 'not a date' } })
    expect(said(log(odd, answer), 'text', 'at')).toEqual([
      ['when', null],
      ['well', Date.parse(timeOf(2))],
    ])
    expect(facts(log(odd, answer))).toMatchObject({ startedAt: Date.parse(timeOf(2)), endedAt: Date.parse(timeOf(2)) })
  })

  it('case 11: counters are whole, from 0 to two million', () => {
    const usage = (value: unknown) => assistant('x', {}, { usage: { input_tokens: 1, output_tokens: value } })
    const output = (value: unknown) => of(recordsOf(log(usage(value))), 'usage').map((row) => row.output)
    expect([99_999_999, '12', -5, 1.5, 1e300, null].map(output)).toEqual([
      [2_000_000],
      [12],
      [0],
      [1],
      [2_000_000],
      [0],
    ])
  })
})

describe('responses', () => {
  const part = (id: string, content: unknown, output: number, more: object = {}) =>
    assistant(content, { id }, { id: 'm', stop_reason: null, usage: { output_tokens: output }, ...more })

  it('case 12: blocks on lines of their own are one message with the last count', () => {
    const records = recordsOf(
      log(part('1', 'one', 1), part('2', [call('A')], 1), part('3', [call('B')], 80, { stop_reason: 'end_turn' })),
    )
    expect(of(records, 'message')).toHaveLength(1)
    expect(of(records, 'tool-call').map(({ callId }) => callId)).toEqual(['A', 'B'])
    expect(of(records, 'usage').map(({ output }) => output)).toEqual([80])
  })

  it('case 13: around a result they are two messages under one key of usage', () => {
    const around = log(part('1', [call('A')], 5), user([result('A')]), part('2', [call('B')], 9))
    const records = recordsOf(around.replaceAll(/"requestId":"req-\d"/g, '"requestId":"r"'))
    expect(of(records, 'message')).toHaveLength(2)
    expect(of(records, 'usage').map(({ dedupeKey, output }) => [dedupeKey, output])).toEqual([
      ['m:r', 5],
      ['m:r', 9],
    ])
  })

  it('case 14: a fuller snapshot replaces, and after the end of a turn only new blocks are added', () => {
    const ended = { stop_reason: 'end_turn' }
    expect(texts(log(part('1', 'Hel', 1), part('2', 'Hello', 1)))).toEqual(['Hello'])
    const after = log(part('1', 'Hello', 1, ended), part('2', 'Hello', 1), part('3', 'Bye', 1))
    expect(texts(after)).toEqual(['Hello\nBye'])
    expect(texts(log(part('1', 'Hello', 1, ended), part('2', 'Hello you', 1)))).toEqual(['Hello\nHello you'])
  })

  it('case 17: without a request id equal message ids are one key', () => {
    const one = assistant('x', { id: '1', more: { requestId: undefined } }, { id: 'm' })
    const two = assistant('y', { id: '2', more: { requestId: undefined } }, { id: 'm' })
    expect(of(recordsOf(log(one, user('z'), two)), 'usage').map(({ dedupeKey }) => dedupeKey)).toEqual(['m', 'm'])
  })

  it('case 18: what the program made up is shown and not charged', () => {
    const records = recordsOf(log(assistant('API error', {}, { model: '<synthetic>' })))
    expect(of(records, 'message').map(({ text, model }) => [text, model])).toEqual([['API error', null]])
    expect(of(records, 'usage')).toEqual([])
  })

  it('case 19: a response of nothing but empty thinking is charged', () => {
    const records = recordsOf(log(assistant([{ type: 'thinking', thinking: '', signature: 's' }])))
    expect([of(records, 'message').length, of(records, 'usage').length]).toEqual([0, 1])
  })
})

describe('talk', () => {
  it('case 22: a note of the program is absent; a summary of what was before is no turn', () => {
    const summary = user('so far', { more: { isCompactSummary: true } })
    expect(
      said(log(user('note', { more: { isMeta: true } }), summary), 'role', 'subtype', 'text', 'isUserTurn'),
    ).toEqual([['system', 'compact_boundary', 'so far', false]])
  })

  it('case 23: a slash command is a turn that names no session', () => {
    const clear =
      '<command-name>/clear</command-name><command-message>clear</command-message><command-args></command-args>'
    expect(said(log(user(clear), user('fix bug')), 'text', 'isUserTurn', 'isPrompt')).toEqual([
      ['/clear', true, false],
      ['fix bug', true, true],
    ])
  })

  it('case 25: a reminder before a prompt goes, alone it is a system message, unclosed it is talk', () => {
    const lines = [
      '<system-reminder>x</system-reminder>do it',
      '<system-reminder>x</system-reminder>',
      '<system-reminder>do it',
    ]
    expect(said(log(lines.map((text) => user(text))), 'text', 'subtype')).toEqual([
      ['do it', null],
      ['<system-reminder>x</system-reminder>', 'system_reminder'],
      ['<system-reminder>do it', null],
    ])
  })

  it('case 26: what the editor attached is a message of its own before the prompt', () => {
    expect(said(log(user('<ide_selection>code</ide_selection>explain')), 'text', 'subtype', 'isPrompt')).toEqual([
      ['<ide_selection>code</ide_selection>', 'ide_selection', false],
      ['explain', null, true],
    ])
  })

  it('case 27: an interruption is no turn', () => {
    expect(said(log(user('[Request interrupted by user]')), 'subtype', 'isUserTurn')).toEqual([['interrupted', false]])
  })

  it('case 28: a prompt typed while a tool ran is a turn with its own time, blocks and all', () => {
    const blocks = [{ type: 'text', text: 'look' }, { type: 'image' }]
    expect(said(log(good, queued(blocks, 9), queued({}, 9)), 'text', 'subtype', 'at', 'isUserTurn').slice(1)).toEqual([
      ['look\n[image]', 'queued', Date.parse(timeOf(9)), true],
    ])
  })

  it('case 29: a rename without a name takes the title away', () => {
    const rename = (name: string) =>
      JSON.stringify({
        type: 'system',
        content: `<command-name>/rename</command-name><command-args>${name}</command-args>`,
      })
    expect(facts(log(good, rename('foo')))).toMatchObject({ title: 'foo' })
    expect(facts(log(good, rename('foo'), rename('')))).toMatchObject({ title: null })
  })
})

describe('links and ends', () => {
  const spawns = (line: string) => marksOf(recordsOf(log(line)), 'spawn').map(({ key, value }) => [key, value])

  it('case 30: only a line with one result says whose subagent it was, and no prefix is doubled', () => {
    const told = (agentId: string) => ({ more: { toolUseResult: { agentId } } })
    expect(spawns(user([result('t1'), result('t2')], told('ab')))).toEqual([])
    expect(spawns(user([result('t1')], told('ab')))).toEqual([['t1', 'agent-ab']])
    expect(spawns(user([result('t1')], told('agent-ab')))).toEqual([['t1', 'agent-ab']])
  })

  it('case 32: a call whose result came before it is pending; an ended turn waits for the user', () => {
    const before = log(user([result('t1')]), assistant([call('t1')], {}, { stop_reason: 'tool_use' }))
    expect(facts(before).endState).toBe('tool_call_pending')
    const trailing = JSON.stringify({ type: 'system', subtype: 'turn_duration' })
    expect(facts(log(good, answer, trailing)).endState).toBe('awaiting_user')
    expect(facts(log(good)).endState).toBe('clean')
  })

  it('case 33: logs of subagents are told by their place', () => {
    const place = (path: string) => claude.locate(path)
    expect(place('p/s/subagents/workflows/w1/agent-z.jsonl')).toMatchObject({ role: 'subagent', parentId: 's' })
    expect(facts(log(user('x', { more: { sessionId: 'caller' } })), 'p/agent-z.jsonl')).toMatchObject({
      parentId: 'caller',
      relationship: 'subagent',
    })
    expect(place('p/s/agent-z.jsonl')).toBeNull()
  })
})

it('counts bad lines exactly, whatever stands between them', () => {
  const odd = ['[1]', '7', 'null', '""', '{}', '{"type":[]}', `{"type":"user","message":{"content":1e400}}`]
  const huge = `{"${'k'.repeat(2 ** 20)}":1,"type":"user","message":{"content":"long key"}}`
  const deep = `{"type":"user","message":{"content":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`
  const bad = ['{', '}', '{"a":1}x', "{'a':1}", '\u0000', '{"a":01}', '{"a":"\t"}', 'NaN', '\uFEFF{}']
  const lines = bad.flatMap((text) => [...odd, text, good])
  const records = recordsOf(log(...lines, huge, deep))
  expect(of(records, 'bad-line')).toHaveLength(bad.length)
  expect(texts(log(huge))).toEqual(['long key'])
})
