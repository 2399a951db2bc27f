import { formatBytes, toRfc3339 } from '../../../base/index.ts'
import type { FolderListing } from '../../../bucket/index.ts'
import { defineCommand } from '../../command.ts'
import type { Column } from '../../output/index.ts'
import { paint } from '../../output/index.ts'
import type { Remote } from '../../../model/index.ts'
import { findRemote, throwProblem } from './find-remote.ts'

interface Item {
  readonly key: string
  readonly size: number | null
  readonly modifiedAt: number | null
}

const columns: readonly Column<Item>[] = [
  {
    key: 'size',
    title: 'SIZE',
    value: (item) => item.size,
    show: (item) => (item.size === null ? '–' : formatBytes(item.size)),
    align: 'right',
  },
  { key: 'modifiedAt', title: 'MODIFIED', value: (item) => toRfc3339(item.modifiedAt), leaveOut: 1 },
  {
    key: 'key',
    title: 'KEY',
    value: (item) => item.key,
    show: (item) => (item.size === null ? paint('cyan', item.key) : item.key),
    canShrink: true,
    least: 40,
  },
]

/** `remotes ls`: one folder of a bucket. */
export const lsCommand = defineCommand({
  command: 'ls <name> [path]',
  describe: 'List one folder of a remote',
  options: (yargs) =>
    yargs
      .positional('name', { type: 'string', demandOption: true, describe: 'Name of the remote' })
      .positional('path', { type: 'string', describe: 'Folder, from the top of the bucket; none: its prefixes' }),
  examples: [
    ['remotes ls gpu', 'what is under its prefixes'],
    ['remotes ls gpu prod/gpu-1/raw/', 'one folder further down'],
  ],
  exits: [3, 4, 5],
  run: async ({ name, path }, context) => {
    const remote = findRemote(await context.config(), name)
    const shownPath = path ?? (remote.prefixes.length === 1 ? (remote.prefixes[0] ?? '') : null)
    const { folders, objects, isCut } = await lookInto(remote, shownPath, context.signal)
    if (context.out.format === 'json') {
      const shown = objects.map((one) => ({ key: one.key, size: one.size, modifiedAt: toRfc3339(one.modifiedAt) }))
      context.out.json('remoteListing', { remote: remote.name, path: shownPath, folders, objects: shown, isCut })
      return
    }
    const rows: readonly Item[] = [...folders.map((key) => ({ key, size: null, modifiedAt: null })), ...objects]
    context.out.rows({ kind: 'remoteListing', key: 'items', rows, columns, empty: 'Nothing there.' })
    if (isCut) context.out.note('There is more; name a folder further down.')
  },
})

/** Without a path and with several prefixes, the prefixes are the folders. */
async function lookInto(remote: Remote, path: string | null, signal: AbortSignal): Promise<FolderListing> {
  throwProblem(remote)
  if (path === null) return { folders: remote.prefixes, objects: [], isCut: false }
  const { listFolder } = await import('../../../bucket/index.ts')
  return await listFolder(remote, path, signal)
}
