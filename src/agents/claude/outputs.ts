import { type JsonObject, asObject } from '../../base/index.ts'

const maxPathLength = 4096
const savedTo = /Full output saved to:([^\n]*)/g
/** Such words in an output itself are no more than that: the first few are looked at. */
const maxMentions = 4
const folder = 'tool-results'

/** A tool's result as far as its output's place matters. */
interface ResultText {
  readonly text: string
}

/**
 * Where the whole output of each result lies, when the log says that it was too large to stand in it:
 * the path of its object inside the agent's folder, always under the session's own folder. Null for
 * the others, and for paths that lead anywhere else.
 * @param own       path of this log inside the agent's folder
 * @param parentId  the session a subagent's log belongs under, when it is known
 */
export function outputRefs(
  entry: JsonObject,
  results: readonly ResultText[],
  own: string,
  parentId: string | null,
): readonly (string | null)[] {
  const told = asObject(entry['toolUseResult'])?.['persistedOutputPath']
  return results.map(({ text }) => {
    const isMeant = results.length === 1 || text.includes('<persisted-output>')
    const paths = [...pathsIn(text), ...(isMeant && typeof told === 'string' ? [told] : [])]
    for (const path of paths) {
      const ref = refOf(path, own, parentId)
      if (ref !== null) return ref
    }
    return null
  })
}

function pathsIn(text: string): readonly string[] {
  // Most results are long and have none.
  if (!text.includes('Full output saved to:')) return []
  const mentions = text.matchAll(savedTo)
  return Array.from({ length: maxMentions }, () => mentions.next().value?.[1]?.trim() ?? '')
}

/** The form in which a sidecar's own path is compared: without `projects/` and what tells its packing. */
export function refOfSidecar(path: string): string {
  return path.replace(/^projects\//, '').replace(/\.(?:gz|zst)$/, '')
}

function refOf(path: string, own: string, parentId: string | null): string | null {
  const segments = resolved(path)
  if (segments === null) return null
  const place = ownPlace(own)
  const found = inProjects(segments) ?? besideLog(segments, place.suffix)
  if (found === null || found.rel.length === 0) return null
  if (!place.isAgent || found.isOwn) return [...place.base, folder, ...found.rel].join('/')
  const parent = place.parent ?? parentId
  const [project] = place.base
  return parent === null || project === undefined ? null : [project, parent, folder, ...found.rel].join('/')
}

interface Found {
  readonly rel: readonly string[]
  /** Under a subagent's own folder. */
  readonly isOwn: boolean
}

/** `….claude/projects/<project>/…/tool-results/<rel>`: the last such folder, the first `tool-results` in it. */
function inProjects(segments: readonly string[]): Found | null {
  const at = segments.findLastIndex(
    (segment, i) => segment === '.claude' && segments[i + 1] === 'projects' && segments[i + 3] !== undefined,
  )
  const results = at === -1 ? -1 : segments.indexOf(folder, at + 3)
  if (results === -1) return null
  return { rel: segments.slice(results + 1), isOwn: segments.slice(at + 3, results).includes('subagents') }
}

/** `…/<own suffix>/tool-results/<rel>`. */
function besideLog(segments: readonly string[], suffix: readonly string[]): Found | null {
  const results = segments.findIndex(
    (segment, at) =>
      segment === folder && at >= suffix.length && suffix.every((part, i) => segments[at - suffix.length + i] === part),
  )
  return results === -1 ? null : { rel: segments.slice(results + 1), isOwn: true }
}

interface OwnPlace {
  /** Folder of the log's own sidecars without `tool-results`: project, session, … */
  readonly base: readonly string[]
  /** What of it names the session. */
  readonly suffix: readonly string[]
  readonly isAgent: boolean
  /** The session in whose folder a subagent's log lies. */
  readonly parent: string | null
}

function ownPlace(path: string): OwnPlace {
  const base = refOfSidecar(path)
    .replace(/\.jsonl$/, '')
    .split('/')
  const isAgent = base.at(-1)?.startsWith('agent-') ?? false
  return { base, suffix: base.slice(1), isAgent, parent: isAgent && base.length > 2 ? (base[1] ?? null) : null }
}

/** The segments of an absolute path of any system, `.` and `..` resolved; null when it is none or climbs out. */
function resolved(path: string): readonly string[] | null {
  if (path.length > maxPathLength) return null
  const slashed = path.replaceAll('\\', '/')
  if (!/^(?:\/|[A-Za-z]:\/)/.test(slashed)) return null
  const segments: string[] = []
  for (const segment of slashed.replace(/^[A-Za-z]:/, '').split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(segment)
    else if (segments.pop() === undefined) return null
  }
  return segments
}
