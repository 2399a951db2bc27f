import type { Mark, Message, ToolResult } from '../../model/index.ts'
import { cleanString, cutBytes } from '../shared/index.ts'
import type { CodexState, Entry } from './state.ts'

/** A message of the model at the entry's line. */
export function assistantMessage(
  state: CodexState,
  entry: Entry,
  said: { readonly text?: string; readonly thinking?: string },
): Message {
  return {
    ...emptyMessage(entry, 'assistant'),
    model: state.model,
    text: said.text ?? '',
    thinking: said.thinking ?? '',
  }
}

/** A prompt at the entry's line. */
export function userMessage(entry: Entry, text: string): Message {
  return { ...emptyMessage(entry, 'user'), text, isUserTurn: true, isPrompt: true }
}

/** A message at the entry's line that says nothing yet. */
export function emptyMessage(entry: Entry, role: Message['role']): Message {
  return {
    kind: 'message',
    sessionId: entry.sessionId,
    offset: entry.offset,
    part: 0,
    role,
    subtype: null,
    uuid: null,
    at: entry.at,
    model: null,
    text: '',
    thinking: '',
    isUserTurn: false,
    isPrompt: false,
    isSidechain: false,
  }
}

/** What a call gave back, at the entry's line. */
export function toolResult(entry: Entry, part: number, given: ResultParts): ToolResult {
  return {
    kind: 'tool-result',
    sessionId: entry.sessionId,
    offset: entry.offset,
    part,
    callId: given.callId,
    text: given.text,
    isError: given.isError,
    at: entry.at,
  }
}

export interface ResultParts {
  readonly callId: string
  readonly text: string
  readonly isError: boolean
}

/** A mark at the entry's line. */
export function mark(entry: Entry, name: string, key: string, value: string): Mark {
  return { kind: 'mark', sessionId: entry.sessionId, offset: entry.offset, name, key, value }
}

/** The value as text of at most `maxBytes` bytes, for what is carried from line to line; null when it says nothing. */
export function shortText(value: unknown, maxBytes = 256): string | null {
  const text = cleanString(value)
  return text === null ? null : cutBytes(text, maxBytes)
}
