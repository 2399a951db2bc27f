import type { Mark, SessionFields, SettleInput, Split } from '../../model/index.ts'
import type { ByteRange } from '../agent.ts'
import type { Entry } from './entries.ts'
import { entryOf, isTreeId } from './entries.ts'

/** An abandoned try has at most this many prompts; what has more is a conversation of its own. */
const maxRetryTurns = 3

/** What the tree of a log says of it. */
export interface Forks {
  readonly charged: readonly ByteRange[]
  readonly splits: readonly Split[]
  readonly fields: SessionFields
}

interface Node extends Entry {
  readonly uuid: string
  readonly children: Node[]
  /** Prompts in the whole subtree. */
  turns: number
  branch: Branch | null
  isAbandoned: boolean
}

interface Branch {
  readonly sessionId: string
  readonly parentId: string
  /** The entries people see, in order. */
  readonly path: Node[]
}

/** A log that is one conversation. */
export const noForks: Forks = { charged: [], splits: [], fields: {} }

/**
 * Finds edits of earlier prompts in a log whose entries form a tree. Where an entry has several
 * children: a first child with few prompts was a try that was taken back, and the last child goes on;
 * else the first child goes on, and every other one is a session of its own, `<session>-<its first id>`.
 */
export function forksOf(input: SettleInput): Forks {
  if (input.marks.some((mark) => mark.name === 'linear')) return noForks
  const entries = entriesIn(input.marks)
  const root = treeOf(entries)
  if (root === null || root.nodes.every((node) => node.children.length < 2)) return noForks
  const main: Branch = { sessionId: input.sessionId, parentId: '', path: [] }
  const branches = branchesFrom(root.nodes[0], main)
  const places = placesOf(entries, root.nodes, main)
  const [, ...forks] = branches
  return {
    charged: rangesOf(places, (place) => place.branch === main && place.isAbandoned),
    splits: forks.map((branch) => ({
      sessionId: branch.sessionId,
      ranges: rangesOf(places, (place) => place.branch === branch),
      charged: rangesOf(places, (place) => place.branch === branch && place.isAbandoned),
      fields: fieldsOf(branch, input.fields),
    })),
    fields: input.fields.endState === 'truncated' ? {} : endOf(main.path),
  }
}

function entriesIn(marks: readonly Mark[]): readonly Entry[] {
  return marks
    .filter((mark) => mark.name === 'entry')
    .toSorted((a, b) => a.offset - b.offset)
    .map(entryOf)
}

/** The nodes in file order, the root first; null when the entries form no tree. */
function treeOf(entries: readonly Entry[]): { readonly nodes: readonly Node[] } | null {
  const nodes: Node[] = []
  const byId = new Map<string, Node>()
  for (const entry of entries) {
    if (entry.kind === 'queued') continue
    const { uuid, parent } = entry
    if (!isTreeId(uuid) || byId.has(uuid) || (parent === null) !== (nodes.length === 0)) return null
    const above = parent === null ? null : byId.get(parent)
    if (above === undefined) return null
    const turns = entry.kind === 'prompt' ? 1 : 0
    const node: Node = { ...entry, uuid, children: [], turns, branch: null, isAbandoned: false }
    above?.children.push(node)
    byId.set(uuid, node)
    nodes.push(node)
  }
  // Children come after their parents, so one pass from the end sums up every subtree.
  for (const node of nodes.toReversed()) {
    const above = node.parent === null ? undefined : byId.get(node.parent)
    if (above !== undefined) above.turns += node.turns
  }
  return nodes.length === 0 ? null : { nodes }
}

/** Walks every branch to its end; the first is the main one. */
function branchesFrom(root: Node | undefined, main: Branch): readonly Branch[] {
  const branches = [main]
  const starts = root === undefined ? [] : [{ branch: main, node: root }]
  for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
    const { branch } = start
    let node: Node | undefined = start.node
    while (node !== undefined) {
      node.branch = branch
      branch.path.push(node)
      const children: readonly Node[] = node.children
      const isRetry = (children[0]?.turns ?? 0) <= maxRetryTurns
      const next: Node | undefined = isRetry ? children.at(-1) : children[0]
      for (const child of children) {
        if (child === next) continue
        if (isRetry) abandon(child, branch)
        else {
          const fork = { sessionId: `${main.sessionId}-${child.uuid}`, parentId: branch.sessionId, path: [] }
          branches.push(fork)
          starts.push({ branch: fork, node: child })
        }
      }
      node = next
    }
  }
  return branches
}

function abandon(top: Node, branch: Branch): void {
  const open = [top]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    node.branch = branch
    node.isAbandoned = true
    open.push(...node.children)
  }
}

interface PlaceInLog {
  readonly offset: number
  readonly branch: Branch | null
  readonly isAbandoned: boolean
}

/** Every entry in file order with its branch; queued prompts always stand in the main one. */
function placesOf(entries: readonly Entry[], nodes: readonly Node[], main: Branch): readonly PlaceInLog[] {
  const byOffset = new Map(nodes.map((node) => [node.offset, node]))
  return entries.map(({ offset, kind }) => {
    const node = kind === 'queued' ? undefined : byOffset.get(offset)
    return { offset, branch: node?.branch ?? main, isAbandoned: node?.isAbandoned ?? false }
  })
}

/** Neighbours in the log that a test takes, as ranges up to the next entry it does not take. */
function rangesOf(places: readonly PlaceInLog[], isTaken: (place: PlaceInLog) => boolean): readonly ByteRange[] {
  const ranges: ByteRange[] = []
  let from: number | null = null
  for (const place of places) {
    if (isTaken(place)) {
      from ??= place.offset
    } else if (from !== null) {
      ranges.push({ from, to: place.offset })
      from = null
    }
  }
  return from === null ? ranges : [...ranges, { from, to: null }]
}

function fieldsOf({ parentId, path }: Branch, whole: SessionFields): SessionFields {
  const { cwd = null, branch = null, project = null, agentVersion = null, entrypoint = null } = whole
  const times = path.flatMap(({ at }) => at ?? [])
  return {
    cwd,
    branch,
    project,
    agentVersion,
    entrypoint,
    agentLabel: whole.agentLabel ?? null,
    startedAt: times[0] ?? null,
    endedAt: times.at(-1) ?? null,
    parentId,
    relationship: 'fork',
    ...endOf(path),
    isTruncated: false,
  }
}

/** How a branch ends, by its entries alone. */
function endOf(path: readonly Node[]): SessionFields {
  let pending = 0
  let last: Node | null = null
  for (const node of path) {
    const isAnswer = node.kind === 'answer' || node.kind === 'ended'
    pending = isAnswer ? node.calls : Math.max(0, pending - node.calls)
    if (isAnswer || node.kind === 'prompt') last = node
  }
  if (pending > 0) return { endState: 'tool_call_pending' }
  return { endState: last?.kind === 'ended' ? 'awaiting_user' : 'clean' }
}
