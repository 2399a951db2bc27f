import { resolve } from 'node:path'

import { AgentsviewError, exitCodes, formatBytes } from '../../base/index.ts'
import type { Archive } from '../../store/index.ts'
import { openForReading } from '../archive.ts'
import { defineCommand } from '../command.ts'
import type { CommandContext } from '../context.ts'

/** Opens the archive for some work; there must be one. */
async function withDb<T>(context: CommandContext, work: (archive: Archive) => Promise<T>): Promise<T> {
  const archive = await openForReading(context)
  if (archive === null) {
    throw new AgentsviewError({
      code: 'store.missing',
      message: `there is no archive at ${(await context.config()).store.url} yet`,
      hint: 'agentsview sync',
    })
  }
  try {
    return await work(archive)
  } finally {
    archive.close()
  }
}

const infoCommand = defineCommand({
  command: 'info',
  describe: 'Show where the archive is, its size and what it holds',
  exits: [10],
  examples: [['db info', 'rows by table, size, schema']],
  run: async (_args, context) =>
    await withDb(context, async (archive) => {
      const { archiveInfo } = await import('../../store/index.ts')
      const info = await archiveInfo(archive)
      const { out } = context
      if (out.format === 'json') return out.json('dbInfo', { ...info })
      const lines: readonly (readonly [string, string | number])[] = [
        ['archive', info.url],
        ['engine', info.engine],
        ['schema', info.schema],
        ['size', formatBytes(info.bytes)],
        ['free', formatBytes(info.freeBytes)],
        ['prices', info.priceVersion ?? 'none yet'],
        ...Object.entries(info.rows),
      ]
      out.rows({
        kind: 'dbInfo',
        key: 'facts',
        rows: lines,
        columns: [
          { key: 'name', title: 'WHAT', value: ([name]) => name },
          { key: 'value', title: 'VALUE', value: ([, value]) => value },
        ],
      })
    }),
})

const checkCommand = defineCommand({
  command: 'check',
  describe: 'Look for everything in the archive that cannot be right; writes nothing',
  exits: [10],
  examples: [['db check', 'exit code 10 when something is found']],
  run: async (_args, context) =>
    await withDb(context, async (archive) => {
      const [{ checkArchive }, { searchFeeNanoUsd }] = await Promise.all([
        import('../../store/index.ts'),
        import('../../pricing/index.ts'),
      ])
      const findings = await checkArchive(archive, searchFeeNanoUsd)
      const { out } = context
      const isSound = findings.length === 0
      if (isSound && out.format === 'table') out.line('The archive is sound.')
      else {
        out.rows({
          kind: 'dbCheck',
          key: 'findings',
          rows: findings,
          columns: [
            { key: 'check', title: 'BROKEN RULE', value: (row) => row.check },
            { key: 'count', title: 'ROWS', value: (row) => row.count, align: 'right' },
            { key: 'example', title: 'EXAMPLE', value: (row) => row.example, canShrink: true },
          ],
          extra: { ok: isSound },
        })
      }
      if (isSound) return 0
      out.note('Restore a backup, or move the archive away and run: agentsview sync (everything is read again)')
      return exitCodes.store
    }),
})

const backupCommand = defineCommand({
  command: 'backup <file>',
  describe: 'Write a whole copy of the archive to a file, while others may use it',
  exits: [10],
  options: (yargs) => yargs.positional('file', { type: 'string', demandOption: true, describe: 'File to make' }),
  examples: [['db backup /mnt/safe/agentsview.db', 'to use it: --db /mnt/safe/agentsview.db, or copy it back']],
  run: async ({ file }, context) =>
    await withDb(context, async (archive) => {
      const { backUpArchive } = await import('../../store/index.ts')
      const path = resolve(context.io.cwd, file)
      await backUpArchive(archive, path)
      if (context.out.format === 'json') context.out.json('dbBackup', { path })
      else context.out.line(`The archive is copied to ${path}`)
    }),
})

const vacuumCommand = defineCommand({
  command: 'vacuum',
  describe: 'Give the space of dropped rows back to the disk',
  exits: [10],
  examples: [['db vacuum', 'needs as much space again while it runs']],
  run: async (_args, context) =>
    await withDb(context, async (archive) => {
      const { archiveInfo, vacuumArchive } = await import('../../store/index.ts')
      const before = (await archiveInfo(archive)).bytes
      await vacuumArchive(archive)
      const after = (await archiveInfo(archive)).bytes
      if (context.out.format === 'json') context.out.json('dbVacuum', { bytesBefore: before, bytesAfter: after })
      else context.out.line(`${formatBytes(before)} became ${formatBytes(after)}`)
    }),
})

/** `db`: the archive itself. */
export const dbCommand = defineCommand({
  command: 'db',
  describe: 'Look after the archive',
  subcommands: [infoCommand, checkCommand, backupCommand, vacuumCommand],
})
