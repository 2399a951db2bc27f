import { type JsonObject, cleanText } from '../../base/index.ts'
import { cutBytes } from '../shared/index.ts'
import { idOf } from './ids.ts'
import { type State, appended } from './state.ts'

const maxTitleBytes = 1024
const maxOpenSummaries = 16
const maxRecentUuids = 8
const renameCommand = '<command-name>/rename</command-name>'

/** The title by who gave it: the person, a `/rename`, the program, a summary of this very log. */
export function titleOf(state: State): string | null {
  return state.customTitle ?? state.renamedTitle ?? state.aiTitle ?? state.summary?.title ?? null
}

/** Takes a line that may name the session. */
export function noteTitle(state: State, type: unknown, entry: JsonObject, offset: number): void {
  if (type === 'custom-title') state.customTitle = titleText(entry['customTitle'])
  if (type === 'ai-title') state.aiTitle = titleText(entry['aiTitle'])
  if (type === 'system') noteRename(state, entry['content'])
  if (type === 'summary') noteSummary(state, entry, offset)
}

/** Takes the uuid of a line: a summary that ends there speaks of this log. */
export function noteUuid(state: State, uuid: string | null): void {
  if (uuid === null) return
  state.recentUuids = appended(state.recentUuids, uuid, maxRecentUuids)
  const found = state.openSummaries.filter((summary) => summary.leaf === uuid)
  if (found.length === 0) return
  state.openSummaries = state.openSummaries.filter((summary) => summary.leaf !== uuid)
  const last = found.at(-1)
  if (last !== undefined && last.offset > (state.summary?.offset ?? -1)) state.summary = last
}

function noteRename(state: State, content: unknown): void {
  if (typeof content !== 'string' || !content.includes(renameCommand)) return
  const open = content.indexOf('<command-args>')
  const close = content.indexOf('</command-args>', open)
  state.renamedTitle =
    open === -1 || close === -1 ? null : titleText(content.slice(open + '<command-args>'.length, close))
}

function noteSummary(state: State, entry: JsonObject, offset: number): void {
  const title = titleText(entry['summary'])
  const leaf = idOf(entry['leafUuid'])
  if (title === null || leaf === null) return
  const summary = { title, leaf, offset }
  if (state.recentUuids.includes(leaf)) state.summary = summary
  else state.openSummaries = appended(state.openSummaries, summary, maxOpenSummaries)
}

function titleText(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = cutBytes(cleanText(value).replace(/\s+/g, ' ').trim(), maxTitleBytes)
  return text === '' ? null : text
}
