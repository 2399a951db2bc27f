/** A folder that sessions of a machine worked in. */
export interface WorkFolder {
  readonly machine: string
  readonly cwd: string
}

const homes = [/^(\/home\/[^/]+)/, /^(\/Users\/[^/]+)/, /^([A-Za-z]:[\\/]Users[\\/][^\\/]+)/]

/**
 * Finds machine names under which more than one host writes, as far as the logs tell: their sessions
 * lie in home folders of several people or systems. A hint for people, never a rule.
 */
export function twoHosts(
  folders: readonly WorkFolder[],
): readonly { readonly machine: string; readonly message: string }[] {
  const found = new Map<string, Set<string>>()
  for (const { machine, cwd } of folders) {
    const home = homes.map((shape) => shape.exec(cwd)?.[1]).find((match) => match !== undefined)
    if (home === undefined) continue
    const known = found.get(machine) ?? new Set<string>()
    found.set(machine, known.add(home))
  }
  return [...found]
    .filter(([, known]) => known.size > 1)
    .map(([machine, known]) => ({
      machine,
      message: `machine "${machine}" holds sessions from ${[...known].toSorted().join(' and ')}: do two hosts push under one name?`,
    }))
}
