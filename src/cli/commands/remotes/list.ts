import type { Remote } from '../../../model/index.ts'
import { defineCommand } from '../../command.ts'
import { paint } from '../../output/index.ts'
import type { Column } from '../../output/index.ts'
import { credentialWords, remoteJson } from './describe-remote.ts'

const columns: readonly Column<Remote>[] = [
  { key: 'name', title: 'NAME', value: (remote) => remote.name },
  { key: 'provider', title: 'PROVIDER', value: (remote) => remote.provider, leaveOut: 4 },
  { key: 'bucket', title: 'BUCKET', value: (remote) => remote.bucket, canShrink: true },
  {
    key: 'prefixes',
    title: 'PREFIXES',
    value: (remote) => remote.prefixes.join(' '),
    show: (remote) => remote.prefixes.map((prefix) => (prefix === '' ? '(whole bucket)' : prefix)).join(' '),
    canShrink: true,
    leaveOut: 1,
  },
  { key: 'endpoint', title: 'ENDPOINT', value: (remote) => remote.endpoint, canShrink: true, least: 12, leaveOut: 2 },
  { key: 'region', title: 'REGION', value: (remote) => remote.region, leaveOut: 5 },
  { key: 'credentials', title: 'CREDENTIALS', value: credentialWords, canShrink: true, least: 12, leaveOut: 3 },
  {
    key: 'enabled',
    title: 'STATE',
    value: (remote) => remote.enabled,
    show: (remote) => {
      if (!remote.enabled) return paint('dim', 'disabled')
      const { problem } = remote
      return problem === null || problem === undefined ? paint('green', 'enabled') : paint('red', problem.message)
    },
  },
]

/** `remotes list`: what is declared. */
export const listCommand = defineCommand({
  command: 'list',
  describe: 'List the declared remotes',
  examples: [
    ['remotes list', 'names, buckets, where their keys come from'],
    ['remotes list --json', 'the same for a script'],
  ],
  run: async (_args, context) => {
    const { remotes } = await context.config()
    context.out.rows({
      kind: 'remoteList',
      key: 'remotes',
      rows: remotes,
      columns,
      json: remoteJson,
      empty: 'No remote is declared. Try: agentsview remotes add <name> --from-url s3://bucket/prefix',
    })
  },
})
