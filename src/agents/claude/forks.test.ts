import { describe, expect, it } from 'vitest'
import { assistant, log, marksOf, queued, recordsOf, talk, user } from '../../../test/agents/claude-log.ts'
import type { Mark, SettleInput } from '../../model/index.ts'
import { forksOf } from './forks.ts'

function inputOf(text: string): SettleInput {
  const records = recordsOf(text)
  const fields = records.find((record) => record.kind === 'session')?.facts ?? {}
  const marks = records.filter((record): record is Mark => record.kind === 'mark')
  const place = { sessionId: 's1', path: 'p/s1.jsonl', parentFromPath: null }
  return { ...place, fields, marks, notes: [], callers: [], relatives: new Map(), peers: [] }
}

/** Sessions split off, with their parents, and how many parts are hidden. */
function shape(text: string) {
  const { splits, charged } = forksOf(inputOf(text))
  return { splits: splits.map(({ sessionId, fields }) => [sessionId, fields.parentId]), hidden: charged.length }
}

const none = { splits: [], hidden: 0 }
const edited = (turns: number) => log(talk('', 1, null, 0), talk('x', turns, 'a1', 10), talk('y', 1, 'a1', 40))

describe('the tree of a log', () => {
  it('is a retry up to three prompts and a fork from four on', () => {
    expect(shape(edited(3))).toEqual({ splits: [], hidden: 1 })
    expect(shape(edited(4))).toEqual({ splits: [['s1-yp1', 's1']], hidden: 0 })
  })

  it('counts prompts alone: not commands of the program, results, notes or queued prompts', () => {
    const noise = [
      user('[Request interrupted by user]', { id: 'i', parent: 'xa3', at: 20 }),
      user([{ type: 'tool_result', tool_use_id: 't', content: 'r' }], { id: 'r', parent: 'i', at: 21 }),
      user('note', { id: 'm', parent: 'r', at: 22, more: { isMeta: true } }),
      queued('and this', 23),
    ]
    const text = log(talk('', 1, null, 0), talk('x', 3, 'a1', 10), noise, talk('y', 1, 'a1', 40))
    expect(shape(text)).toMatchObject({ splits: [] })
  })

  it('counts the whole subtree of the first child, its own edits too', () => {
    const text = log(talk('', 1, null, 0), talk('x', 2, 'a1', 10), talk('z', 2, 'xa1', 20), talk('y', 1, 'a1', 40))
    expect(shape(text).splits).toEqual([['s1-yp1', 's1']])
  })

  it('decides at every fork anew, also within forks', () => {
    const text = log(edited(4), talk('w', 4, 'ya1', 50), talk('v', 1, 'ya1', 70))
    expect(shape(text).splits).toEqual([
      ['s1-yp1', 's1'],
      ['s1-vp1', 's1-yp1'],
    ])
  })

  it('makes every further child of a fork a session, and hides all but the last of a retry', () => {
    expect(shape(log(edited(4), talk('w', 1, 'a1', 60))).splits.map(([id]) => id)).toEqual(['s1-yp1', 's1-wp1'])
    expect(shape(log(edited(1), talk('w', 1, 'a1', 60)))).toEqual({ splits: [], hidden: 1 })
  })

  it('keeps queued prompts in the main conversation', () => {
    const text = log(edited(4), queued('later', 60), user('more', { id: 'ym', parent: 'ya1', at: 61 }))
    const [split] = forksOf(inputOf(text)).splits
    expect(split?.ranges).toHaveLength(2)
    const at = Buffer.from(text.slice(0, text.indexOf('{"type":"attachment"'))).length
    expect(split?.ranges.some(({ from, to }) => from <= at && (to === null || at < to))).toBe(false)
  })

  it.each([
    ['an entry without an id', user('x', { id: null, parent: 'a1' })],
    ['a second root', user('x', { id: 'r2', parent: null })],
    ['a parent that is nowhere', user('x', { id: 'q', parent: 'nowhere' })],
    ['an id that stands twice', user('x', { id: 'a1', parent: 'p1' })],
    ['an id that cannot name a session', user('x', { id: '../evil', parent: 'a1' })],
    ['a parent that comes later', user('x', { id: 'q', parent: 'late' })],
  ])('is none with %s', (_, line) => {
    expect(shape(log(edited(4), line, user('late', { id: 'late', parent: 'a1' })))).toEqual(none)
    expect(marksOf(recordsOf(log(edited(4), line)), 'linear')).toHaveLength(1)
  })

  it('is none where the lines of one response follow each other: only the last of their ids is left', () => {
    const parts = [
      assistant('one', { id: 'b1', parent: 'p1', at: 5 }, { id: 'm' }),
      assistant('two', { id: 'b2', parent: 'b1', at: 6 }, { id: 'm' }),
    ]
    const text = log(user('p', { id: 'p1', at: 1 }), parts, talk('x', 4, 'p1', 10), talk('y', 1, 'p1', 30))
    expect(shape(text)).toEqual(none)
  })

  it('is found in long logs too, after ids are no longer carried', () => {
    const long = log(talk('', 400, null, 0), talk('x', 4, 'a400', 900), talk('y', 1, 'a400', 950))
    expect(shape(long).splits).toEqual([['s1-yp1', 's1']])
    const broken = log(talk('', 400, null, 0), user('x', { id: 'q', parent: 'nowhere' }), talk('y', 1, 'a400', 950))
    expect(shape(broken)).toEqual(none)
    expect(marksOf(recordsOf(broken), 'linear')).toEqual([])
  })

  it('says of each branch how it ends', () => {
    const text = log(edited(4), user('unanswered', { id: 'z', parent: 'ya1', at: 60 }))
    const { splits, fields } = forksOf(inputOf(text))
    expect([fields.endState, splits[0]?.fields.endState]).toEqual(['awaiting_user', 'clean'])
  })
})
