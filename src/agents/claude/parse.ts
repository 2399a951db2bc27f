import { type EpochMs, type Json, type JsonObject, asObject } from '../../base/index.ts'
import type { Line, Message, SessionPatch, SessionRecord, Usage } from '../../model/index.ts'
import type { LineParser, ObjectContext } from '../agent.ts'
import { badLine, decodeLine, timeOf, tokensOf } from '../shared/index.ts'
import { userContentOf, withMarkers } from './content.ts'
import { type EntryKind, entryMark, noteEntry } from './entries.ts'
import { factsOf, noteFacts } from './facts.ts'
import { idOf } from './ids.ts'
import { noteKin } from './kin.ts'
import { type Link, progressLink, queueLink, resultLink } from './links.ts'
import { outputRefs } from './outputs.ts'
import { type Run, concludeRun, extendRun, messageIdOf, openRun } from './run.ts'
import { openSidecar } from './sidecar.ts'
import { type State, appended, loadState, saveState } from './state.ts'
import { isSlashCommand, readQueuedText, readUserText } from './text.ts'
import { noteTitle, noteUuid } from './titles.ts'
import { type UsageDraft, isEmptyUsage, progressUsageOf, usageOf } from './usage.ts'

const maxRecentLinks = 16

/** A parser for one log, or for an object that stands beside it. */
export function openClaude(context: ObjectContext, saved: Json): LineParser {
  return context.role === 'sidecar' ? openSidecar(context, saved) : new ClaudeParser(context, loadState(saved))
}

/** A line as its handlers see it. */
interface Entry {
  readonly value: JsonObject
  readonly type: unknown
  /** JSON text of the line. */
  readonly text: string
  readonly offset: number
  readonly at: EpochMs | null
}

class ClaudeParser implements LineParser {
  readonly #context: ObjectContext
  readonly #sessionId: string
  readonly #state: State
  /** The response whose lines are coming in, and the state as it was before its first line. */
  #open: { readonly run: Run; readonly before: State } | null = null

  constructor(context: ObjectContext, state: State) {
    this.#context = context
    this.#sessionId = context.sessionId
    this.#state = state
  }

