import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Occurrence } from './choose-winners.ts'
import { chooseWinners } from './choose-winners.ts'

/** A row of a response in a session of its own; the ids follow from its place alone. */
function row(changes: Partial<Occurrence> & { readonly id: number }): Occurrence {
  const name = `m~s${changes.id}`
  return {
    key: 'k',
    output: 1,
    at: 1000,
    webSearches: 0,
    isEligible: true,
    isRelayed: false,
    offset: 0,
    part: 0,
    leadId: changes.id * 10,
    sessionStartedAt: 500,
    sessionEndedAt: 2000,
    publicId: name,
    place: `r\nb\n${name}`,
    ...changes,
  }
}

const winnerOf = (rows: readonly Occurrence[]): { id: number; ownerId: number; webSearches: number } | undefined =>
  chooseWinners(rows).find(({ counts }) => counts)

describe('chooseWinners', () => {
  it('takes the numbers of the fullest telling, and books it where it stood first', () => {
    const rows = [row({ id: 1, output: 1, at: 1000 }), row({ id: 2, output: 80, at: 3000 })]
    expect(winnerOf(rows)).toMatchObject({ id: 2, ownerId: 10 })
  })

  it('takes the latest of equally full tellings, one with a time before one without', () => {
    expect(winnerOf([row({ id: 1, at: 3000 }), row({ id: 2, at: 1000 })])).toMatchObject({ id: 1, ownerId: 20 })
    expect(winnerOf([row({ id: 1, at: 3000 }), row({ id: 2, at: null })])?.id).toBe(1)
  })

  it('takes the larger session where all else is equal, and books on the smaller', () => {
    const rows = [row({ id: 2, publicId: 'm~a' }), row({ id: 1, publicId: 'm~b' })]
    expect(winnerOf(rows)).toMatchObject({ id: 1, ownerId: 20 })
    expect(winnerOf([row({ id: 1 }), row({ id: 2 })])).toMatchObject({ id: 2, ownerId: 10 })
  })

  it('books a response on the session that ended first when both began at once: the copy goes on', () => {
    expect(winnerOf([row({ id: 1, sessionEndedAt: 900 }), row({ id: 2, sessionEndedAt: 600 })])?.ownerId).toBe(20)
  })

  it('books a response on the session that began first when both tell the same moment', () => {
    expect(winnerOf([row({ id: 1, sessionStartedAt: 900 }), row({ id: 2, sessionStartedAt: 100 })])?.ownerId).toBe(20)
  })

  it('prefers a known time to an unknown one', () => {
    expect(winnerOf([row({ id: 1, at: null }), row({ id: 2, at: 9000 })])?.ownerId).toBe(20)
    expect(winnerOf([row({ id: 1, sessionStartedAt: null }), row({ id: 2 })])?.ownerId).toBe(20)
  })

  it('books a response on the log that had it, not on one that repeats it', () => {
    const rows = [row({ id: 1, isRelayed: true, at: 1 }), row({ id: 2, at: 2 })]
    expect(winnerOf(rows)).toMatchObject({ id: 2, ownerId: 20 })
    const late = [row({ id: 1, isRelayed: true, at: 3 }), row({ id: 2, at: 2 })]
    expect(winnerOf(late)).toMatchObject({ id: 2, ownerId: 20 })
  })

  it('leaves out what readers do not see', () => {
    const rows = [row({ id: 1, isEligible: false, output: 99, at: 1, webSearches: 7 }), row({ id: 2 })]
    expect(winnerOf(rows)).toMatchObject({ id: 2, ownerId: 20, webSearches: 0 })
    expect(chooseWinners([row({ id: 1, isEligible: false })]).some(({ counts }) => counts)).toBe(false)
  })

  it('charges the most searches that any telling knows of', () => {
    expect(winnerOf([row({ id: 1, output: 9 }), row({ id: 2, webSearches: 3 })])).toMatchObject({
      id: 1,
      webSearches: 3,
    })
  })

  it('counts each key once, and tells a shared one from one that stands alone', () => {
    const verdicts = chooseWinners([row({ id: 1 }), row({ id: 2 }), row({ id: 3, key: 'other' })])
    expect(verdicts.filter(({ counts }) => counts)).toHaveLength(2)
    expect(verdicts.map(({ id, shared }) => [id, shared])).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ])
  })

  it('gives the same whatever order the rows are in, and whatever numbers they have', () => {
    const few = fc.record({
      key: fc.constantFrom('k', 'l'),
      output: fc.nat(2),
      at: fc.option(fc.nat(2)),
      webSearches: fc.nat(1),
      isEligible: fc.boolean(),
      isRelayed: fc.boolean(),
      offset: fc.nat(1),
      part: fc.nat(1),
      sessionStartedAt: fc.option(fc.nat(1)),
      sessionEndedAt: fc.option(fc.nat(1)),
      publicId: fc.constantFrom('a~s', 'b~s'),
      object: fc.constantFrom('x', 'y'),
    })
    const rows = fc.uniqueArray(few, {
      maxLength: 8,
      selector: ({ publicId, object, offset, part }) => `${publicId} ${object} ${offset} ${part}`,
    })
    const told = (given: readonly Occurrence[]): unknown => {
      const byId = new Map(given.map((one) => [one.id, one]))
      return chooseWinners(given)
        .filter(({ counts }) => counts)
        .map(({ id, ownerId, webSearches }) => {
          const one = byId.get(id)
          const owner = given.find(({ leadId }) => leadId === ownerId)
          return JSON.stringify([one?.key, one?.place, one?.offset, one?.part, owner?.publicId, webSearches])
        })
        .toSorted()
    }
    const numbered = rows.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(
          list.map((_, at) => at),
          { minLength: list.length },
        ),
      ),
    )
    fc.assert(
      fc.property(numbered, ([list, order]) => {
        const make = (at: number, id: number): Occurrence => {
          const { object, ...rest } = list[at] ?? { object: '', publicId: '' }
          return row({ id, ...rest, place: `${rest.publicId} ${object}`, leadId: rest.publicId === 'a~s' ? 901 : 902 })
        }
        const plain = list.map((_, at) => make(at, at))
        const shuffled = order.map((at, place) => make(at, place))
        expect(told(shuffled)).toEqual(told(plain))
      }),
      { numRuns: 500 },
    )
  })
})
