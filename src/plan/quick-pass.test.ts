import { describe, expect, it } from 'vitest'

import { planQuickPass } from './quick-pass.ts'
import type { FolderLook, KnownKey, QuickFacts } from './quick-pass.ts'

const facts: QuickFacts = { prefixes: ['prod/'], keysPerPage: 10, datedSince: Date.UTC(2026, 6, 20), foreign: [] }

function many(folder: string, count: number, isWarm = false): readonly KnownKey[] {
  return Array.from({ length: count }, (_, at) => ({ key: `${folder}${String(at).padStart(3, '0')}.jsonl`, isWarm }))
}

/** A plan as lines: what is listed, in order. */
function lines(looks: Iterable<FolderLook>): readonly string[] {
  return [...looks].flatMap((look): readonly string[] => {
    switch (look.kind) {
      case 'skip':
        return []
      case 'all':
        return [`all ${look.prefix}`]
      case 'level':
        return [`level ${look.prefix}`, ...lines(look.folders.values())]
      case 'after':
        return [`after ${look.after}`, ...lines(look.older)]
      case 'through':
        return lines(look.folders)
    }
  })
}

function plan(known: readonly KnownKey[], changes: Partial<QuickFacts> = {}): readonly string[] {
  const { looks, requests } = planQuickPass(known, { ...facts, ...changes })
  return [...lines(looks), `${requests} requests`]
}

const claude = 'prod/box/raw/claude/projects'

describe('planQuickPass', () => {
  it('looks into the folders in which something changed, and at what is new on the way there', () => {
    const known = [...many(`${claude}/-old/`, 100), ...many(`${claude}/-app/`, 5), ...many(`${claude}/-app/x`, 1, true)]
    expect(plan(known)).toEqual([
      'level prod/',
      'level prod/box/raw/',
      'level prod/box/raw/claude/',
      `level ${claude}/`,
      `all ${claude}/-app/`,
      '5 requests',
    ])
  })

  it('lists a folder whole where that takes no more requests', () => {
    const known = [...many(`${claude}/-old/`, 35), ...many(`${claude}/-app/`, 1, true), ...many('prod/old/', 90)]
    expect(plan(known)).toEqual(['level prod/', 'all prod/box/', '5 requests'])
  })

  it('lists dated folders from a day on, and older days in which something grows', () => {
    const day = (date: string): string => `prod/box/raw/codex/sessions/${date}/`
    const known = [
      ...many(day('2025/12/31'), 40),
      ...many(day('2026/03/02'), 4),
      ...many(`${day('2026/03/02')}x`, 1, true),
      ...many(day('2026/07/19'), 30),
      ...many(day('2026/07/20'), 8, true),
      ...many(day('2026/07/21'), 3, true),
    ]
    expect(plan(known)).toEqual([
      'level prod/',
      'level prod/box/raw/',
      'level prod/box/raw/codex/',
      'after prod/box/raw/codex/sessions/2026/07/20',
      `all ${day('2026/03/02')}`,
      '6 requests',
    ])
  })

  it('looks at the late end of dated folders also where nothing changed for long', () => {
    const known = [...many('prod/box/raw/codex/sessions/2025/01/02/', 50), ...many('prod/a/', 20)]
    expect(plan(known)).toEqual(['level prod/', 'after prod/box/raw/codex/sessions/2026/07/20', '2 requests'])
  })

  it('takes no folder for dated that holds anything else', () => {
    const known = [...many('prod/2025/01/02/', 50), ...many('prod/2025/01/notes/', 1)]
    expect(plan(known, { prefixes: ['prod/2025/'] })).toEqual(['level prod/2025/', '1 requests'])
    expect(plan(many('prod/x/2025/01/', 50))).toEqual(['level prod/', '1 requests'])
  })

  it('lists everything where there is nothing to save', () => {
    expect(plan([])).toEqual(['all prod/', '1 requests'])
    expect(plan(many(`${claude}/-app/`, 30, true))).toEqual(['all prod/', '3 requests'])
  })

  it('counts keys that are no logs where they would be listed, and leaves out folders of nothing else', () => {
    const known = many(`${claude}/-app/`, 5, true)
    expect(plan(known)).toEqual(['all prod/', '1 requests'])
    const foreign = [['prod/box/raw/claude/todos/', 70]] as const
    expect(plan(known, { foreign })).toEqual([
      'level prod/',
      'level prod/box/raw/',
      'level prod/box/raw/claude/',
      `all ${claude}/`,
      '4 requests',
    ])
    expect(plan(known, { foreign: [[`${claude}/-app/`, 35]] })).toEqual(['all prod/', '4 requests'])
  })
})
