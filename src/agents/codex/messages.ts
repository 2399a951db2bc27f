import { cleanText } from '../../base/index.ts'
import type { Message, SessionRecord } from '../../model/index.ts'
import { takeNotification } from './agent-calls.ts'
import { assistantMessage, emptyMessage, shortText, userMessage } from './rows.ts'
import { type CodexState, type Entry, digest } from './state.ts'
import {
  contentBlocks,
  cwdOfEnvironment,
  firstPromptText,
  isAbortNotice,
  isInjected,
  mailText,
  notificationBody,
} from './text.ts'

/** Records of a `message` item: what people and the model said; instructions and injected context give none. */
export function takeMessage(state: CodexState, entry: Entry): readonly SessionRecord[] {
  const { role, content } = entry.payload
  if (role === 'assistant') {
    const text = contentBlocks(content).join('\n')
    return text.trim() === '' ? [] : [assistantMessage(state, entry, { text })]
  }
  return role === 'user' ? takeUserText(state, entry, contentBlocks(content)) : []
}

function takeUserText(state: CodexState, entry: Entry, blocks: readonly string[]): readonly SessionRecord[] {
  for (const block of blocks) state.cwd ??= shortText(cwdOfEnvironment(block), 4096)
  const text = state.prompt === null ? firstPromptText(blocks) : blocks.join('\n')
  if (text.trim() === '') return []
  if (isAbortNotice(text)) noteAbort(state)
  const notification = notificationBody(text)
  if (notification !== null) return takeNotification(state, entry, notification)
  if (isInjected(text) || isRepeatedPrompt(state, text)) return []
  state.isAsked = true
  return [userMessage(entry, text)]
}

/** Notes that the turn was broken off: the program may now write the first prompt once more. */
export function noteAbort(state: CodexState): void {
  state.isAborted = state.prompt !== null && !state.isPromptPast
}

/** True once: for the first prompt, byte for byte, after its turn was broken off and nothing else was asked. */
function isRepeatedPrompt(state: CodexState, text: string): boolean {
  if (state.isPromptPast) return false
  const seen = digest(text)
  if (state.prompt === null) {
    state.prompt = seen
    return false
  }
  const isRepeat = seen === state.prompt && state.isAborted
  state.isPromptPast = isRepeat || seen !== state.prompt
  return isRepeat
}

/** The record of mail from another agent, when it is for this one and can be read. */
export function takeMail(state: CodexState, entry: Entry): readonly Message[] {
  const { recipient, content } = entry.payload
  if (state.agentPath === null || typeof recipient !== 'string' || recipient.trim() !== state.agentPath) return []
  const text = mailText(content)
  if (text.trim() === '') return []
  state.isAsked = true
  return [userMessage(entry, text)]
}

/** The thoughts of a `reasoning` item, as far as they are readable. */
export function takeReasoning(state: CodexState, entry: Entry): readonly Message[] {
  const summary = contentBlocks(entry.payload['summary'])
  const thinking = (summary.length > 0 ? summary : contentBlocks(entry.payload['content'])).join('\n\n')
  return thinking.trim() === '' ? [] : [assistantMessage(state, entry, { thinking })]
}

/** The place where the program replaced the history by a summary. */
export function takeCompaction(entry: Entry): readonly Message[] {
  const text = entry.payload['message']
  return [
    {
      ...emptyMessage(entry, 'system'),
      subtype: 'compact_boundary',
      text: typeof text === 'string' ? cleanText(text) : '',
    },
  ]
}
