import type { SessionCost, UsageSums } from '../../query/index.ts'
import { noteEmpty, noteMore, withArchive } from '../archive.ts'
import { defineCommand } from '../command.ts'
import { filterOptions, readFilters } from '../filter-options.ts'
import { paint } from '../output/index.ts'
import { noteUnpriced, sumColumns } from './usage-columns.ts'

/** `usage session`: sessions by what they cost. */
export const usageSessionCommand = defineCommand({
  command: 'session',
  describe: 'Sessions by cost, the dearest first',
  exits: [3, 10],
  examples: [['usage session --since 7d --limit 10', 'the ten dearest of the last week']],
  options: (yargs) => filterOptions(yargs),
  run: async (args, context) =>
    await withArchive(context, async (asking) => {
      const { ask, query } = asking
      const { globals, out } = context
      const filters = await readFilters(args, context, query, ask)
      const page = await query.usageBySession(ask, filters, {
        limit: globals.hasLimit ? globals.limit : 0,
        cursor: globals.cursor,
      })
      const { sessions, totals, total, nextCursor } = page
      if (sessions.length === 0) await noteEmpty(context, asking, 'usage')
      if (sessions.length === 0 && out.format === 'table') return
      const isForPeople = out.format === 'table' || out.format === 'md'
      const last: SessionCost[] = isForPeople ? [totalsRow(totals)] : []
      out.rows({
        kind: 'usageSession',
        key: 'sessions',
        rows: [...sessions, ...last],
        columns: [
          {
            key: 'sessionId',
            title: 'SESSION',
            value: (row) => row.sessionId,
            show: (row) => (row.sessionId === '' ? paint('bold', 'Total') : row.sessionId),
            canShrink: true,
            least: 16,
          },
          {
            key: 'project',
            title: 'PROJECT',
            value: (row) => row.project,
            show: (row) => row.project ?? '',
            canShrink: true,
            leaveOut: 7,
          },
          { key: 'title', title: 'TITLE', value: (row) => row.title, canShrink: true, least: 16, leaveOut: 2 },
          ...sumColumns<SessionCost>(query, out),
          { key: 'lastActivity', title: 'LAST', value: (row) => row.lastActivity, isExtra: true },
        ],
        json: (row) => ({ ...row }),
        extra: { totals, total, nextCursor },
      })
      noteUnpriced(totals, out)
      noteMore(context, sessions.length, page)
    }),
})

function totalsRow(totals: UsageSums): SessionCost {
  const nobody = { sessionId: '', agent: '', machine: '', remote: '', project: null, title: '', lastActivity: null }
  return { ...nobody, modelsUsed: [], modelBreakdowns: [], ...totals }
}
