import type { ObjectRole } from '../../model/index.ts'
import { timeOf } from '../shared/index.ts'

const compressed = /\.(?:zst|gz)$/
const rollout = /^rollout-.+\.jsonl$/
const uuidPattern = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const uuidAtEnd = new RegExp(`(?:^|[-_])(${uuidPattern})$`, 'i')
const wholeUuid = new RegExp(`^${uuidPattern}$`, 'i')
const dated = /(?:^|\/)\d{4}\/\d\d\/\d\d\/[^/]+$/
const plainId = /^[A-Za-z0-9_-]{1,128}$/

/** The place of a path inside `raw/codex/`; null for everything that is neither a rollout nor the title index. */
export function locateCodex(
  path: string,
): { role: ObjectRole; sessionId: string; parentId: string | null; rank: number } | null {
  if (path.includes('\\') || path.split('/').some((part) => part === '' || part === '.' || part === '..')) return null
  const name = fileName(path)
  const plain = name.replace(compressed, '')
  if (plain === 'session_index.jsonl') return { role: 'titles', sessionId: path, parentId: null, rank: 0 }
  if (!rollout.test(plain)) return null
  const rank = (dated.test(path) ? 2 : 0) + (plain === name ? 1 : 0)
  return { role: 'session', sessionId: sessionIdOfPath(path), parentId: null, rank }
}

/** The thread's UUID as the file name tells it, in lower case; null when the name has none. */
export function threadIdOfPath(path: string): string | null {
  return uuidAtEnd.exec(stem(path))?.[1]?.toLowerCase() ?? null
}

/** Moment in a rollout's file name (the writer's local time, taken as UTC); null when there is none. */
export function startOfPath(path: string): number | null {
  const match = /^rollout-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)/.exec(fileName(path))
  return match === null ? null : timeOf(`${match[1]}T${match[2]}:${match[3]}:${match[4]}Z`)
}

/** A thread id from a log, trimmed, UUIDs in lower case; null when it cannot be one. */
export function threadIdOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 256) return null
  const id = value.trim()
  if (wholeUuid.test(id)) return id.toLowerCase()
  return plainId.test(id) ? id : null
}

/** True for an id that no other thread or turn can have: a UUID, in lower case. */
export function isUuid(id: string | null): id is string {
  return id !== null && wholeUuid.test(id)
}

/** The moment a version 7 UUID was made, which it begins with; null for any other id. */
export function uuidTime(id: string | null): number | null {
  const match = id === null || !wholeUuid.test(id) ? null : /^([0-9a-f]{8})-([0-9a-f]{4})-7/i.exec(id)
  return match === null ? null : Number.parseInt(`${match[1]}${match[2]}`, 16)
}

/** The session id of a thread. */
export function sessionIdOf(threadId: string): string {
  return `codex:${threadId}`
}

/** A number of a line as the log writes it (`12` or `"12"`); null when it is not a whole one. */
export function ordinalOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null
}

function sessionIdOfPath(path: string): string {
  return sessionIdOf(threadIdOfPath(path) ?? stem(path))
}

function stem(path: string): string {
  return fileName(path)
    .replace(compressed, '')
    .replace(/\.jsonl$/, '')
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
