import { describe, expect, it } from 'vitest'
import { locateCodex, ordinalOf, threadIdOf } from './paths.ts'

const thread = '019c2a41-6f10-7c32-9a05-3be7d1c40c03'
const name = `rollout-2026-08-18T12-05-00-${thread}.jsonl`

describe('where Codex keeps what', () => {
  it.each([
    [`sessions/2026/08/18/${name}`, 3],
    [`sessions/2026/08/18/${name}.zst`, 2],
    [`archived_sessions/${name}`, 1],
    [`archived_sessions/${name}.gz`, 0],
    [name, 1],
    [`2026/08/18/${name}`, 3],
  ])('reads %s as a session, of rank %i', (path, rank) => {
    expect(locateCodex(path)).toEqual({ role: 'session', sessionId: `codex:${thread}`, parentId: null, rank })
  })

  it('knows a thread by its id in lower case', () => {
    expect(locateCodex(`rollout-x-${thread.toUpperCase()}.jsonl`)?.sessionId).toBe(`codex:${thread}`)
  })

  it('names a rollout without an id after its file', () => {
    expect(locateCodex('sessions/rollout-mine.jsonl.zst')?.sessionId).toBe('codex:rollout-mine')
  })

  it('takes the last of two ids in a name', () => {
    const first = '019c0000-0000-7000-8000-000000000001'
    expect(locateCodex(`rollout-2026-08-18T12-05-00-${first}_${thread}.jsonl`)?.sessionId).toBe(`codex:${thread}`)
  })

  it('reads the index of titles', () => {
    expect(locateCodex('session_index.jsonl')?.role).toBe('titles')
  })

  it.each([
    'auth.json',
    'config.toml',
    'history.jsonl',
    'sessions/2026/08/18/other.jsonl',
    'sessions/rollout-.jsonl',
    `sessions/${name}.bak`,
    'state_5.sqlite',
    'log/codex-tui.log',
    `sessions/../${name}`,
    `sessions//${name}`,
    `sessions\\${name}`,
  ])('leaves %s alone', (path) => {
    expect(locateCodex(path)).toBeNull()
  })
})

describe('ids and numbers of a log', () => {
  it('trims an id and refuses what is none', () => {
    expect(threadIdOf(` ${thread.toUpperCase()} `)).toBe(thread)
    expect(['', ' ', 'a/b', 'a\\b', 'a~b', 'x'.repeat(129), 7, null].map(threadIdOf)).toEqual(Array(8).fill(null))
  })

  it('takes a line number from a number or its digits', () => {
    expect([3, '3', 0].map(ordinalOf)).toEqual([3, 3, 0])
    expect([-1, 1.5, '-1', '1e3', '', null].map(ordinalOf)).toEqual(Array(6).fill(null))
  })
})
