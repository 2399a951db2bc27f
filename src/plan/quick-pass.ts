import type { EpochMs } from '../base/index.ts'

/** A key that was read before. */
export interface KnownKey {
  readonly key: string
  /** It changed of late, or is not read as it should be: its folder has to be looked at. */
  readonly isWarm: boolean
}

/** How one folder is looked at. `prefix` is its whole prefix, with a `/` at its end. */
export type FolderLook =
  /** Not at all. */
  | { readonly kind: 'skip' }
  /** Everything below it. */
  | { readonly kind: 'all'; readonly prefix: string }
  /** What lies directly in it, then its folders: known ones as told here, new ones whole. */
  | { readonly kind: 'level'; readonly prefix: string; readonly folders: ReadonlyMap<string, FolderLook> }
  /** Everything after a key, and some older folders. */
  | { readonly kind: 'after'; readonly prefix: string; readonly after: string; readonly older: readonly FolderLook[] }
  /** Not itself, only these folders below it. */
  | { readonly kind: 'through'; readonly folders: readonly FolderLook[] }

export interface QuickPlan {
  readonly looks: readonly FolderLook[]
  /** Listing requests it takes when nothing is there that was not known. */
  readonly requests: number
}

export interface QuickFacts {
  readonly prefixes: readonly string[]
  readonly keysPerPage: number
  /** Dated folders from this day on are always looked at, in UTC; a day earlier covers every zone. */
  readonly datedSince: EpochMs
  /** Keys that are no logs, counted by folder: a folder of nothing else is not looked at, but listed with others. */
  readonly foreign: readonly (readonly [folder: string, keys: number])[]
}

interface Folder {
  readonly prefix: string
  /** Known keys below it. */
  keys: number
  /** Known keys directly in it. */
  own: number
  isWarm: boolean
  readonly folders: Map<string, Folder>
}

interface Costed {
  readonly look: FolderLook
  readonly requests: number
}

/**
 * Plans the listings of a pass that looks only where something is likely to have changed: at the top of
 * every prefix, in folders with a warm key, and at the late end of every folder of dated folders
 * (`YYYY/MM/DD`). Of the ways to look at a folder it takes the one with the fewest requests, and the
 * more complete one when they are equal.
 * @param known  keys that were there when they were last looked at
 */
export function planQuickPass(known: Iterable<KnownKey>, facts: QuickFacts): QuickPlan {
  const roots = facts.prefixes.map(emptyFolder)
  const counted = countByFolder(known)
  for (const [folder, keys] of facts.foreign) counted.push([folder, { keys, isWarm: false }])
  for (const [folder, counts] of counted) {
    const root = roots.find(({ prefix }) => folder.startsWith(prefix))
    if (root !== undefined) enter(root, folder, counts)
  }
  const day = new Date(facts.datedSince).toISOString().slice(0, 10).replaceAll('-', '/')
  const costs: Costs = { pages: (count) => Math.max(1, Math.ceil(count / facts.keysPerPage)), day }
  const looks = roots.map((root) => cheaper(wholly(root, costs), byLevel(root, costs)))
  return { looks: looks.map(({ look }) => look), requests: sumOf(looks) }
}

interface Costs {
  pages(count: number): number
  /** First day of dated folders, `YYYY/MM/DD`. */
  readonly day: string
}

function emptyFolder(prefix: string): Folder {
  return { prefix, keys: 0, own: 0, isWarm: false, folders: new Map() }
}

interface Counts {
  keys: number
  isWarm: boolean
}

/** Keys by the folder they lie in: folders are few, so that only they are taken apart. */
function countByFolder(known: Iterable<KnownKey>): [string, Counts][] {
  const folders = new Map<string, Counts>()
  for (const { key, isWarm } of known) {
    const folder = key.slice(0, key.lastIndexOf('/') + 1)
    const counts = folders.get(folder)
    if (counts === undefined) folders.set(folder, { keys: 1, isWarm })
    else {
      counts.keys += 1
      counts.isWarm ||= isWarm
    }
  }
  return [...folders]
}

/** Enters the keys of one folder below a root. */
function enter(root: Folder, path: string, { keys, isWarm }: Counts): void {
  let folder = root
  for (let from = root.prefix.length; ;) {
    folder.keys += keys
    folder.isWarm ||= isWarm
    const slash = path.indexOf('/', from)
    if (slash === -1) break
    const prefix = path.slice(0, slash + 1)
    const next = folder.folders.get(prefix) ?? emptyFolder(prefix)
    folder.folders.set(prefix, next)
    folder = next
    from = slash + 1
  }
  folder.own += keys
}

function lookAt(folder: Folder, costs: Costs): Costed {
  return cheaper(wholly(folder, costs), partly(folder, costs))
}

function partly(folder: Folder, costs: Costs): Costed {
  const dated = daysOf(folder)
  if (dated !== null) return byDay(folder, dated, costs)
  if (folder.isWarm && !holdsOnlyRaw(folder)) return byLevel(folder, costs)
  const below = [...folder.folders.values()].map((inner) => lookAt(inner, costs))
  const folders = below.filter(({ requests }) => requests > 0)
  if (folders.length === 0) return { look: { kind: 'skip' }, requests: 0 }
  return { look: { kind: 'through', folders: folders.map(({ look }) => look) }, requests: sumOf(folders) }
}

function wholly({ prefix, keys }: Folder, costs: Costs): Costed {
  return { look: { kind: 'all', prefix }, requests: costs.pages(keys) }
}

function byLevel({ prefix, own, folders }: Folder, costs: Costs): Costed {
  const below = [...folders.values()].map((folder) => ({ folder, ...lookAt(folder, costs) }))
  return {
    look: { kind: 'level', prefix, folders: new Map(below.map(({ folder, look }) => [folder.prefix, look])) },
    requests: costs.pages(own + folders.size) + sumOf(below),
  }
}

function byDay({ prefix }: Folder, days: readonly Folder[], costs: Costs): Costed {
  const after = `${prefix}${costs.day}`
  const isLate = (day: Folder): boolean => day.prefix > after
  const late = days.filter(isLate).reduce((sum, { keys }) => sum + keys, 0)
  const older = days.filter((day) => day.isWarm && !isLate(day)).map((day) => lookAt(day, costs))
  return {
    look: { kind: 'after', prefix, after, older: older.map(({ look }) => look) },
    requests: costs.pages(late) + sumOf(older),
  }
}

/** The folders of days in a folder that holds nothing else: `YYYY/MM/DD/`; null for any other folder. */
function daysOf(folder: Folder): readonly Folder[] | null {
  let level: readonly Folder[] = [folder]
  for (const digits of [4, 2, 2]) {
    const next: Folder[] = []
    for (const { prefix, own, folders } of level) {
      if (own > 0 || folders.size === 0) return null
      for (const inner of folders.values()) {
        if (!isNumber(inner.prefix.slice(prefix.length, -1), digits)) return null
        next.push(inner)
      }
    }
    level = next
  }
  return level
}

function isNumber(name: string, digits: number): boolean {
  return name.length === digits && /^\d+$/.test(name)
}

/** A machine's folder in the usual layout: what is new in it is new in `raw/`. */
function holdsOnlyRaw({ prefix, own, folders }: Folder): boolean {
  return own === 0 && folders.size === 1 && folders.has(`${prefix}raw/`)
}

function cheaper(whole: Costed, part: Costed): Costed {
  return part.requests < whole.requests ? part : whole
}

function sumOf(costed: readonly Costed[]): number {
  return costed.reduce((sum, { requests }) => sum + requests, 0)
}
