import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Cursor, ObjectInfo, Place } from '../model/index.ts'
import type { PlanFacts } from './plan-object.ts'
import { planObject } from './plan-object.ts'

const object: ObjectInfo = { remote: 'r', bucket: 'b', key: 'k', size: 100, etag: 'one', modifiedAt: 5 }
const place: Place = { machine: 'm', agent: 'claude', path: 'p/s.jsonl' }
const facts: PlanFacts = { agentVersion: 3, isCompressed: false, isMachineInMetadata: false, isFull: false }
const cursor: Cursor = {
  ...object,
  ...place,
  objectId: 1,
  complete: true,
  offset: 90,
  proof: { length: 90, hash: 'h' },
  agentVersion: 3,
  resume: null,
  generation: 1,
  staged: null,
  isStaged: false,
  failed: false,
  gone: false,
  revision: 4,
}
const staged = { etag: 'one', offset: 50, proof: null, agentVersion: 3, resume: null, generation: 2 }

describe('planObject', () => {
  interface Case {
    readonly title: string
    readonly object?: Partial<ObjectInfo>
    readonly cursor?: Partial<Cursor> | null
    readonly facts?: Partial<PlanFacts>
    readonly place?: Partial<Place>
    readonly work: string
  }
  const cases: readonly Case[] = [
    { title: 'never seen', cursor: null, work: 'reread new' },
    { title: 'as it was', work: 'keep' },
    { title: 'as it was, and back again', cursor: { gone: true }, work: 'keep' },
    { title: 'as it was, written again later', object: { modifiedAt: 99 }, work: 'keep' },
    { title: 'as it was, read half-way', cursor: { complete: false }, work: 'append' },
    { title: 'grown', object: { size: 101, etag: 'two' }, work: 'append' },
    { title: 'grown from nothing', object: { size: 1, etag: 'two' }, cursor: { size: 0, offset: 0 }, work: 'append' },
    { title: 'shrunk', object: { size: 99, etag: 'two' }, work: 'reread shrunk' },
    { title: 'rewritten at the same size', object: { etag: 'two' }, work: 'reread rewritten' },
    { title: 'of another size under the same etag', object: { size: 99 }, work: 'reread shrunk' },
    {
      title: 'packed and grown',
      object: { size: 101, etag: 'two' },
      facts: { isCompressed: true },
      work: 'reread rewritten',
    },
    { title: 'packed and as it was', facts: { isCompressed: true }, work: 'keep' },
    {
      title: 'packed and read half-way',
      cursor: { complete: false },
      facts: { isCompressed: true },
      work: 'reread rewritten',
    },
    { title: 'read by an older parser', cursor: { agentVersion: 2 }, work: 'reread agent-version' },
    { title: 'read by a newer parser', cursor: { agentVersion: 4 }, work: 'reread agent-version' },
    { title: 'wanted whole', facts: { isFull: true }, work: 'reread asked' },
    { title: 'on a renamed machine', place: { machine: 'n' }, work: 'reread moved' },
    {
      title: 'on a machine that metadata name',
      place: { machine: 'n' },
      facts: { isMachineInMetadata: true },
      work: 'keep',
    },
    { title: 'under another path', place: { path: 'q/s.jsonl' }, work: 'reread moved' },
    { title: 'of another agent', place: { agent: 'codex' }, work: 'reread moved' },
    { title: 'with a re-read under way', cursor: { staged, isStaged: true }, work: 'reread rewritten' },
    {
      title: 'grown with a re-read under way',
      object: { size: 101, etag: 'two' },
      cursor: { staged, isStaged: true },
      work: 'reread rewritten',
    },
  ]
  for (const one of cases) {
    it(`an object ${one.title}: ${one.work}`, () => {
      const known = one.cursor === null ? null : { ...cursor, ...one.cursor }
      const work = planObject({ ...object, ...one.object }, { ...place, ...one.place }, known, {
        ...facts,
        ...one.facts,
      })
      expect(work.kind === 'reread' ? `reread ${work.why}` : work.kind).toBe(one.work)
    })
  }

  it('appends only what grew or was left half-way, and keeps only what is the same', () => {
    const some = fc.record({
      size: fc.nat(3),
      etag: fc.constantFrom('one', 'two'),
      knownSize: fc.nat(3),
      complete: fc.boolean(),
      isCompressed: fc.boolean(),
    })
    fc.assert(
      fc.property(some, ({ size, etag, knownSize, complete, isCompressed }) => {
        const known = { ...cursor, size: knownSize, complete }
        const { kind } = planObject({ ...object, size, etag }, place, known, { ...facts, isCompressed })
        const isSame = size === knownSize && etag === 'one'
        expect(kind === 'keep').toBe(isSame && complete)
        if (kind === 'append') expect(!isCompressed && (size > knownSize || (isSame && !complete))).toBe(true)
      }),
    )
  })
})
