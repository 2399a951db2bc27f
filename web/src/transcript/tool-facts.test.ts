import { describe, expect, it } from 'vitest'

import type { ApiToolCall } from '../../../src/server/api.ts'
import { readOutput, toolSubject, toolView } from './tool-facts.ts'

const call = (part: Partial<ApiToolCall>): ApiToolCall => ({
  id: 'c',
  name: 'Tool',
  category: 'Other',
  input: '{}',
  result: null,
  isError: false,
  subagentId: null,
  ...part,
})

describe('toolView', () => {
  it('shows an edit as a diff of its two strings', () => {
    const input = JSON.stringify({ file_path: 'a.ts', old_string: 'one', new_string: 'two' })
    const view = toolView(call({ category: 'Edit', input }))
    expect(view).toMatchObject({ kind: 'diff', files: [{ path: 'a.ts' }] })
    expect(view.kind === 'diff' && view.files[0]?.rows.map(({ kind }) => kind)).toEqual(['removed', 'added'])
  })

  it('shows a patch by its files, also when a shell command carries it', () => {
    const patch = '*** Begin Patch\n*** Update File: a.ts\n@@\n-x\n+y\n*** End Patch'
    for (const input of [
      patch,
      JSON.stringify({ input: patch }),
      JSON.stringify({ command: ['apply_patch', patch] }),
    ]) {
      expect(toolView(call({ category: 'Edit', input }))).toMatchObject({ kind: 'diff', files: [{ path: 'a.ts' }] })
    }
  })

  it('falls back to the input itself when an edit lacks what a diff needs', () => {
    expect(toolView(call({ category: 'Edit', input: '{"file_path":"a"}' })).kind).toBe('other')
    expect(toolView(call({ category: 'Edit', input: 'cut off {' })).kind).toBe('other')
  })

  it('shows lists of things to do with their state', () => {
    const input = '{"todos":[{"content":"one","status":"completed"},{"content":"two","status":"odd"},3]}'
    expect(toolView(call({ input }))).toEqual({
      kind: 'todo',
      items: [
        { text: 'one', state: 'completed' },
        { text: 'two', state: 'pending' },
      ],
    })
  })

  it('shows a command with its output and how it ended', () => {
    const view = toolView(call({ category: 'Bash', input: '{"cmd":"ls"}', result: 'Exit code: 2\nOutput:\nno' }))
    expect(view).toEqual({ kind: 'shell', command: 'ls', output: 'no', exitCode: 2 })
  })
})

describe('toolSubject', () => {
  it('tells a path, a pattern with its place, or the first value', () => {
    expect(toolSubject(call({ input: '{"limit":3,"file_path":"a.ts"}' }))).toBe('a.ts')
    expect(toolSubject(call({ category: 'Grep', input: '{"pattern":"x"}' }))).toBe('x')
    expect(toolSubject(call({ category: 'Grep', input: '{"path":"src","pattern":"x"}' }))).toBe('x  in src')
    expect(toolSubject(call({ input: '{"limit":3}' }))).toBe('limit: 3')
  })

  it('stands plain text and broken JSON', () => {
    expect(toolSubject(call({ input: 'plain' }))).toBe('plain')
    expect(toolSubject(call({ input: '{"a":' }))).toBe('{"a":')
    expect(toolSubject(call({ input: '['.repeat(50_000) }))).toContain('[[[')
  })
})

describe('readOutput', () => {
  it('takes the frame off', () => {
    expect(readOutput('{"output":"x","metadata":{"exit_code":1}}')).toEqual({ output: 'x', exitCode: 1 })
    expect(readOutput('plain')).toEqual({ output: 'plain', exitCode: null })
  })
})
