import { asObject, asText, cleanText, isObject } from '../../base/index.ts'
import type { SessionRecord } from '../../model/index.ts'
import { cleanString, jsonText, toolCategory } from '../shared/index.ts'
import { noteCall, takeResult } from './agent-calls.ts'
import { embeddedObject } from './embedded-json.ts'
import { assistantMessage } from './rows.ts'
import type { CodexState, Entry } from './state.ts'
import { contentBlocks } from './text.ts'

/** Items that are a call, with the name of the tool where the item itself is one and where its input stands. */
const calls: ReadonlyMap<string, { readonly name: string | null; readonly inputs: readonly string[] }> = new Map([
  ['function_call', { name: null, inputs: ['arguments', 'input'] }],
  ['custom_tool_call', { name: null, inputs: ['arguments', 'input'] }],
  ['local_shell_call', { name: 'local_shell', inputs: ['action'] }],
  ['web_search_call', { name: 'web_search', inputs: ['action'] }],
  ['tool_search_call', { name: 'tool_search', inputs: ['arguments'] }],
  ['image_generation_call', { name: 'image_generation', inputs: ['revised_prompt'] }],
])

const outputs = new Set(['function_call_output', 'custom_tool_call_output'])

/** The records of an item that is a tool's call or its output; null for any other item. */
export function takeTool(state: CodexState, entry: Entry): readonly SessionRecord[] | null {
  const type = entry.payload['type']
  if (typeof type !== 'string') return null
  const call = calls.get(type)
  if (call !== undefined) return takeCall(state, entry, call.name ?? cleanString(entry.payload['name']), call.inputs)
  return outputs.has(type) ? takeOutput(state, entry) : null
}

function takeCall(
  state: CodexState,
  entry: Entry,
  name: string | null,
  inputs: readonly string[],
): readonly SessionRecord[] {
  if (name === null) return []
  const { payload, sessionId, offset } = entry
  const callId = cleanString(payload['call_id']) ?? cleanString(payload['id'])
  const namespace = cleanString(payload['namespace'])?.trim() ?? null
  noteCall(state, callId, name)
  return [
    assistantMessage(state, entry, {}),
    {
      kind: 'tool-call',
      sessionId,
      offset,
      part: 0,
      index: 0,
      callId,
      name: qualified(name, namespace),
      category: namespace?.startsWith('mcp__') === true ? toolCategory(qualified(name, namespace)) : toolCategory(name),
      input: inputText(entry, inputs),
    },
  ]
}

/** The name with the namespace a tool comes from, the way names of MCP tools are written: `mcp__server__tool`. */
function qualified(name: string, namespace: string | null): string {
  if (namespace === null || name.startsWith(namespace)) return name
  return /[a-z0-9]$/i.test(namespace) ? `${namespace}__${name}` : `${namespace}${name}`
}

/** The input as raw JSON: functions keep theirs as JSON inside a string, custom tools as plain text. */
function inputText(entry: Entry, keys: readonly string[]): string {
  const key = keys.find((name) => entry.payload[name] !== undefined && entry.payload[name] !== null)
  if (key === undefined) return ''
  const value = entry.payload[key]
  return typeof value === 'string' ? cleanText(value) : jsonText(value, entry.text, [...entry.path, key])
}

function takeOutput(state: CodexState, entry: Entry): readonly SessionRecord[] {
  const { payload } = entry
  const callId = cleanString(payload['call_id'])
  if (callId === null) return []
  const given = outputOf(payload['output'], entry)
  const isError = given.isError || payload['success'] === false || asText(payload['status']) === 'failed'
  return takeResult(state, entry, { callId, text: given.text, isError })
}

interface Output {
  readonly text: string
  readonly isError: boolean
}

/** An output is a text, which may be JSON around the text proper, a list of blocks, or an object. */
function outputOf(output: unknown, entry: Entry): Output {
  if (typeof output === 'string') return outputOfText(output)
  if (Array.isArray(output)) return { text: contentBlocks(output).join('\n'), isError: false }
  if (!isObject(output)) return { text: '', isError: false }
  const content = output['content']
  if (typeof content !== 'string' && !Array.isArray(content)) {
    return { text: jsonText(output, entry.text, [...entry.path, 'output']), isError: output['success'] === false }
  }
  const inner =
    typeof content === 'string' ? outputOfText(content) : { text: contentBlocks(content).join('\n'), isError: false }
  return { text: inner.text, isError: inner.isError || output['success'] === false }
}

function outputOfText(text: string): Output {
  // Only a shell's wrapper is worth a second parse; other JSON is shown as it came.
  const wrapper = isWrapper(text) ? embeddedObject(text) : null
  if (wrapper === null) return { text: cleanText(text), isError: hasFailed(text) }
  const code = asObject(wrapper['metadata'])?.['exit_code'] ?? wrapper['exit_code']
  const inner = asText(wrapper['output']) ?? text
  return { text: cleanText(inner), isError: (typeof code === 'number' && code !== 0) || wrapper['success'] === false }
}

function isWrapper(text: string): boolean {
  return text.startsWith('{') && (text.includes('"exit_code"') || text.includes('"success"'))
}

/** The head a shell's plain output begins with tells its exit code. */
function hasFailed(text: string): boolean {
  const code = /^(?:Exit code:|[^]{0,256}?\nProcess exited with code|Process exited with code) (-?\d+)/.exec(
    text.slice(0, 400),
  )
  return code !== null && Number(code[1]) !== 0
}
