import { machineNameProblem } from '../model/index.ts'
import type { LocalFolders } from '../model/index.ts'
import { checkTable } from './check.ts'
import type { ConfigSource, Origin } from './config.ts'
import { expandPath } from './discover.ts'
import type { Mistakes } from './mistakes.ts'
import { localKeys } from './schema.ts'

/** Reads `[local]`; paths may begin with `~` and are else relative to the home folder. */
export function readLocal(
  raw: unknown,
  source: ConfigSource,
  mistakes: Mistakes,
): { readonly local: LocalFolders; readonly origins: Readonly<Record<string, Origin>> } {
  const table = checkTable(raw, localKeys(source.agents.map((agent) => agent.id)), ['local'], mistakes)
  const machine = table.text('machine')
  const problem = machine === null ? null : machineNameProblem(machine)
  if (problem !== null) mistakes.add(['local', 'machine'], `"${machine}" is no machine name: ${problem}`)
  const folders = source.agents.flatMap((agent) =>
    (table.texts(agent.id) ?? agent.localFolders).map((path) => {
      if (path.trim() === '') mistakes.add(['local', agent.id], 'holds an empty path')
      return { agent: agent.id, path: expandPath(path, source.home, source.home) }
    }),
  )
  const keys = ['enabled', 'machine', ...source.agents.map((agent) => agent.id)]
  return {
    local: { enabled: table.flag('enabled') ?? true, machine: machine ?? hostMachine(source.hostname), folders },
    origins: Object.fromEntries(keys.map((key) => [key, table.has(key) ? 'config' : 'default'])),
  }
}

function hostMachine(hostname: string): string {
  return machineNameProblem(hostname) === null ? hostname : 'this-machine'
}
