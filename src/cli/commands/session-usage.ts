import { withArchive } from '../archive.ts'
import { defineCommand } from '../command.ts'
import { paint } from '../output/index.ts'

/** `session usage`: what a session was charged, with the sessions it delegated to. */
export const sessionUsageCommand = defineCommand({
  command: 'usage <id>',
  describe: 'Show what a session cost, its subagents included',
  exits: [3, 10],
  examples: [['session usage 0f3a --own-only', 'without its subagents']],
  options: (yargs) =>
    yargs
      .positional('id', { type: 'string', demandOption: true, describe: 'Id, or its beginning' })
      .option('own-only', { type: 'boolean', describe: 'Leave out subagents' }),
  run: async (args, context) =>
    await withArchive(context, async ({ ask, query }) => {
      const { out } = context
      const usage = await query.sessionUsage(ask, await query.findSession(ask, args.id), args['own-only'] ?? false)
      if (out.format === 'json') {
        out.json('sessionUsage', { ...usage })
        return
      }
      const count = (tokens: number): string => query.showCount(tokens, out.width !== null && out.width < 100)
      const isTable = out.format === 'table' || out.format === 'md'
      const total = { ...usage, sessionId: 'Total', relationship: null, agentLabel: null }
      out.rows({
        kind: 'sessionUsage',
        key: 'parts',
        rows: isTable ? [...usage.parts, total] : usage.parts,
        columns: [
          {
            key: 'sessionId',
            title: 'SESSION',
            value: (row) => row.sessionId,
            show: (row) => (row.sessionId === 'Total' ? paint('bold', 'Total') : row.sessionId),
            canShrink: true,
          },
          {
            key: 'relationship',
            title: 'AS',
            value: (row) => row.relationship,
            show: (row) => row.agentLabel ?? row.relationship ?? '',
          },
          {
            key: 'inputTokens',
            title: 'INPUT',
            value: (row) => row.inputTokens,
            show: (row) => count(row.inputTokens),
            align: 'right',
          },
          {
            key: 'outputTokens',
            title: 'OUTPUT',
            value: (row) => row.outputTokens,
            show: (row) => count(row.outputTokens),
            align: 'right',
          },
          {
            key: 'cacheCreationTokens',
            title: 'CACHE WRITE',
            value: (row) => row.cacheCreationTokens,
            show: (row) => count(row.cacheCreationTokens),
            align: 'right',
          },
          {
            key: 'cacheReadTokens',
            title: 'CACHE READ',
            value: (row) => row.cacheReadTokens,
            show: (row) => count(row.cacheReadTokens),
            align: 'right',
          },
          {
            key: 'costUSD',
            title: 'COST',
            value: (row) => row.costUSD,
            show: (row) => query.showUsd(row.costUSD),
            align: 'right',
          },
        ],
        json: (row) => ({ ...row }),
      })
      for (const model of usage.models) out.note(`${model.modelName}: ${query.showUsd(model.cost)}`)
      if (usage.unpricedModels.length > 0)
        out.note(`No price is known for ${usage.unpricedModels.join(', ')}: their tokens cost nothing here.`)
    }),
})
