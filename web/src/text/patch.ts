/** One file of a patch in the form that `apply_patch` takes. */
export interface PatchFile {
  readonly path: string
  readonly kind: 'add' | 'update' | 'delete'
  readonly movedTo: string | null
  readonly hunks: readonly PatchHunk[]
}

/** Lines that change together, each with its sign in front. */
export interface PatchHunk {
  readonly heading: string
  readonly lines: readonly string[]
}

const begin = '*** Begin Patch'
const kinds = { Add: 'add', Update: 'update', Delete: 'delete' } as const

interface OpenFile {
  path: string
  kind: PatchFile['kind']
  movedTo: string | null
  hunks: { heading: string; lines: string[] }[]
}

/** Reads the patch within a text (a bare patch, or a shell command that carries one); null where there is none. */
export function readPatch(text: string): readonly PatchFile[] | null {
  const start = text.indexOf(begin)
  if (start < 0) return null
  const files: OpenFile[] = []
  for (const line of text.slice(start + begin.length).split('\n')) {
    if (line.startsWith('*** End Patch')) break
    const file = /^\*\*\* (Add|Update|Delete) File: (.+)$/.exec(line)
    const open = files.at(-1)
    if (file !== null) {
      files.push({ path: file[2] ?? '', kind: kinds[file[1] as keyof typeof kinds], movedTo: null, hunks: [] })
    } else if (open !== undefined) takeLine(open, line)
  }
  return files.length === 0 ? null : files
}

function takeLine(file: OpenFile, line: string): void {
  const moved = /^\*\*\* Move to: (.+)$/.exec(line)
  if (moved !== null) file.movedTo = moved[1] ?? null
  else if (line.startsWith('@@')) file.hunks.push({ heading: line.slice(2).trim(), lines: [] })
  else if (/^[-+ ]/.test(line) || (line === '' && file.hunks.length > 0)) {
    if (file.hunks.length === 0) file.hunks.push({ heading: '', lines: [] })
    file.hunks.at(-1)?.lines.push(line === '' ? ' ' : line)
  }
}
