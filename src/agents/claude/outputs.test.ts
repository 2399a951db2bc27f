import { describe, expect, it } from 'vitest'
import { outputRefs } from './outputs.ts'

const root = 'p/s1.jsonl'
const nested = 'p/s1/subagents/w/agent-x.jsonl'
const told = (path: unknown, own = root, parentId: string | null = null) =>
  outputRefs({ toolUseResult: { persistedOutputPath: path } }, [{ text: 'preview' }], own, parentId)[0]

describe('the place of a large output', () => {
  it.each([
    ['C:\\Users\\a\\.claude\\projects\\-x\\s1\\tool-results\\t.txt', 'p/s1/tool-results/t.txt'],
    ['/home/a/.claude/projects/-x/s2/tool-results/t.txt', 'p/s1/tool-results/t.txt'],
    ['//host/share/.claude/projects/-x/s2/tool-results/a/b.json', 'p/s1/tool-results/a/b.json'],
    ['/a/.claude/projects/-x/s/.claude/projects/-y/s/tool-results/t', 'p/s1/tool-results/t'],
    ['/a/.claude/projects/-x/s/tool-results/tool-results/t', 'p/s1/tool-results/tool-results/t'],
    ['/data/s1/tool-results/t.txt', 'p/s1/tool-results/t.txt'],
    ['/data/s1/./x/../tool-results/t.txt', 'p/s1/tool-results/t.txt'],
  ])('of %s is %s', (path, ref) => {
    expect(told(path)).toBe(ref)
  })

  it.each([
    '/data/s2/tool-results/t.txt',
    '/data/s1/tool-results/../../s2.jsonl',
    '/data/s1/tool-results',
    '/../data/s1/tool-results/t.txt',
    's1/tool-results/t.txt',
    'http://x/s1/tool-results/t.txt',
    '/etc/passwd',
    '',
    `/s1/tool-results/${'x'.repeat(5000)}`,
    7,
    null,
  ])('is not followed for %s', (path) => {
    expect(told(path)).toBeNull()
  })

  it('of a subagent is its parent session’s, unless the path lies under subagents', () => {
    const base = '/h/.claude/projects/-x/s9'
    expect(told(`${base}/tool-results/t`, nested)).toBe('p/s1/tool-results/t')
    expect(told(`${base}/subagents/agent-q/tool-results/t`, nested)).toBe('p/s1/subagents/w/agent-x/tool-results/t')
    expect(told('/data/s1/subagents/w/agent-x/tool-results/t', nested)).toBe('p/s1/subagents/w/agent-x/tool-results/t')
    expect(told('/data/s2/subagents/w/agent-x/tool-results/t', nested)).toBeNull()
    expect(told(`${base}/tool-results/t`, 'p/agent-x.jsonl', 's7')).toBe('p/s7/tool-results/t')
    expect(told(`${base}/tool-results/t`, 'p/agent-x.jsonl')).toBeNull()
  })

  it('is the same for a log that is packed or lies under projects', () => {
    expect(told('/data/s1/tool-results/t.txt', 'projects/p/s1.jsonl.zst')).toBe('p/s1/tool-results/t.txt')
  })

  it('is read in the text first, and told by the line only where it is clear which result is meant', () => {
    const saved = { text: '<persisted-output>\nToo large. Full output saved to: /w/s1/tool-results/a\n\nab' }
    const other = { text: 'ab' }
    const entry = { toolUseResult: { persistedOutputPath: '/w/s1/tool-results/b' } }
    expect(outputRefs(entry, [saved], root, null)).toEqual(['p/s1/tool-results/a'])
    expect(outputRefs(entry, [saved, other], root, null)).toEqual(['p/s1/tool-results/a', null])
    expect(outputRefs(entry, [{ text: '<persisted-output>' }, other], root, null)).toEqual([
      'p/s1/tool-results/b',
      null,
    ])
  })
})