  push(line: Line): readonly SessionRecord[] {
    const decoded = decodeLine(line)
    if (decoded.kind === 'blank') return []
    if (decoded.kind !== 'object') {
      this.#state.isSeen = true
      this.#state.isLastLineBad = decoded.kind === 'bad'
      return decoded.kind === 'bad' ? [badLine(line)] : []
    }
    const { value, text } = decoded
    const at = timeOf(value['timestamp']) ?? timeOf(asObject(value['snapshot'])?.['timestamp'])
    const entry = { value, type: value['type'], text, offset: line.offset, at }
    if (entry.type !== 'user' && entry.type !== 'assistant') return this.#pushOther(entry)
    const isAnswer = entry.type === 'assistant' && value['isCompactSummary'] !== true
    const id = isAnswer ? messageIdOf(value) : null
    const joins = this.#open !== null && id !== null && id === this.#open.run.id
    const closed = joins ? [] : this.#closeRun()
    // Taken before the line leaves a trace: reading may have to start again with it.
    const before = { ...this.#state }
    this.#note(entry)
    const kin = noteKin(this.#state, this.#context, value, line.offset)
    noteUuid(this.#state, idOf(value['uuid']))
    if (!isAnswer) return [...closed, ...kin, ...this.#pushTalk(entry)]
    if (joins && this.#open !== null) extendRun(this.#open.run, value, text, at)
    else this.#open = { run: openRun(value, text, line.offset, at), before }
    return id === null ? [...closed, ...kin, ...this.#closeRun()] : [...closed, ...kin]
  }

  flush(tail: 'whole' | 'unfinished'): readonly SessionRecord[] {
    if (!this.#state.isSeen && tail === 'whole') return []
    const concluded = this.#concluded()
    const { records = [], after = {} } = concluded ?? {}
    const isTree = concluded !== null && this.#state.tree !== null
    const entry = isTree ? [entryMark(this.#sessionId, concluded.entry)] : []
    const patch: SessionPatch = {
      kind: 'session',
      sessionId: this.#sessionId,
      facts: factsOf({ ...this.#state, ...after }, this.#context, tail),
    }
    return [...records, ...entry, patch]
  }

  resume(): { readonly offset: number | null; readonly state: Json } {
    if (this.#open === null) return { offset: null, state: saveState(this.#state) }
    return { offset: this.#open.run.offset, state: saveState(this.#open.before) }
  }

  #concluded(): ReturnType<typeof concludeRun> | null {
    return this.#open === null ? null : concludeRun(this.#open.run, this.#sessionId, this.#state)
  }

  #closeRun(): readonly SessionRecord[] {
    const concluded = this.#concluded()
    if (concluded === null) return []
    const { records, after, entry } = concluded
    Object.assign(this.#state, after)
    this.#open = null
    return [...records, ...noteEntry(this.#state, this.#sessionId, entry)]
  }

  #note(entry: Entry): void {
    noteFacts(this.#state, entry.type, entry.value, entry.at)
  }

  /** Lines that are neither a user's nor an assistant's: they do not end a run. */
  #pushOther(entry: Entry): readonly SessionRecord[] {
    this.#note(entry)
    noteTitle(this.#state, entry.type, entry.value, entry.offset)
    if (entry.type === 'queue-operation') return this.#toldLink(entry, queueLink(entry.value))
    if (entry.type === 'progress') {
      return [
        ...this.#toldLink(entry, progressLink(entry.value)),
        ...this.#usage(entry, progressUsageOf(entry.value, entry.at)),
      ]
    }
    if (entry.type !== 'attachment') return []
    const queued = this.#queuedPrompt(entry)
    return queued.length === 0 ? [] : [...queued, ...this.#entry(entry, 'queued', 0)]
  }

  /** A line's place in the tree of the log. */
  #entry({ offset, value, at }: Entry, kind: EntryKind, calls: number): readonly SessionRecord[] {
    const ids = { uuid: idOf(value['uuid']), parent: idOf(value['parentUuid']) }
    return noteEntry(this.#state, this.#sessionId, { offset, ...ids, at, kind, calls })
  }

  /** A user line, or a summary that stands for everything before it. */
  #pushTalk(entry: Entry): readonly SessionRecord[] {
    const content = userContentOf(asObject(entry.value['message'])?.['content'])
    if (entry.value['isCompactSummary'] === true) {
      // It may have been written by a model, and charged.
      const usage = usageOf(entry.value, asObject(entry.value['message']) ?? {}, entry.at)
      const boundary = this.#message(entry, 0, 'compact_boundary', content.text)
      return [boundary, ...this.#usage(entry, usage), ...this.#entry(entry, 'other', 0)]
    }
    const callIds = content.results.map((result) => result.callId)
    const links = this.#hintedLink(resultLink(entry.value, callIds))
    if (entry.value['isMeta'] === true) return [...links, ...this.#entry(entry, 'other', 0)]
    const pending = this.#state.pendingCalls.length
    this.#state.pendingCalls = this.#state.pendingCalls.filter((callId) => !callIds.includes(callId))
    const settled = pending - this.#state.pendingCalls.length
    const messages = this.#userMessages(entry, content)
    const kind = messages.some((message) => message.isUserTurn) ? 'prompt' : 'other'
    return [
      ...messages,
      ...this.#results(entry, content),
      ...this.#searchUsage(entry, callIds),
      ...links,
      ...this.#entry(entry, kind, settled),
    ]
  }

  #results(entry: Entry, { results }: ReturnType<typeof userContentOf>): readonly SessionRecord[] {
    const refs = outputRefs(entry.value, results, this.#context.path, this.#state.contentId)
    return results.map((result, part) => {
      const { offset, at } = entry
      const outputRef = refs[part] ?? null
      const told = outputRef === null ? {} : { outputRef }
      return { kind: 'tool-result', sessionId: this.#sessionId, offset, part, ...result, at, ...told }
    })
  }

  #userMessages(entry: Entry, content: ReturnType<typeof userContentOf>): readonly Message[] {
    const parts = readUserText(content.text)
    const messages = parts.map(({ subtype, text }, part) =>
      subtype === null
        ? this.#turn(entry, part, null, text, content.markers)
        : this.#message(entry, part, subtype, text, parts.length > 1 ? ':ide-context' : ''),
    )
    const hasTurn = parts.some(({ subtype }) => subtype === null)
    if (hasTurn || content.markers.length === 0 || (parts.length === 0 && content.text !== '')) return messages
    return [...messages, this.#turn(entry, parts.length, null, '', content.markers)]
  }

  #queuedPrompt(entry: Entry): readonly Message[] {
    const attachment = asObject(entry.value['attachment'])
    if (attachment?.['type'] !== 'queued_command') return []
    const { text, markers } = userContentOf(attachment['prompt'])
    const read = readQueuedText(text)
    if (read !== null && read.subtype !== 'queued') return [this.#message(entry, 0, read.subtype, read.text)]
    if (read === null && (text !== '' || markers.length === 0)) return []
    return [{ ...this.#turn(entry, 0, 'queued', read?.text ?? '', markers), uuid: null }]
  }

  /** Something a person typed. */
  #turn(entry: Entry, part: number, subtype: 'queued' | null, text: string, markers: readonly string[]): Message {
    const { lastAt } = this.#state
    // A queued prompt is written down late: its place is where its time puts it.
    const isLast = subtype === null || entry.at === null || lastAt === null || entry.at >= lastAt
    if (isLast) Object.assign(this.#state, { lastRole: 'user', lastAt: entry.at })
    return {
      ...this.#message(entry, part, subtype, withMarkers(text, markers)),
      role: 'user',
      isUserTurn: true,
      isPrompt: text !== '' && !isSlashCommand(text),
    }
  }

  #message(entry: Entry, part: number, subtype: string | null, text: string, uuidSuffix = ''): Message {
    this.#state.hasMessages = true
    const uuid = idOf(entry.value['uuid'])
    return {
      kind: 'message',
      sessionId: this.#sessionId,
      offset: entry.offset,
      part,
      role: 'system',
      subtype,
      uuid: uuid === null ? null : `${uuid}${uuidSuffix}`,
      at: entry.at,
      model: null,
      text,
      thinking: '',
      isUserTurn: false,
      isPrompt: false,
      isSidechain: entry.value['isSidechain'] === true,
    }
  }

  /** A link the log tells on purpose: of several for one call the last holds. */
  #toldLink(entry: Entry, link: Link | null): readonly SessionRecord[] {
    if (link === null) return []
    const { recentLinks } = this.#state
    const known = recentLinks.find(([callId]) => callId === link.callId)
    if (known?.[1] === link.sessionId) return []
    const others = recentLinks.filter((pair) => pair !== known)
    this.#state.recentLinks = appended(others, [link.callId, link.sessionId] as const, maxRecentLinks)
    return [this.#spawn(entry.offset, link)]
  }

  /** A link read off a tool's result: at the object's start, so that any other told for its call comes later. */
  #hintedLink(link: Link | null): readonly SessionRecord[] {
    return link === null ? [] : [this.#spawn(0, link)]
  }

  #spawn(offset: number, link: Link): SessionRecord {
    const { callId: key, sessionId: value } = link
    return { kind: 'mark', sessionId: this.#sessionId, offset, name: 'spawn', key, value }
  }

  #usage(entry: Entry, draft: UsageDraft | null): readonly Usage[] {
    if (draft === null || isEmptyUsage(draft)) return []
    return [{ kind: 'usage', sessionId: this.#sessionId, offset: entry.offset, part: 0, ...draft }]
  }

  /** Web searches that only the results of a response's calls tell: its row is given again with them. */
  #searchUsage(entry: Entry, callIds: readonly string[]): readonly Usage[] {
    const [callId] = callIds
    const open = this.#state.openSearches.find(({ calls }) => callIds.some((id) => calls.includes(id)))
    if (open === undefined || callId === undefined) return []
    const result = callIds.length === 1 ? asObject(entry.value['toolUseResult']) : null
    const searches = tokensOf(result?.['searchCount'])
    const usage = { ...open.usage, webSearches: tokensOf(open.usage.webSearches + searches) }
    const calls = open.calls.filter((id) => !callIds.includes(id))
    this.#state.openSearches = this.#state.openSearches.flatMap((other) => {
      if (other !== open) return [other]
      return calls.length === 0 ? [] : [{ calls, usage }]
    })
    return searches === 0 ? [] : [usage]
  }
}
