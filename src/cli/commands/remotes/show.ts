import { defineCommand } from '../../command.ts'
import { paint } from '../../output/index.ts'
import type { Column } from '../../output/index.ts'
import { remoteJson, remoteValues } from './describe-remote.ts'
import { findRemote } from './find-remote.ts'

interface Setting {
  readonly key: string
  readonly value: unknown
  readonly from: string
}

const columns: readonly Column<Setting>[] = [
  { key: 'key', title: 'KEY', value: (row) => row.key },
  { key: 'value', title: 'VALUE', value: (row) => words(row.value), canShrink: true },
  { key: 'from', title: 'FROM', value: (row) => row.from, show: (row) => paint('dim', row.from) },
]

/** `remotes show`: every value that holds for a remote, and what decided it. */
export const showCommand = defineCommand({
  command: 'show <name>',
  describe: 'Show every value of a remote and where it comes from',
  options: (yargs) => yargs.positional('name', { type: 'string', demandOption: true, describe: 'Name of the remote' }),
  examples: [['remotes show gpu', 'effective values: config, preset, environment or default']],
  exits: [3],
  run: async ({ name }, context) => {
    const config = await context.config()
    const remote = findRemote(config, name)
    const origins = config.origins.get(remote.name) ?? {}
    const values = remoteValues(remote)
    const { out } = context
    if (out.format === 'json') {
      out.json('remote', { ...remoteJson(remote), settings: values, origins })
      return
    }
    const rows = Object.entries(values).map(([key, value]): Setting => ({
      key,
      value,
      from: origins[key] ?? 'default',
    }))
    out.rows({ kind: 'remote', key: 'settings', rows, columns })
    if (remote.problem !== null && remote.problem !== undefined) {
      out.note(paint('red', 'Problem: '), remote.problem.message)
      if (remote.problem.hint !== null) out.note(paint('cyan', 'Try: '), remote.problem.hint)
    }
  },
})

function words(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
