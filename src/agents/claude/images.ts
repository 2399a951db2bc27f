import { type JsonObject, asArray, asObject, asText, isObject } from '../../base/index.ts'
import type { Line } from '../../model/index.ts'
import type { LoggedImage } from '../agent.ts'
import { decodeLine } from '../shared/index.ts'
import { idOf } from './ids.ts'

/**
 * The pictures of a line: those of a message, of a prompt typed while a tool ran, and of the results of tools.
 * One that the log gives as an address or as an uploaded file has no bytes here.
 */
export function claudeImages(line: Line): readonly LoggedImage[] {
  const decoded = decodeLine(line)
  if (decoded.kind !== 'object') return []
  const { value } = decoded
  const content = asObject(value['message'])?.['content'] ?? asObject(value['attachment'])?.['prompt']
  return blocksIn(content).flatMap((block) => {
    if (block['type'] !== 'tool_result') return imageOf(block, null)
    const callId = idOf(block['tool_use_id'])
    return callId === null ? [] : blocksIn(block['content']).flatMap((inner) => imageOf(inner, callId))
  })
}

function blocksIn(content: unknown): readonly JsonObject[] {
  return asArray(content).filter(isObject)
}

function imageOf(block: JsonObject, callId: string | null): readonly LoggedImage[] {
  if (block['type'] !== 'image') return []
  const source = asObject(block['source'])
  return [{ callId, base64: source?.['type'] === 'base64' ? asText(source['data']) : null }]
}
