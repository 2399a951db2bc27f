import { describe, expect, it } from 'vitest'
import {
  event,
  line,
  meta,
  ownSession,
  parentSession,
  parentThread,
  read,
  said,
  turn,
  type Archived,
} from '../../../test/agents/codex-log.ts'
import type { Mark } from '../../model/index.ts'
import type { SettleInput, SettleResult } from '../agent.ts'
import { settleRollout } from './settle.ts'

function settle(session: Archived, more: Partial<SettleInput> = {}): SettleResult {
  return settleRollout({
    sessionId: ownSession,
    path: '',
    parentFromPath: null,
    fields: session.fields,
    marks: session.marks,
    notes: [],
    callers: [],
    relatives: new Map(),
    ...more,
  })
}

/** What is left of a session's prompts once its copied part is hidden. */
function visible(session: Archived, parent: Archived | null): readonly string[] {
  const relatives = new Map(parent === null ? [] : [[parentSession, parent.marks]])
  const { hidden } = settle(session, { relatives })
  const isHidden = (at: number): boolean => hidden.some(({ from, to }) => from <= at && (to === null || at < to))
  return session.messages.filter((message) => !isHidden(message.offset)).map((message) => message.text)
}

const parentLog = [turn('t1'), said('user', 'one'), turn('t2'), said('user', 'two')]
const parent = read([meta({}, parentThread), ...parentLog, turn('t9'), said('user', 'later')])
const ownLog = [turn('t3'), said('user', 'own'), turn('t1'), said('user', 'again')]
const fork = meta({ forked_from_id: parentThread })
const source = { subagent: { thread_spawn: { parent_thread_id: parentThread } } }

describe('a fork', () => {
  it('shows only what follows the parent’s turns', () => {
    expect(visible(read([fork, ...parentLog, ...ownLog]), parent)).toEqual(['own', 'again'])
    expect(visible(read([fork, meta({}, parentThread), ...parentLog, ...ownLog]), parent)).toEqual(['own', 'again'])
  })

  it('hides a copy from its first line on, also where the parent’s meta line stands before its own', () => {
    const session = read([meta({}, parentThread), turn('t1'), said('user', 'one'), fork, turn('t2'), ...ownLog])
    expect(visible(session, parent)).toEqual(['own', 'again'])
  })

  it('shows everything until the parent is in the archive', () => {
    expect(visible(read([fork, ...parentLog, ...ownLog]), null)).toEqual(['one', 'two', 'own', 'again'])
  })

  it('shows nothing while it holds nothing of its own', () => {
    const session = read([fork, ...parentLog, event('task_complete')])
    expect(visible(session, parent)).toEqual([])
    const { fields } = settle(session, { relatives: new Map([[parentSession, parent.marks]]) })
    expect(fields.endState).toBeNull()
  })

  it('shows everything when it begins without a copy', () => {
    expect(visible(read([fork, said('user', 'early'), ...ownLog]), parent)).toEqual(['early', 'own', 'again'])
  })

  it('shows everything when the parent’s turns have no ids', () => {
    const nameless = read([meta({}, parentThread), line('turn_context', { model: 'gpt-a' }), said('user', 'one')])
    const session = read([fork, line('turn_context', { model: 'gpt-a' }), said('user', 'one'), said('user', 'own')])
    expect(visible(session, nameless)).toEqual(['one', 'own'])
  })

  it('shows everything when turns are only numbered, anew in each run', () => {
    const numbered = read([meta({}, parentThread), turn('1'), said('user', 'one'), turn('2'), said('user', 'two')])
    const session = read([fork, turn('1'), said('user', 'one'), turn('2'), said('user', 'own')])
    expect(visible(session, numbered)).toEqual(['one', 'own'])
  })

  it('starts on its own with a turn without an id that the parent does not have', () => {
    const own = [line('turn_context', { model: 'gpt-a' }), said('user', 'own')]
    expect(visible(read([fork, ...parentLog, ...own]), parent)).toEqual(['own'])
  })
})

