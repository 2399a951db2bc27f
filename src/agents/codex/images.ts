import { type JsonObject, asArray, asObject, asText, isObject } from '../../base/index.ts'
import type { Line } from '../../model/index.ts'
import type { LoggedImage } from '../agent.ts'
import { cleanString, decodeLine } from '../shared/index.ts'

/**
 * The pictures of a line: those of a message, of a tool's output, and the one that a call to make a picture gave.
 * One that the log gives as an address on the web has no bytes here.
 */
export function codexImages(line: Line): readonly LoggedImage[] {
  const decoded = decodeLine(line)
  if (decoded.kind !== 'object') return []
  const item = asObject(decoded.value['payload']) ?? decoded.value
  const callId = cleanString(item['call_id']) ?? cleanString(item['id'])
  switch (item['type']) {
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const output = item['output']
      return imagesOf(isObject(output) ? output['content'] : output, cleanString(item['call_id']))
    }
    case 'image_generation_call': {
      const base64 = asText(item['result'])
      return base64 === null ? [] : [{ callId, base64 }]
    }
    default:
      return imagesOf(item['content'], null)
  }
}

function imagesOf(content: unknown, callId: string | null): readonly LoggedImage[] {
  return asArray(content)
    .filter(isObject)
    .filter((block) => block['type'] === 'input_image')
    .map((block) => ({ callId, base64: dataOf(block) }))
}

/** What follows the head of a `data:` address, when it is base64. */
function dataOf(block: JsonObject): string | null {
  const url = asText(block['image_url']) ?? asText(asObject(block['image_url'])?.['url'])
  const head = /^data:image\/[\w.+-]{1,40}(?:;[\w=.+-]{1,60}){0,4};base64,/i.exec(url?.slice(0, 400) ?? '')
  return url === null || head === null ? null : url.slice(head[0].length)
}
