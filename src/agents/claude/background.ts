import type { Peer, SessionFields, SettleInput } from '../../model/index.ts'
import type { ByteRange } from '../agent.ts'

/** What of a background session is its parent's. */
export interface Trimmed {
  readonly charged: readonly ByteRange[]
  readonly fields: SessionFields
}

const nothing: Trimmed = { charged: [], fields: {} }

/**
 * A session sent to the background begins with a copy of the one it left. The copy is the longest run
 * of messages, from the first on, whose ids a session beside it has too; what only repeats is hidden.
 * Of two with the same messages the one with the larger id is the copy; a background session that holds
 * more than this one is a copy of it, not its parent. Where own messages hang off several places of the
 * copy, all of it is kept.
 */
export function trimBackground(input: SettleInput): Trimmed {
  const peers = input.peers ?? []
  const own = peers.find((peer) => peer.sessionId === input.sessionId && peer.isCopy)
  if (own === undefined || own.messages.length === 0) return nothing
  let longest = 0
  let parentId: string | null = null
  for (const peer of peers.toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1))) {
    const run = peer === own || isCopyOf(peer, own) ? 0 : sharedRun(own, peer)
    if (run > longest) [longest, parentId] = [run, peer.sessionId]
  }
  if (parentId === null) return nothing
  const fields: SessionFields = { parentId, relationship: 'continuation' }
  const first = own.messages[longest]
  if (first === undefined) return { charged: [{ from: 0, to: null }], fields }
  if (hangsOffSeveral(input, own, longest)) return { charged: [], fields }
  const startedAt = own.messages.slice(longest).flatMap(({ at }) => at ?? [])[0]
  return {
    charged: [{ from: 0, to: first.offset }],
    fields: startedAt === undefined ? fields : { ...fields, startedAt },
  }
}

/** A background session that has all of `own`'s messages: more of them, or the same under a larger id. */
function isCopyOf(peer: Peer, own: Peer): boolean {
  if (!peer.isCopy) return false
  const theirs = new Set(peer.messages.map(({ uuid }) => uuid))
  const mine = new Set(own.messages.map(({ uuid }) => uuid))
  if (![...mine].every((uuid) => theirs.has(uuid))) return false
  return theirs.size > mine.size || peer.sessionId > own.sessionId
}

function sharedRun(own: Peer, peer: Peer): number {
  const theirs = new Set(peer.messages.map(({ uuid }) => uuid))
  const end = own.messages.findIndex(({ uuid }) => !theirs.has(uuid))
  return end === -1 ? own.messages.length : end
}

function hangsOffSeveral({ marks }: SettleInput, own: Peer, kept: number): boolean {
  const boundary = own.messages[kept]?.offset ?? 0
  const copied = new Set(own.messages.slice(0, kept).map(({ uuid }) => uuid))
  return marks.some(
    ({ name, offset, value }) => name === 'hang' && offset > boundary && value !== null && copied.has(value),
  )
}
