import { cleanString, cutBytes } from '../shared/index.ts'

const maxIdBytes = 256

/** An identifier or short name as logged: cleaned, trimmed, at most 256 bytes; null when there is none. */
export function idOf(value: unknown): string | null {
  const text = cleanString(value)?.trim()
  return text === undefined ? null : cutBytes(text, maxIdBytes)
}

/** A session's id as logged; null when it is none that a log of ours could have. */
export function sessionIdOf(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,249}$/.test(value) ? value : null
}

/** The session id of a subagent by the id its caller knows it by: `agent-` in front, never twice. */
export function agentSessionOf(value: unknown): string | null {
  const id = sessionIdOf(value)
  return id === null || id.startsWith('agent-') ? id : sessionIdOf(`agent-${id}`)
}
