import { AgentsviewError } from '../../base/index.ts'
import type { NanoUsd } from '../../model/index.ts'
import type * as Query from '../../query/index.ts'
import type { SessionRow } from '../../query/index.ts'
import { noteEmpty, noteMore, withArchive } from '../archive.ts'
import { defineCommand } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { filterOptions, readFilters } from '../filter-options.ts'
import type { Column } from '../output/index.ts'
import { paint } from '../output/index.ts'

/** `session list`: sessions of all machines, the last active first. */
export const sessionListCommand = defineCommand({
  command: 'list',
  describe: 'List sessions, the last active first',
  exits: [3, 10],
  examples: [
    ['session list --machine gpu --since 7d', 'one machine, the last week'],
    ['session list --cost-min 5 --since 30d', 'what was dear lately'],
    ['session list --json --limit 0', 'all of them, for a script'],
  ],
  options: (yargs) =>
    filterOptions(yargs).options({
      'include-children': { type: 'boolean', describe: 'Also the subagents of sessions' },
      copies: { type: 'boolean', describe: 'Also copies of a session on other machines' },
      'cost-min': { type: 'number', nargs: 1, describe: 'Only sessions that cost at least so many dollars' },
      'cost-max': { type: 'number', nargs: 1, describe: 'Only sessions that cost at most so many dollars' },
      all: { type: 'boolean', describe: 'Also sessions without messages, or with nothing but /usage' },
    } as const),
  run: async (args, context) =>
    await withArchive(context, async (asking) => {
      const { ask, query } = asking
      const { globals, out } = context
      const page = await query.listSessions(ask, {
        filters: await readFilters(args, context, query, ask),
        hasChildren: args['include-children'] ?? false,
        hasCopies: args.copies ?? false,
        hasEmpty: args.all ?? false,
        cost: { least: nanoOf(args['cost-min'], '--cost-min'), most: nanoOf(args['cost-max'], '--cost-max') },
        limit: globals.limit,
        cursor: globals.cursor,
      })
      const { sessions, total, nextCursor } = page
      if (sessions.length === 0) await noteEmpty(context, asking, 'session')
      if (sessions.length === 0 && out.format === 'table') return
      out.rows({
        kind: 'sessionList',
        key: 'sessions',
        rows: sessions,
        columns: sessionColumns(sessions, query, context),
        json: (row) => ({ ...row }),
        extra: { total, nextCursor },
      })
      noteMore(context, sessions.length, page)
    }),
})

/** Dollars as nano-dollars. @throws AgentsviewError `usage.option` */
function nanoOf(dollars: number | undefined, option: string): NanoUsd | null {
  if (dollars === undefined) return null
  const nano = Math.round(dollars * 1e9)
  if (Number.isSafeInteger(nano) && nano >= 0) return nano
  throw new AgentsviewError({
    code: 'usage.option',
    message: `${option} is no amount of dollars`,
    hint: `Say ${option} 1.50`,
  })
}

function sessionColumns(
  rows: readonly SessionRow[],
  query: typeof Query,
  { globals }: CommandContext,
): readonly Column<SessionRow>[] {
  const short = shortIds(rows.map(({ id }) => id))
  const clock = (time: string | null): string =>
    time === null ? '–' : query.clockOf(Date.parse(time), globals.timezone)
  return [
    { key: 'endedAt', title: 'LAST', value: (row) => row.endedAt, show: (row) => clock(row.endedAt), leaveOut: 1 },
    { key: 'id', title: 'ID', value: (row) => row.id, show: (row) => paint('cyan', short.get(row.id) ?? row.id) },
    { key: 'machine', title: 'MACHINE', value: (row) => row.machine, canShrink: true, leaveOut: 2 },
    { key: 'agent', title: 'AGENT', value: (row) => row.agent, leaveOut: 6 },
    { key: 'project', title: 'PROJECT', value: (row) => row.project, canShrink: true, leaveOut: 3 },
    { key: 'messageCount', title: 'MSGS', value: (row) => row.messageCount, align: 'right', leaveOut: 5 },
    {
      key: 'totalTokens',
      title: 'TOKENS',
      value: (row) => row.totalTokens,
      show: (row) => query.showCount(row.totalTokens, true),
      align: 'right',
      leaveOut: 4,
    },
    {
      key: 'costUSD',
      title: 'COST',
      value: (row) => row.costUSD,
      show: (row) => query.showUsd(row.costUSD),
      align: 'right',
    },
    { key: 'title', title: 'TITLE', value: (row) => row.title, show: titleOf, canShrink: true, least: 20 },
    { key: 'remote', title: 'REMOTE', value: (row) => row.remote, isExtra: true },
    { key: 'startedAt', title: 'STARTED', value: (row) => row.startedAt, isExtra: true },
    { key: 'models', title: 'MODELS', value: (row) => row.models.join(' '), isExtra: true },
    { key: 'source', title: 'SOURCE', value: (row) => row.source, isExtra: true },
    { key: 'sourceState', title: 'STATE', value: (row) => row.sourceState, isExtra: true },
    { key: 'copies', title: 'COPIES', value: (row) => row.copies, isExtra: true },
  ]
}

function titleOf(row: SessionRow): string {
  const signs = [
    row.relationship ?? '',
    row.copies > 1 ? `×${row.copies}` : '',
    row.sourceState === 'gone' ? 'source gone' : '',
  ].filter((sign) => sign !== '')
  return signs.length === 0 ? row.title : `${row.title}  (${signs.join(', ')})`
}

/**
 * The shortest part of each id that a person can type instead: the agent's own id without what stands
 * before `:`, eight characters or as many more as tell it from the others of the list.
 */
function shortIds(ids: readonly string[]): ReadonlyMap<string, string> {
  const bare = ids.map((id) => id.slice(id.indexOf('~') + 1).replace(/^[^:]*:/, ''))
  const short = new Map<string, string>()
  for (const length of [8, 13, 18, 23, 36, 1000]) {
    const counts = new Map<string, number>()
    for (const id of bare) counts.set(id.slice(0, length), (counts.get(id.slice(0, length)) ?? 0) + 1)
    for (const [at, id] of ids.entries()) {
      const prefix = (bare[at] ?? id).slice(0, length)
      if (!short.has(id) && counts.get(prefix) === 1) short.set(id, prefix)
    }
  }
  return short
}
