import { Buffer } from 'node:buffer'
import { type JsonObject, asArray, asText, cleanText, isObject } from '../../base/index.ts'

/** Texts of a message's or an output's content: blocks in order, images as `[image]`. */
export function contentBlocks(content: unknown): readonly string[] {
  if (typeof content === 'string') return content === '' ? [] : [cleanText(content)]
  const blocks: string[] = []
  for (const block of asArray(content)) {
    if (!isObject(block)) continue
    const text = blockText(block)
    if (text !== '') blocks.push(text)
  }
  return blocks
}

function blockText(block: JsonObject): string {
  switch (block['type']) {
    case 'input_text':
    case 'output_text':
    case 'text':
    case 'summary_text':
    case 'reasoning_text':
      return typeof block['text'] === 'string' ? cleanText(block['text']) : ''
    case 'input_image':
      return '[image]'
    default:
      return ''
  }
}

/** Text of a mail between agents: what is not encrypted of it; empty when all of it is. */
export function mailText(content: unknown): string {
  const sealed = asArray(content)
    .filter(isObject)
    .flatMap((block) => asText(block['encrypted_content']) ?? [])
  if (sealed.length === 0) return contentBlocks(content).join('\n')
  return cleanText(sealed.filter((text) => !isFernetToken(text)).join('\n'))
}

/**
 * True for a Fernet token: base64url of a version byte 0x80, eight bytes of time, an initial vector
 * of 16, whole blocks of 16, and a signature of 32.
 */
function isFernetToken(text: string): boolean {
  if (!text.startsWith('gAAAAA') || !/^[A-Za-z0-9_-]+={0,2}$/.test(text)) return false
  const bytes = Buffer.from(text, 'base64url')
  return bytes[0] === 0x80 && bytes.length >= 73 && (bytes.length - 57) % 16 === 0
}

const injected = ['# AGENTS.md', '<environment_context>', '<INSTRUCTIONS>', '<user_instructions>']
const injectedTrimmed = ['<turn_aborted>', '<skill>', '<goal_context>', notificationTag()]

/** True for a user message the program wrote itself: context, instructions, notices. */
export function isInjected(text: string): boolean {
  if (injected.some((start) => text.startsWith(start))) return true
  const trimmed = text.trimStart()
  return injectedTrimmed.some((start) => trimmed.startsWith(start)) || isGoalContext(trimmed)
}

function isGoalContext(text: string): boolean {
  if (!text.startsWith('<codex_internal_context')) return false
  return text.slice(0, Math.max(text.indexOf('>'), 0)).includes('source="goal"')
}

/** True for the notice that a turn was broken off. */
export function isAbortNotice(text: string): boolean {
  return text.trimStart().startsWith('<turn_aborted>')
}

/** The body of a `<subagent_notification>` message; null for any other text. */
export function notificationBody(text: string): string | null {
  const tag = notificationTag()
  const trimmed = text.trim()
  if (!trimmed.startsWith(tag)) return null
  const end = trimmed.lastIndexOf('</subagent_notification>')
  return trimmed.slice(tag.length, end === -1 ? undefined : end).trim()
}

function notificationTag(): string {
  return '<subagent_notification>'
}

/** The working directory an environment block tells; null when it tells none. */
export function cwdOfEnvironment(text: string): string | null {
  if (!text.trimStart().startsWith('<environment_context>')) return null
  const tagged = between(text, '<cwd>', '</cwd>') ?? between(text, 'Current working directory: ', '\n')
  return tagged === null || tagged.trim() === '' ? null : tagged.trim()
}

function between(text: string, open: string, close: string): string | null {
  const start = text.indexOf(open)
  const end = start === -1 ? -1 : text.indexOf(close, start + open.length)
  return end === -1 ? null : text.slice(start + open.length, end)
}

/**
 * What a person typed, of a session's first message: a list of recommended plugins in its first block
 * is cut out, and with it the injected blocks around the prompt. Without such a list the text stands.
 */
export function firstPromptText(blocks: readonly string[]): string {
  const first = blocks[0] ?? ''
  const start = first.indexOf('<recommended_plugins>')
  const close = '</recommended_plugins>'
  const end = start === -1 ? -1 : first.indexOf(close, start)
  if (end === -1) return blocks.join('\n')
  const rest = [first.slice(0, start) + first.slice(end + close.length), ...blocks.slice(1)]
  return rest
    .map(withoutEnvelopes)
    .filter((block) => block.trim() !== '' && !isInjected(block))
    .join('\n')
}

const envelopes: readonly (readonly [string, string])[] = [
  ['# AGENTS.md', '</INSTRUCTIONS>'],
  ['<environment_context>', '</environment_context>'],
  ['<INSTRUCTIONS>', '</INSTRUCTIONS>'],
]

/** The block without the complete envelopes it begins with. */
function withoutEnvelopes(block: string): string {
  let rest = block.trim()
  for (;;) {
    const envelope = envelopes.find(([open]) => rest.startsWith(open))
    const end = envelope === undefined ? -1 : rest.indexOf(envelope[1])
    if (envelope === undefined || end === -1) return rest
    rest = rest.slice(end + envelope[1].length).trimStart()
  }
}
