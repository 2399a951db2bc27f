import { describe, expect, it } from 'vitest'
import { folderOf, locateClaude } from './paths.ts'

const place = (path: string) => {
  const found = locateClaude(path)
  return found === null ? null : [found.role, found.sessionId, found.parentId]
}

describe('locateClaude', () => {
  it.each([
    ['p/s1.jsonl', ['session', 's1', null]],
    ['projects/p/s1.jsonl', ['session', 's1', null]],
    ['5b0c1f62-7d3e-4a19-9c41-0e6a2d8f1a01.jsonl', ['session', '5b0c1f62-7d3e-4a19-9c41-0e6a2d8f1a01', null]],
    ['p/s1.jsonl.gz', ['session', 's1', null]],
    ['p/s1.jsonl.zst', ['session', 's1', null]],
    ['p/agent-a1.jsonl', ['subagent', 'agent-a1', null]],
    ['p/s1/subagents/agent-z.jsonl', ['subagent', 'agent-z', 's1']],
    ['p/s1/subagents/workflows/w1/agent-z.jsonl', ['subagent', 'agent-z', 's1']],
    ['p/s1/tool-results/t.txt', ['sidecar', 's1', null]],
    ['p/s1/tool-results/a/b.jsonl', ['sidecar', 's1', null]],
    ['p/s1/subagents/agent-z/tool-results/t.txt', ['sidecar', 'agent-z', 's1']],
    ['p/s1/subagents/w/agent-z/tool-results/x/t.txt', ['sidecar', 'agent-z', 's1']],
    ['p/s1/subagents/agent-z.meta.json', ['sidecar', 'agent-z', 's1']],
    ['p/s1/subagents/workflows/w1/agent-z.meta.json', ['sidecar', 'agent-z', 's1']],
    ['p/agent-z.meta.json', ['sidecar', 'agent-z', null]],
  ])('reads %s as %j', (path, expected) => {
    expect(place(path)).toEqual(expected)
  })

  it.each([
    's1.jsonl',
    'projects/s1.jsonl',
    'subagents/s1.jsonl',
    'p/subagents.jsonl',
    'p/subagents/agent-z.jsonl',
    'p/s1/agent-z.jsonl',
    'p/s1/x.jsonl',
    'p/s1/subagents/journal.jsonl',
    'p/s1/agent-z.meta.json',
    'p/s1/subagents/z.meta.json',
    'p/s1.meta.json',
    'p/s1/Subagents/agent-z.jsonl',
    'p/s1/tool-results',
    'p/s1/subagents/agent-z/tool-results',
    'p/sessions-index.json',
    'p/.jsonl',
    'p/../s1.jsonl',
    'p\\x/s1.jsonl',
    'p//s1.jsonl',
    'p/s\u0000.jsonl',
    `p/${'x'.repeat(250)}.jsonl`,
  ])('leaves %s alone', (path) => {
    expect(place(path)).toBeNull()
  })

  it('knows the folder that stands for the working directory', () => {
    expect([folderOf('-a-b/s.jsonl'), folderOf('projects/-a-b/s.jsonl')]).toEqual(['-a-b', '-a-b'])
  })
})
