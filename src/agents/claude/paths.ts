import { Buffer } from 'node:buffer'
import type { ObjectPlace } from '../agent.ts'

const logName = /^(.+)\.jsonl(?:\.gz|\.zst)?$/
const metaName = /^(agent-.+)\.meta\.json(?:\.gz|\.zst)?$/
const maxIdBytes = 249
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * What a path inside the agent's folder stands for; a leading `projects/` is accepted.
 * Sessions: `<project>/<id>.jsonl`, and `<uuid>.jsonl` where one project's folder was pushed by itself. Subagents: `<project>/<session>/subagents/…/agent-*.jsonl`, and the
 * older `<project>/agent-*.jsonl`, whose parent only the content tells. Sidecars: files in the
 * `tool-results` folder of either, and `agent-*.meta.json` beside a subagent's log. Null for everything else.
 */
export function locateClaude(path: string): ObjectPlace | null {
  const all = path.split('/')
  const segments = all[0] === 'projects' ? all.slice(1) : all
  if (segments.some(isUnsafe)) return null
  return locateSidecar(segments) ?? locateMeta(segments) ?? locateLog(segments)
}

/** The encoded working directory a path lies under; null when the path has none. */
export function folderOf(path: string): string | null {
  const segments = path.split('/')
  const [folder, ...inside] = segments[0] === 'projects' ? segments.slice(1) : segments
  return folder === undefined || folder === '' || inside.length === 0 ? null : folder
}

function locateLog(segments: readonly string[]): ObjectPlace | null {
  const stem = logName.exec(segments.at(-1) ?? '')?.[1]
  if (stem === undefined || !isId(stem)) return null
  const isAgent = stem.startsWith('agent-')
  if (segments.length === 1 && uuid.test(stem)) return { role: 'session', sessionId: stem, parentId: null, rank: 0 }
  if (segments.length === 2) {
    if (segments.includes('subagents') || stem === 'subagents') return null
    return { role: isAgent ? 'subagent' : 'session', sessionId: stem, parentId: null, rank: 0 }
  }
  const session = segments[1]
  if (!isAgent || session === undefined || !isSubagentFolder(segments)) return null
  return { role: 'subagent', sessionId: stem, parentId: session, rank: 0 }
}

function locateSidecar(segments: readonly string[]): ObjectPlace | null {
  const [, session] = segments
  if (session === undefined || !isId(session) || segments.length < 4) return null
  if (segments[2] === 'tool-results') return { role: 'sidecar', sessionId: session, parentId: null, rank: 0 }
  const at = segments.indexOf('tool-results', 4)
  const agent = segments[at - 1]
  if (!isSubagentFolder(segments) || at === -1 || at === segments.length - 1) return null
  if (agent === undefined || !agent.startsWith('agent-') || !isId(agent)) return null
  return { role: 'sidecar', sessionId: agent, parentId: session, rank: 0 }
}

function locateMeta(segments: readonly string[]): ObjectPlace | null {
  const stem = metaName.exec(segments.at(-1) ?? '')?.[1]
  if (stem === undefined) return null
  const log = locateLog([...segments.slice(0, -1), `${stem}.jsonl`])
  return log === null ? null : { ...log, role: 'sidecar' }
}

function isSubagentFolder(segments: readonly string[]): boolean {
  return segments.length >= 4 && segments[2] === 'subagents'
}

function isUnsafe(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..' || segment.includes('\\')
}

function isId(text: string): boolean {
  return Buffer.byteLength(text) <= maxIdBytes && !/[\p{Cc}\p{Cs}]/u.test(text)
}
