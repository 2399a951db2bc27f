import { AgentsviewError } from '../../base/index.ts'
import type * as Query from '../../query/index.ts'
import { withArchive } from '../archive.ts'
import { defineCommand } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { paint } from '../output/index.ts'

/** `session show`: everything known of one session but its messages. */
export const sessionShowCommand = defineCommand({
  command: 'show <id>',
  describe: 'Show one session: where it stands, what it cost',
  exits: [3, 10],
  examples: [['session show gpu~0f3a', 'any unambiguous beginning of the id will do']],
  options: (yargs) => yargs.positional('id', { type: 'string', demandOption: true, describe: 'Id, or its beginning' }),
  run: async (args, context) =>
    await withArchive(context, async ({ ask, query }) => {
      const found = await query.findSession(ask, args.id)
      const session = await query.sessionDetail(ask, found)
      if (session === null) throw vanished(found.id)
      if (context.out.format === 'table') {
        showSession(session, query, context)
        return
      }
      if (context.out.format === 'json') context.out.json('session', { session })
      else showAsRows(session, context)
    }),
})

function vanished(id: string): AgentsviewError {
  return new AgentsviewError({
    code: 'not-found.session',
    message: `the session ${id} has just left the archive`,
    hint: 'Run the command again.',
  })
}

function showAsRows(session: Query.SessionDetail, { out }: CommandContext): void {
  out.rows({
    kind: 'session',
    key: 'session',
    rows: [session],
    columns: [
      { key: 'id', title: 'ID', value: (row) => row.id },
      { key: 'title', title: 'TITLE', value: (row) => row.title },
      { key: 'endedAt', title: 'LAST', value: (row) => row.endedAt },
      { key: 'messageCount', title: 'MSGS', value: (row) => row.messageCount, align: 'right' },
      { key: 'totalTokens', title: 'TOKENS', value: (row) => row.totalTokens, align: 'right' },
      { key: 'costUSD', title: 'COST', value: (row) => row.costUSD, align: 'right' },
      { key: 'source', title: 'SOURCE', value: (row) => row.source },
    ],
    json: (row) => ({ ...row }),
  })
}

function showSession(session: Query.SessionDetail, query: typeof Query, { out, globals }: CommandContext): void {
  const clock = (time: string | null): string =>
    time === null ? '–' : query.clockOf(Date.parse(time), globals.timezone)
  const count = (tokens: number): string => query.showCount(tokens, false)
  const unpriced = session.unpricedModels.length === 0 ? '' : `  (no price for ${session.unpricedModels.join(', ')})`
  const state = [
    session.endState,
    session.isTruncated ? 'cut off' : null,
    session.badLines > 0 ? `${session.badLines} bad lines` : null,
  ]
  const facts: readonly (readonly [string, string | null])[] = [
    ['Id', session.id],
    ['Agent', [session.agent, session.agentVersion, session.agentLabel].filter((one) => one !== null).join(' ')],
    ['Project', [session.project, session.branch].filter((one) => one !== null).join(' · ') || null],
    ['Folder', session.cwd],
    ['Time', `${clock(session.startedAt)} to ${clock(session.endedAt)} (${globals.timezone})`],
    ['Messages', `${count(session.messageCount)}, ${count(session.userMessageCount)} of a person`],
    ['Models', session.models.join(', ') || null],
    [
      'Tokens',
      `${count(session.inputTokens)} in, ${count(session.outputTokens)} out, ${count(session.cacheCreationTokens)} cache written, ${count(session.cacheReadTokens)} cache read`,
    ],
    ['Cost', `${query.showUsd(session.costUSD)}${unpriced}`],
    ['Parent', session.parentId === null ? null : `${session.parentId} (${session.relationship ?? 'parent'})`],
    ['State', state.filter((one) => one !== null).join(', ') || null],
  ]
  out.line(paint('bold', session.title))
  for (const [name, value] of facts) if (value !== null) out.line(paint('dim', name.padEnd(10)), value)
  for (const place of session.places) {
    const gone = place.state === 'gone' ? [paint('yellow', '  gone at the source')] : []
    out.line(
      paint('dim', 'Place'.padEnd(10)),
      `${place.source}  (${place.machine}, ${place.remote}, ${clock(place.modifiedAt)})`,
      ...gone,
    )
  }
  for (const child of session.children) {
    out.line(paint('dim', 'Child'.padEnd(10)), `${child.id}  ${child.relationship ?? ''}  ${child.title}`)
  }
}
