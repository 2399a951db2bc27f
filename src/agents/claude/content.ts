import { asArray, asObject, cleanText, isObject } from '../../base/index.ts'
import { jsonText } from '../shared/index.ts'
import { idOf } from './ids.ts'

/** One block of an assistant's message; `raw` tells blocks apart that carry nothing for us. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string; readonly signature: string }
  | { readonly kind: 'call'; readonly callId: string | null; readonly name: string | null; readonly input: string }
  | { readonly kind: 'other'; readonly marker: string | null; readonly raw: string }

/** What a user line holds: its text, a marker for each attachment, and results of tools. */
export interface UserContent {
  readonly text: string
  readonly markers: readonly string[]
  readonly results: readonly { readonly callId: string; readonly text: string; readonly isError: boolean }[]
}

const markersByType: ReadonlyMap<unknown, string> = new Map([
  ['image', '[image]'],
  ['document', '[document]'],
])

/**
 * The blocks of an assistant's `message.content`.
 * @param line JSON text of the whole line, from which inputs with very long numbers are cut
 */
export function blocksOf(content: unknown, line: string): Block[] {
  if (typeof content === 'string') return [{ kind: 'text', text: cleanText(content) }]
  return asArray(content).flatMap((value, index): Block[] => {
    const block = asObject(value)
    if (block === null) return []
    const path = ['message', 'content', index]
    if (block['type'] === 'text') return [{ kind: 'text', text: textOf(block['text']) }]
    if (block['type'] === 'thinking') {
      return [{ kind: 'thinking', text: textOf(block['thinking']), signature: textOf(block['signature']) }]
    }
    if (block['type'] === 'tool_use') {
      return [{ kind: 'call', callId: idOf(block['id']), name: idOf(block['name']), input: inputOf(block, line, path) }]
    }
    return [{ kind: 'other', marker: markersByType.get(block['type']) ?? null, raw: jsonText(block, line, path) }]
  })
}

/** Sorts a user line's `message.content` (a string or blocks) into text, attachments and tool results. */
export function userContentOf(content: unknown): UserContent {
  if (typeof content === 'string') return { text: cleanText(content), markers: [], results: [] }
  const texts: string[] = []
  const markers: string[] = []
  const results: { callId: string; text: string; isError: boolean }[] = []
  for (const value of asArray(content)) {
    const block = asObject(value)
    if (block === null) continue
    const marker = markersByType.get(block['type'])
    const callId = block['type'] === 'tool_result' ? idOf(block['tool_use_id']) : null
    const text = block['type'] === 'text' ? textOf(block['text']) : ''
    if (text !== '') texts.push(text)
    if (marker !== undefined) markers.push(marker)
    if (callId !== null) {
      results.push({ callId, text: resultText(block['content']), isError: block['is_error'] === true })
    }
  }
  return { text: texts.join('\n'), markers, results }
}

/** Text with the markers of attachments below it. */
export function withMarkers(text: string, markers: readonly string[]): string {
  return [...(text === '' ? [] : [text]), ...markers].join('\n')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? cleanText(value) : ''
}

function inputOf(block: { readonly [key: string]: unknown }, line: string, path: readonly (string | number)[]): string {
  const { input } = block
  const isEmpty = input === undefined || input === null || (isObject(input) && Object.keys(input).length === 0)
  const fallback = block['arguments']
  if (!isEmpty || fallback === undefined) return isEmpty ? '{}' : jsonText(input, line, [...path, 'input'])
  return typeof fallback === 'string' ? cleanText(fallback) : jsonText(fallback, line, [...path, 'arguments'])
}

function resultText(content: unknown): string {
  if (typeof content === 'string') return cleanText(content)
  const blocks = asArray(content).map(asObject)
  const text = blocks.map((block) => (block?.['type'] === 'text' ? textOf(block['text']) : '')).join('')
  if (text !== '') return text
  return blocks.flatMap((block) => markersByType.get(block?.['type']) ?? []).join('\n')
}
