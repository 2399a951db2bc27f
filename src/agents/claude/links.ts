import { type JsonObject, asObject, isObject } from '../../base/index.ts'
import { agentSessionOf, idOf } from './ids.ts'

/** A tool call and the session it started. */
export interface Link {
  readonly callId: string
  readonly sessionId: string
}

/** The link a queued task's notification tells: JSON text or tags, both naming the task and the call. */
export function queueLink(entry: JsonObject): Link | null {
  const { content } = entry
  if (entry['operation'] !== 'enqueue' || typeof content !== 'string') return null
  const fields = content.trimStart().startsWith('{') ? parseObject(content) : null
  const callId = idOf(fields === null ? tagged(content, 'tool-use-id') : fields['tool_use_id'])
  const task = fields === null ? tagged(content, 'task-id') : fields['task_id']
  return linkOf(callId, task)
}

/** The link a subagent's progress report tells. */
export function progressLink(entry: JsonObject): Link | null {
  const data = asObject(entry['data'])
  if (data?.['type'] !== 'agent_progress') return null
  return linkOf(idOf(entry['parentToolUseID']), data['agentId'])
}

/** The link a tool's result tells; only a line with a single result says whose it is. */
export function resultLink(entry: JsonObject, callIds: readonly string[]): Link | null {
  const [callId] = callIds
  if (callId === undefined || callIds.length !== 1) return null
  return linkOf(callId, asObject(entry['toolUseResult'])?.['agentId'])
}

function linkOf(callId: string | null, agentId: unknown): Link | null {
  const sessionId = agentSessionOf(typeof agentId === 'string' ? agentId.trim() : agentId)
  return callId === null || sessionId === null ? null : { callId, sessionId }
}

function tagged(text: string, tag: string): string | null {
  const open = text.indexOf(`<${tag}>`)
  const close = text.indexOf(`</${tag}>`, open)
  return open === -1 || close === -1 ? null : text.slice(open + tag.length + 2, close)
}

function parseObject(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text) as unknown
    return isObject(value) ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
