import { describe, expect, it } from 'vitest'

import type { MachineRule, RenameRule } from '../model/index.ts'
import type { LocateRules } from './locate.ts'
import { compileMachineRegex, locator, renamer } from './locate.ts'

const isRollout = (path: string): boolean => /(^|\/)rollout-[^/]+\.jsonl$/.test(path)

/** Rules of one remote; `claude` logs are `[projects/]<folder>/<id>.jsonl`, `codex` logs `rollout-*`. */
function rules(changes: Partial<LocateRules> = {}): LocateRules {
  return {
    fallbackMachine: 'gpu',
    prefixes: [''],
    agents: ['claude', 'codex'],
    knownAgents: ['claude', 'codex'],
    machineRule: { kind: 'layout', template: '{machine}/raw/{agent}/{path}' },
    rename: [],
    recognise: (agent, path) =>
      agent === 'codex'
        ? isRollout(path)
        : /^(projects\/)?[^/]+\/[^/]+\.jsonl$/.test(path) || path.endsWith('/y.jsonl'),
    ...changes,
  }
}

/** `machine agent path` of a key, or what became of it. */
function place(key: string, changes: Partial<LocateRules> = {}): string {
  const located = locator(rules(changes))(key)
  if (located.kind !== 'place') return located.kind
  const { machine, agent, path } = located.place
  return `${machine} ${agent} ${path}${located.isFallback ? ' (fallback)' : ''}`
}

describe('the layout <machine>/raw/<agent>', () => {
  const cases: readonly (readonly [title: string, prefix: string, key: string, expected: string])[] = [
    ['at the top', '', 'box/raw/claude/p/s.jsonl', 'box claude p/s.jsonl'],
    ['below other folders', '', 'team/a/box/raw/claude/projects/p/s.jsonl', 'box claude projects/p/s.jsonl'],
    ['below the prefix', 'prod/', 'prod/box/raw/codex/sessions/rollout-1.jsonl', 'box codex sessions/rollout-1.jsonl'],
    ['with the machine in the prefix', 'prod/box/', 'prod/box/raw/claude/p/s.jsonl', 'box claude p/s.jsonl'],
    [
      'not with a part of it in the prefix',
      'prod/box/raw/',
      'prod/box/raw/claude/p/s.jsonl',
      'gpu claude p/s.jsonl (fallback)',
    ],
    ['all in the prefix', 'prod/box/raw/claude/', 'prod/box/raw/claude/p/s.jsonl', 'box claude p/s.jsonl'],
    [
      'all in the prefix and deeper',
      'box/raw/claude/projects/',
      'box/raw/claude/projects/p/s.jsonl',
      'box claude projects/p/s.jsonl',
    ],
    [
      'twice in the prefix: the rightmost',
      'a/raw/claude/b/raw/codex/',
      'a/raw/claude/b/raw/codex/rollout-1.jsonl',
      'b codex rollout-1.jsonl',
    ],
    [
      'the prefix settles it, whatever follows',
      'box/raw/claude/',
      'box/raw/claude/victim/raw/claude/x/y.jsonl',
      'box claude victim/raw/claude/x/y.jsonl',
    ],
    ['without a machine', '', 'raw/claude/p/s.jsonl', 'gpu claude p/s.jsonl (fallback)'],
    ['with a machine called raw', '', 'raw/raw/claude/p/s.jsonl', 'raw claude p/s.jsonl'],
    ['not at all, by its shape', '', 'dump/2026/rollout-1.jsonl', 'gpu codex dump/2026/rollout-1.jsonl (fallback)'],
    ['of an unknown agent', '', 'box/raw/other/notes.txt', 'other'],
    ['of something that is no log', '', 'box/raw/claude/p/s.txt', 'other'],
  ]
  for (const [title, prefix, key, expected] of cases) {
    it(`is found ${title}`, () => {
      expect(place(key, { prefixes: [prefix] })).toBe(expected)
    })
  }

  it('lets no one who writes under one name speak under another', () => {
    expect(place('laptop/raw/claude/projects/p/victim/raw/claude/x/y.jsonl')).toMatch(/^(laptop claude|other)/)
    const reads = { agents: ['claude'] }
    for (const key of [
      'laptop/raw/codex/x/victim/raw/claude/x/y.jsonl',
      'laptop/raw/codex/victim/raw/claude/projects/p/s.jsonl',
      'prod/laptop/raw/codex/x/victim/raw/claude/p/s.jsonl',
    ]) {
      expect(place(key, reads)).toBe('other')
      expect(place(key, { ...reads, prefixes: ['prod/', ''] })).toBe('other')
    }
  })

  it('does not take a key outside the prefixes, and the longest of several', () => {
    expect(place('other/box/raw/claude/p/s.jsonl', { prefixes: ['prod/'] })).toBe('other')
    const both = { prefixes: ['a/', 'a/one/raw/claude/b/'] }
    expect(place('a/one/raw/claude/b/two/raw/codex/rollout-1.jsonl', both)).not.toContain('two')
  })
})

