import type { Argv, Options } from 'yargs'
import type { KeySpec, TomlValue } from '../../../config/index.ts'
import { remoteKeys } from '../../../config/index.ts'
import { listOption } from '../../command.ts'
import { readTypedValue } from './read-value.ts'

/** Keys that `remotes add` takes in another way than by a flag of their name. */
const notFlags = ['name', 'rename'] as const
/** Words of people for keys whose name is a plural or a choice. */
const aliases: Readonly<Record<string, string>> = { prefixes: 'prefix', agents: 'agent' }

/** Declares a flag for each key of a remote, from the table of keys itself. */
export function addKeyOptions(yargs: Argv, agents: readonly string[]): Argv {
  const options = Object.entries(remoteKeys(agents))
    .filter(([key]) => !notFlags.some((one) => one === key))
    .map(([key, spec]): [string, Options] => [flagOf(key), optionOf(key, spec)])
  return yargs.options(Object.fromEntries(options)).option('path-style', {
    type: 'boolean',
    group: 'Keys of the remote:',
    describe: 'Same as --addressing path',
  })
}

/** The keys that were given as flags, in the table's order. */
export function entriesOfFlags(
  args: Readonly<Record<string, unknown>>,
  agents: readonly string[],
): Readonly<Record<string, TomlValue>> {
  const entries: Record<string, TomlValue> = {}
  for (const key of Object.keys(remoteKeys(agents))) {
    const given = notFlags.some((one) => one === key) ? undefined : args[flagOf(key)]
    if (key === 'addressing' && args['path-style'] === true) entries[key] = 'path'
    else if (typeof given === 'boolean') entries[key] = given
    else if (Array.isArray(given)) entries[key] = given.map(String)
    else if (typeof given === 'string') entries[key] = isGlobs(key) ? [given] : readTypedValue(key, given, agents)
  }
  return entries
}

function flagOf(key: string): string {
  return key.replaceAll('_', '-')
}

/** Globs may hold commas (`{a,b}`), so they repeat and are not split. */
function isGlobs(key: string): boolean {
  return key === 'include' || key === 'exclude'
}

function optionOf(key: string, spec: KeySpec): Options {
  const group = 'Keys of the remote:'
  const alias = aliases[key]
  const more = { group, ...(alias === undefined ? {} : { alias }) }
  if (spec.type.is === 'texts' && !isGlobs(key)) return { ...listOption(spec.describe), ...more }
  if (spec.type.is === 'flag') return { type: 'boolean', describe: spec.describe, ...more }
  const choices = spec.type.is === 'text' && spec.type.choices !== undefined ? ` (${spec.type.choices.join(', ')})` : ''
  return { type: 'string', nargs: 1, describe: `${spec.describe}${choices}`, ...more }
}