describe('a subagent', () => {
  it('shows what follows the meta line of a thread that is not its parent', () => {
    const stranger = meta({}, '019c0000-0000-7000-8000-00000000000d')
    const early = [stranger, turn('t1'), said('user', 'early')]
    const session = read([
      meta({ source }),
      ...early,
      meta({}, parentThread),
      turn('t2'),
      said('user', 'two'),
      ...ownLog,
    ])
    expect(visible(session, parent)).toEqual(['early', 'own', 'again'])
  })

  it('shows only what follows the copy, where the parent’s meta line says that there is one', () => {
    const session = read([meta({ source }), meta({}, parentThread), ...parentLog, ...ownLog])
    expect(visible(session, parent)).toEqual(['own', 'again'])
  })

  it('shows everything where there is none', () => {
    expect(visible(read([meta({ source }), ...parentLog, ...ownLog]), parent)).toEqual(['one', 'two', 'own', 'again'])
  })
})

describe('a log that says itself where its own part begins', () => {
  const at = (ordinal: unknown, text: string): string =>
    line('response_item', { type: 'message', role: 'user', content: text }, 0, { ordinal })

  it('hides lines with smaller numbers, without the parent', () => {
    const session = read([
      meta({ source, subagent_history_start_ordinal: '3' }),
      at(1, 'a'),
      at('2', 'b'),
      at(3, 'c'),
      at(1, 'd'),
    ])
    expect(visible(session, null)).toEqual(['c', 'd'])
  })

  it('hides all of it while it is copied', () => {
    expect(visible(read([meta({ source, subagent_history_start_ordinal: 3 }), at(1, 'a')]), null)).toEqual([])
  })

  it('hides nothing where lines have no numbers', () => {
    expect(visible(read([meta({ source, subagent_history_start_ordinal: 3 }), said('user', 'a')]), null)).toEqual(['a'])
  })

  it('hides nothing where the history stays in the other log', () => {
    const base = { forked_from_id: parentThread, history_base: { thread_id: parentThread, end_ordinal_exclusive: 5 } }
    expect(visible(read([meta(base), ...parentLog]), parent)).toEqual(['one', 'two'])
  })
})

describe('titles', () => {
  const note = (offset: number, value: string | null): Mark => {
    return { kind: 'mark', sessionId: ownSession, offset, name: 'title', key: '', value }
  }
  const session = read([meta()])

  it('are those of the last note, in any order of arrival', () => {
    expect(settle(session, { notes: [note(90, 'B'), note(7, 'A')] }).fields).toEqual({ title: 'B' })
  })

  it('go when the last note is blank, and stay when there is none', () => {
    expect(settle(session, { notes: [note(7, 'A'), note(90, '')] }).fields).toEqual({ title: null })
    expect(settle(session).fields).toEqual({})
  })

  it('come from the index, one note for each line that names a session', () => {
    const index = [
      { id: 'a', thread_name: ' A ' },
      { id: 'a', thread_name: ' ' },
      { id: 'b' },
      { thread_name: 'C' },
      'bad',
    ]
    const { marks } = read(
      index.map((entry) => JSON.stringify(entry)),
      'session_index.jsonl',
    )
    expect(marks.map(({ sessionId, name, value }) => [sessionId, name, value])).toEqual([
      ['codex:a', 'title', 'A'],
      ['codex:a', 'title', ''],
    ])
  })

  it('can be in the rollout itself', () => {
    const named = event('thread_name_updated', { thread_name: 'A' })
    expect(read([meta(), named]).fields.title).toBe('A')
    expect(
      read([meta(), event('thread_name_updated', { thread_id: parentThread, thread_name: 'B' })]).fields.title,
    ).toBeNull()
  })
})

describe('the parent', () => {
  const callers = [
    { sessionId: ownSession, startedAt: 1 },
    { sessionId: 'codex:first', startedAt: 2 },
    { sessionId: 'codex:second', startedAt: 3 },
  ]

  it('is the first session whose call started this one', () => {
    const subagent = { parentId: 'codex:first', relationship: 'subagent' }
    expect(settle(read([meta()]), { callers }).fields).toEqual(subagent)
    expect(settle(read([fork]), { callers }).fields).toEqual(subagent)
  })

  it('is the one the log names, when it says that it is a subagent', () => {
    expect(settle(read([meta({ source })]), { callers }).fields).toEqual({})
  })
})