describe('another machine rule', () => {
  const located = (machineRule: MachineRule, key: string, changes: Partial<LocateRules> = {}): string =>
    place(key, { machineRule, ...changes })

  it('fixed gives the one name, and still finds agent and path', () => {
    const fixed: MachineRule = { kind: 'fixed', machine: 'one' }
    expect(located(fixed, 'box/raw/claude/p/s.jsonl')).toBe('one claude p/s.jsonl')
    expect(located(fixed, 'p/s.jsonl')).toBe('one claude p/s.jsonl')
  })

  it('template is matched from the prefix on', () => {
    const layout: MachineRule = { kind: 'layout', template: '{agent}/{machine}/{path}' }
    expect(located(layout, 'prod/claude/box/p/s.jsonl', { prefixes: ['prod/'] })).toBe('box claude p/s.jsonl')
    expect(located(layout, 'prod/other/box/p/s.jsonl', { prefixes: ['prod/'] })).toContain('gpu')
    const literal: MachineRule = { kind: 'layout', template: 'v1.0/{machine}/{agent}/{path}' }
    expect(located(literal, 'v1.0/box/claude/p/s.jsonl')).toBe('box claude p/s.jsonl')
    expect(located(literal, 'v1x0/box/claude/p/s.jsonl')).not.toContain('box claude')
  })

  it('regex is matched against the whole key', () => {
    const regex: MachineRule = { kind: 'regex', source: '^prod/(?<machine>[^/]+)/(?<agent>claude|codex)/(?<path>.+)$' }
    expect(located(regex, 'prod/box/claude/p/s.jsonl', { prefixes: ['prod/'] })).toBe('box claude p/s.jsonl')
    const machineOnly: MachineRule = { kind: 'regex', source: '^host-(?<machine>\\w+)/' }
    expect(located(machineOnly, 'host-a/b/rollout-9.jsonl')).toBe('a codex host-a/b/rollout-9.jsonl')
  })

  it('regex that is none is a mistake of the config', () => {
    for (const source of ['(', '(?=x)', '(a)\\1']) {
      expect(() => compileMachineRegex(source)).toThrow(expect.objectContaining({ code: 'config.regex' }))
    }
  })

  it('metadata leaves the name open', () => {
    const metadata: MachineRule = { kind: 'metadata', header: 'x-amz-meta-machine' }
    expect(located(metadata, 'box/raw/claude/p/s.jsonl')).toBe('gpu claude p/s.jsonl (fallback)')
  })

  it('gives a name that cannot be one is refused with the reason', () => {
    for (const name of ['a~b', ' a', 'a\u202e', 'x'.repeat(129)]) {
      expect(locator(rules())(`${name}/raw/claude/p/s.jsonl`)).toMatchObject({ kind: 'refused' })
    }
  })
})

describe('renaming', () => {
  const cases: readonly (readonly [rename: readonly RenameRule[], name: string, expected: string])[] = [
    [[{ from: 'ip-1', to: 'box' }], 'ip-1', 'box'],
    [[{ from: 'ip-1', to: 'box' }], 'ip-12', 'ip-12'],
    [[{ from: 'ci-*', to: 'ci' }], 'ci-77', 'ci'],
    [[{ from: 'ci-*', to: 'ci' }], 'my-ci-77', 'my-ci-77'],
    [[{ from: '*.lan', to: 'home' }], 'a.b.lan', 'home'],
    [[{ from: 'a*b*c', to: 'abc' }], 'a--b--c', 'abc'],
    [[{ from: 'a*b*c', to: 'abc' }], 'ac', 'ac'],
    [[{ from: 'ab*ba', to: 'x' }], 'aba', 'aba'],
    [
      [
        { from: '*', to: 'all' },
        { from: 'keep', to: 'kept' },
      ],
      'keep',
      'kept',
    ],
    [
      [
        { from: 'a*', to: 'first' },
        { from: '*b', to: 'second' },
      ],
      'ab',
      'first',
    ],
    [[{ from: 'a.b', to: 'x' }], 'aXb', 'aXb'],
  ]
  for (const [rename, name, expected] of cases) {
    it(`makes ${expected} of ${name} by ${rename.map(({ from }) => from).join(', ')}`, () => {
      expect(renamer(rename)(name)).toBe(expected)
    })
  }

  it('reaches the place of a key, and the name of the remote', () => {
    const rename = [
      { from: 'box', to: 'tower' },
      { from: 'gpu', to: 'farm' },
    ]
    expect(place('box/raw/claude/p/s.jsonl', { rename })).toBe('tower claude p/s.jsonl')
    expect(place('p/s.jsonl', { rename })).toBe('farm claude p/s.jsonl (fallback)')
  })
})
