import { cleanText } from '../../base/index.ts'

const maxPathLength = 4096
const markers = ['code', 'projects', 'repos', 'src', 'work', 'dev']
const homeParts = new Set(['users', 'home', 'var', 'tmp', 'private'])
const mainBranches = new Set(['main', 'master', 'trunk', 'develop', 'dev'])
const ownWorktrees = '--claude-worktrees-'

/**
 * Project name from a folder name in which every special character of a path stands as `-`
 * (`-Users-ann-code-my-app` → `my_app`): a guess, since the encoding loses those characters.
 * Null when nothing in it can be a name.
 */
export function projectFromFolder(folder: string): string | null {
  const cut = folder.indexOf(ownWorktrees, 1)
  const name = cleanText((cut === -1 ? folder : folder.slice(0, cut)).slice(0, maxPathLength))
  if (!name.startsWith('-')) return named(name)
  const parts = name.split('-')
  const lowered = parts.map((part) => part.toLowerCase())
  for (const marker of markers) {
    const rest = parts.slice(lowered.indexOf(marker) + 1)
    if (lowered.includes(marker) && rest.some((part) => part !== '')) return named(rest.join('-'))
  }
  return named(parts.findLast((part) => part !== '' && !homeParts.has(part.toLowerCase())) ?? '')
}

/**
 * Project name from the working directory a log tells, by text alone: the directory belongs to another
 * machine. Known worktree layouts give the repository; else it is the last segment, without a trailing
 * branch name. Null when the path has no name in it (`/`, `.`, a bare drive).
 */
export function projectFromCwd(cwd: string, branch: string | null): string | null {
  const path = withSlashes(cleanText(cwd.slice(0, maxPathLength)).trim())
  const segments = path.split('/').filter((segment) => segment !== '')
  const repository = fromWorktree(segments) ?? fromWorktreeHost(segments)
  if (repository !== null) return named(repository)
  const base = segments.at(-1) ?? ''
  if (base === '.' || base === '..' || /^[A-Za-z]:$/.test(base)) return null
  return named(withoutBranch(base, branch))
}

function withSlashes(path: string): string {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path) ? path.replaceAll('\\', '/') : path
}

function named(name: string): string | null {
  return name === '' ? null : name.replaceAll('-', '_')
}

/** Folder pairs under which tools keep worktrees, and which segment, counted from the pair, is the repository. */
const layouts: readonly { readonly pair: readonly [string, string]; readonly at: number }[] = [
  { pair: ['.superset', 'worktrees'], at: 2 },
  { pair: ['conductor', 'workspaces'], at: 2 },
  { pair: ['.codex', 'worktrees'], at: 3 },
  { pair: ['.roborev', 'ci-worktrees'], at: 2 },
  { pair: ['.claude', 'worktrees'], at: -1 },
]

function fromWorktree(segments: readonly string[]): string | null {
  for (const { pair, at } of layouts) {
    const start = segments.findIndex((segment, i) => segment === pair[0] && segments[i + 1] === pair[1])
    const name = start === -1 || start + at < 0 ? undefined : segments[start + at]
    if (name !== undefined) return pair[1] === 'ci-worktrees' ? name.replace(/^(roborev-ci)(?:-\d+)+$/, '$1') : name
  }
  return null
}

/** `…/worktrees/github.com/<owner>/<repository>/<worktree>`. */
function fromWorktreeHost(segments: readonly string[]): string | null {
  const start = segments.findIndex(
    (segment, i) => segment === 'worktrees' && (segments[i + 1] === 'github' || segments[i + 1] === 'github.com'),
  )
  const rest = start === -1 ? [] : segments.slice(start + 2)
  return rest.length < 3 ? null : (rest.at(-2) ?? null)
}

function withoutBranch(base: string, branch: string | null): string {
  const ending = plain(branch?.slice(0, maxPathLength) ?? '').replace(/^-+|-+$/g, '')
  if (ending === '' || mainBranches.has(ending)) return base
  const cut = base.length - ending.length - 1
  return cut > 0 && plain(base).endsWith(`-${ending}`) ? base.slice(0, cut) : base
}

/** One unit for one unit, so that lengths in the plain form are lengths in the text. */
function plain(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '-').toLowerCase()
}
