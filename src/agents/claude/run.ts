import { type EpochMs, type JsonObject, asObject } from '../../base/index.ts'
import type { Message, SessionRecord, ToolCall, Usage } from '../../model/index.ts'
import { modelName, toolCategory } from '../shared/index.ts'
import { type Block, blocksOf } from './content.ts'
import type { Entry } from './entries.ts'
import { idOf } from './ids.ts'
import { type State, appended } from './state.ts'
import { type UsageDraft, fullerUsage, isEmptyUsage, syntheticModel, usageOf } from './usage.ts'

const maxPendingCalls = 100
const maxOpenSearches = 16

/**
 * One response of the model while its lines come in. The program writes a line per block (or growing
 * snapshots), all with the message's id; lines with the same id in a row are one message.
 */
export interface Run {
  readonly offset: number
  /** Null: the line names no message, so nothing can join it. */
  readonly id: string | null
  blocks: readonly Block[]
  isEndTurn: boolean
  /** An `end_turn` has come: what comes now adds to the message, it is no snapshot of it. */
  isWhole: boolean
  isSidechain: boolean
  uuid: string | null
  parent: string | null
  at: EpochMs | null
  model: string | null
  usage: UsageDraft | null
}

/** Starts a run with its first line. */
export function openRun(entry: JsonObject, text: string, offset: number, at: EpochMs | null): Run {
  const run: Run = {
    offset,
    id: messageIdOf(entry),
    blocks: [],
    isEndTurn: false,
    isWhole: false,
    isSidechain: false,
    uuid: null,
    parent: null,
    at: null,
    model: null,
    usage: null,
  }
  extendRun(run, entry, text, at)
  return run
}

/** Adds a line to its run: the last line supplies the message's fields, the fullest its usage. */
export function extendRun(run: Run, entry: JsonObject, text: string, at: EpochMs | null): void {
  const message = asObject(entry['message']) ?? {}
  const model = modelName(message['model'])
  run.blocks = mergeBlocks(run.blocks, blocksOf(message['content'], text), run.isWhole)
  run.isEndTurn = message['stop_reason'] === 'end_turn'
  run.isWhole ||= run.isEndTurn
  run.isSidechain = entry['isSidechain'] === true
  run.uuid = idOf(entry['uuid'])
  run.parent = idOf(entry['parentUuid'])
  run.at = at
  run.model = model === syntheticModel ? null : model
  run.usage = fullerUsage(run.usage, usageOf(entry, message, at))
}

/** The id by which an assistant line joins the lines before it. */
export function messageIdOf(entry: JsonObject): string | null {
  return idOf(asObject(entry['message'])?.['id'])
}

/** Records of a run as it stands, and what the state becomes should it end here. */
export function concludeRun(
  run: Run,
  sessionId: string,
  state: State,
): { readonly records: readonly SessionRecord[]; readonly after: Partial<State>; readonly entry: Entry } {
  const message = messageOf(run, sessionId)
  const calls = callsOf(run, sessionId)
  const usage: Usage | null =
    run.usage === null ? null : { kind: 'usage', sessionId, offset: run.offset, part: 0, ...run.usage }
  const isKept = message.text !== '' || message.thinking !== '' || calls.length > 0
  const records: SessionRecord[] = isKept ? [message, ...calls] : []
  if (usage !== null && !isEmptyUsage(usage)) records.push(usage)
  const after: Partial<State> = isKept
    ? {
        hasMessages: true,
        lastRole: 'assistant',
        lastAt: run.at,
        isEndTurn: run.isEndTurn,
        pendingCalls: calls.flatMap((call) => call.callId ?? []).slice(-maxPendingCalls),
      }
    : {}
  const searches = calls.flatMap((call) => (call.name === 'WebSearch' ? (call.callId ?? []) : []))
  const entry: Entry = {
    offset: run.offset,
    uuid: run.uuid,
    parent: run.parent,
    at: run.at,
    kind: !isKept ? 'other' : run.isEndTurn ? 'ended' : 'answer',
    calls: after.pendingCalls?.length ?? 0,
  }
  if (usage === null || usage.webSearches > 0 || searches.length === 0) return { records, after, entry }
  const open = { calls: searches.slice(-maxPendingCalls), usage }
  return { records, after: { ...after, openSearches: appended(state.openSearches, open, maxOpenSearches) }, entry }
}

function messageOf(run: Run, sessionId: string): Message {
  const texts = run.blocks.flatMap((block) => {
    if (block.kind === 'text') return block.text === '' ? [] : [block.text]
    return block.kind === 'other' && block.marker !== null ? [block.marker] : []
  })
  const thoughts = run.blocks.flatMap((block) => (block.kind === 'thinking' && block.text !== '' ? [block.text] : []))
  return {
    kind: 'message',
    sessionId,
    offset: run.offset,
    part: 0,
    role: 'assistant',
    subtype: null,
    uuid: run.uuid,
    at: run.at,
    model: run.model,
    text: texts.join('\n'),
    thinking: thoughts.join('\n\n'),
    isUserTurn: false,
    isPrompt: false,
    isSidechain: run.isSidechain,
  }
}

function callsOf(run: Run, sessionId: string): ToolCall[] {
  const calls = run.blocks.flatMap((block) =>
    block.kind === 'call' && block.name !== null ? [{ ...block, name: block.name }] : [],
  )
  return calls.map(({ callId, name, input }, index) => ({
    kind: 'tool-call',
    sessionId,
    offset: run.offset,
    part: 0,
    index,
    callId,
    name,
    category: toolCategory(name),
    input,
  }))
}

/** A line is a snapshot of the message so far when its blocks line up with ours; else it adds to it. */
function mergeBlocks(merged: readonly Block[], incoming: readonly Block[], isWhole: boolean): readonly Block[] {
  if (merged.length === 0) return incoming
  const isSnapshot = !isWhole && incoming.every((block, i) => merged[i] === undefined || isAligned(merged[i], block))
  if (!isSnapshot) return [...merged, ...incoming.filter((block) => !merged.some((known) => isSame(known, block)))]
  const grown = merged.map((known, i) => newer(known, incoming[i]))
  return [...grown, ...incoming.slice(merged.length)]
}

function isAligned(known: Block, block: Block): boolean {
  if (known.kind !== 'text' || block.kind !== 'text') return isSame(known, block)
  return known.text.startsWith(block.text) || block.text.startsWith(known.text)
}

function isSame(known: Block, block: Block): boolean {
  if (known.kind === 'text' && block.kind === 'text') return known.text === block.text
  if (known.kind === 'other' && block.kind === 'other') return known.raw === block.raw
  if (known.kind === 'thinking' && block.kind === 'thinking') {
    return known.text === block.text && known.signature === block.signature
  }
  if (known.kind !== 'call' || block.kind !== 'call' || known.callId !== block.callId) return false
  return known.callId !== null || (known.name === block.name && known.input === block.input)
}

function newer(known: Block, block: Block | undefined): Block {
  if (block === undefined) return known
  return known.kind === 'text' && block.kind === 'text' && known.text.length > block.text.length ? known : block
}
