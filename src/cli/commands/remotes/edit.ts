import { AgentsviewError } from '../../../base/index.ts'
import { agentFormats } from '../../../agents/index.ts'
import { removeRemoteKey, setRemoteKey } from '../../../config/index.ts'
import { defineCommand } from '../../command.ts'
import { changeRemote } from './change-config.ts'
import { readTypedValue } from './read-value.ts'

const agents = agentFormats.map((format) => format.id)

interface Change {
  readonly key: readonly string[]
  /** Null removes the key. */
  readonly text: string | null
}

/** `remotes edit`: sets or removes keys of a remote, and leaves the rest of the file as it is. */
export const editCommand = defineCommand({
  command: 'edit <name> <changes..>',
  describe: 'Change keys of a remote: key=value, or key= to remove one',
  options: (yargs) =>
    yargs
      .positional('name', { type: 'string', demandOption: true, describe: 'Name of the remote' })
      .positional('changes', { type: 'string', array: true, demandOption: true, describe: 'key=value …' }),
  examples: [
    ['remotes edit gpu region=eu-central-1 concurrency=16', 'set two keys'],
    ['remotes edit gpu prefixes=prod/,lab/', 'lists are separated by commas'],
    ['remotes edit gpu rename.ip-10-0-0-12=gpu-box profile=', 'one entry of a table; remove a key'],
  ],
  exits: [3],
  run: async ({ name, changes }, context) => {
    const wanted = changes.map(readChange)
    const changed = await changeRemote(context, name, (text, index) =>
      wanted.reduce(
        (left, { key, text: value }) =>
          value === null
            ? removeRemoteKey(left, index, key)
            : setRemoteKey(left, index, key, key.length > 1 ? value : readTypedValue(key[0] ?? '', value, agents)),
        text,
      ),
    )
    const keys = wanted.map((one) => one.key.join('.'))
    const written = changed.text !== changed.file.text
    if (context.out.format === 'json') context.out.json('remoteEdit', { name, path: changed.file.path, keys, written })
    else
      context.out.note(written ? `Changed ${keys.join(', ')} of "${name}" in ${changed.file.path}` : 'Nothing differs.')
  },
})

function readChange(text: string): Change {
  const at = text.indexOf('=')
  const name = at < 0 ? '' : text.slice(0, at).trim()
  if (name === '')
    throw new AgentsviewError({
      code: 'usage.change',
      message: 'a change is not written key=value',
      hint: 'agentsview remotes edit --help',
    })
  if (name === 'name')
    throw new AgentsviewError({
      code: 'usage.change',
      message: 'a name is not edited',
      hint: 'agentsview remotes rename <name> <new name>',
    })
  const dot = name.indexOf('.')
  const key = dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)]
  const value = text.slice(at + 1)
  return {
    key: key.map((part, place) => (place === 0 ? part.replaceAll('-', '_') : part)),
    text: value === '' ? null : value,
  }
}
