import { createHash } from 'node:crypto'
import type { EpochMs } from '../../base/index.ts'
import type { Mark } from '../../model/index.ts'
import { type State, appended } from './state.ts'

/** Up to this many entries a parent that is not there is noticed while reading; later `settle` notices. */
const maxKnown = 512
/** A longer log is taken as it stands: looking at all its entries at each commit would cost too much. */
const maxEntries = 20_000
const uuidShape = /^[A-Za-z0-9_-]{1,128}$/

/**
 * What an entry is for the tree of a log: a prompt a person typed, a model's message (`ended` when it
 * ended its turn), `other` when it is neither, and a prompt `queued` while a tool ran, which is no
 * part of the tree.
 */
export const entryKinds = ['prompt', 'answer', 'ended', 'other', 'queued'] as const
export type EntryKind = (typeof entryKinds)[number]

/** One user line, or one message of the model, as a place in the tree of a log. */
export interface Entry {
  readonly offset: number
  readonly uuid: string | null
  readonly parent: string | null
  readonly at: EpochMs | null
  readonly kind: EntryKind
  /** Calls an answer made; results that came for calls of the last answer in any other. */
  readonly calls: number
}

/** What is known of a log that may still be a tree; null once it cannot be one. */
export interface Tree {
  readonly count: number
  /** Short hashes of all entries' ids so far; null when they are too many to carry. */
  readonly known: readonly string[] | null
}

/**
 * Marks of one entry: `entry`, and `linear` when the log cannot be a tree with it. A tree has one root,
 * its first entry; every other entry has an id of its own and comes after its parent.
 */
export function noteEntry(state: State, sessionId: string, entry: Entry): readonly Mark[] {
  const { tree } = state
  if (tree === null) return []
  const mark = entryMark(sessionId, entry)
  if (entry.kind === 'queued') return [mark]
  state.tree = grown(tree, entry)
  if (state.tree !== null) return [mark]
  return [mark, { kind: 'mark', sessionId, offset: entry.offset, name: 'linear', key: '', value: null }]
}

/** The mark of an entry. */
export function entryMark(sessionId: string, entry: Entry): Mark {
  const { offset, uuid, parent, at, kind, calls } = entry
  const value = JSON.stringify([uuid, parent, at, entryKinds.indexOf(kind), calls])
  return { kind: 'mark', sessionId, offset, name: 'entry', key: '', value }
}

/** The entry of a mark that `entryMark` made. */
export function entryOf({ offset, value }: Mark): Entry {
  const [uuid, parent, at, kind, calls] = JSON.parse(value ?? '[]') as [
    string | null,
    string | null,
    number | null,
    number,
    number,
  ]
  return { offset, uuid, parent, at, kind: entryKinds[kind] ?? 'other', calls }
}

/** True for an id that a session of its own could be named by. */
export function isTreeId(uuid: string | null): uuid is string {
  return uuid !== null && uuidShape.test(uuid)
}

function grown({ count, known }: Tree, { uuid, parent }: Entry): Tree | null {
  if (!isTreeId(uuid) || (parent === null) !== (count === 0) || count >= maxEntries) return null
  if (known === null) return { count: count + 1, known }
  const id = shortHash(uuid)
  if (known.includes(id) || (parent !== null && !known.includes(shortHash(parent)))) return null
  return { count: count + 1, known: count + 1 > maxKnown ? null : appended(known, id, maxKnown) }
}

/** Ten characters tell the ids of one log apart. */
function shortHash(uuid: string): string {
  return createHash('sha1').update(uuid).digest('base64url').slice(0, 10)
}
