/** Folders kept at most: what is left out is only looked at more often. */
const keptFolders = 2000

/** Tells, after a whole listing, where keys lie that are no logs. */
export interface FolderNotes {
  note(key: string, isLog: boolean): void
  /**
   * How many such keys there are: by the outermost folder that holds no log, or by their own folder when that holds
   * logs as well. At most 2000 folders, those with the most keys.
   */
  foreign(): readonly (readonly [folder: string, keys: number])[]
}

/**
 * Takes notes of a listing; only folder names are kept.
 * @param prefixes  the listed folders themselves, which count as holding logs
 */
export function folderNotes(prefixes: readonly string[]): FolderNotes {
  const withLogs = new Set<string>(prefixes.flatMap(foldersOf))
  const others = new Map<string, number>()
  return {
    note: (key, isLog) => {
      const folder = key.slice(0, key.lastIndexOf('/') + 1)
      if (!isLog) others.set(folder, (others.get(folder) ?? 0) + 1)
      else if (!withLogs.has(folder)) for (const outer of foldersOf(folder)) withLogs.add(outer)
    },
    foreign: () => {
      const found = new Map<string, number>()
      for (const [folder, keys] of others) {
        const outermost = foldersOf(folder).find((outer) => !withLogs.has(outer)) ?? folder
        found.set(outermost, (found.get(outermost) ?? 0) + keys)
      }
      return [...found].toSorted((a, b) => b[1] - a[1]).slice(0, keptFolders)
    },
  }
}

/** A folder and those around it, the outermost first: the empty one, which is the bucket. */
function foldersOf(folder: string): readonly string[] {
  const folders = ['']
  for (let at = folder.indexOf('/'); at !== -1; at = folder.indexOf('/', at + 1)) folders.push(folder.slice(0, at + 1))
  return folders
}
