import { cleanLines } from '../../base/index.ts'
import type * as Query from '../../query/index.ts'
import type { MessageRow, ToolCallRow } from '../../query/index.ts'
import { noteMore, withArchive } from '../archive.ts'
import { defineCommand } from '../command.ts'
import type { CommandContext } from '../context.ts'
import type { Colour } from '../output/index.ts'
import { paint } from '../output/index.ts'

const roleColours: Readonly<Record<MessageRow['role'], Colour>> = { user: 'green', assistant: 'cyan', system: 'dim' }
/** Lines of a tool's result, and of thinking, that are shown without `--full`. */
const foldedLines = 3

/** `session messages`: the transcript. */
export const sessionMessagesCommand = defineCommand({
  command: 'messages <id>',
  describe: 'Read the messages of a session',
  exits: [3, 10],
  examples: [
    ['session messages 0f3a --limit 0 --full', 'all of it'],
    ['session messages 0f3a --from 40', 'from one message on'],
  ],
  options: (yargs) =>
    yargs
      .positional('id', { type: 'string', demandOption: true, describe: 'Id, or its beginning' })
      .option('from', { type: 'number', nargs: 1, describe: 'Number of the first message to show' })
      .option('full', { type: 'boolean', describe: 'Whole tool results and thinking, not their first lines' }),
  run: async (args, context) =>
    await withArchive(context, async ({ ask, query }) => {
      const { globals, out } = context
      const found = await query.findSession(ask, args.id)
      const from = args.from !== undefined && Number.isFinite(args.from) ? args.from : 0
      const page = await query.sessionMessages(ask, found, { limit: globals.limit, cursor: globals.cursor, from })
      const { messages, total, nextCursor } = page
      if (out.format === 'table') {
        for (const message of messages) showMessage(message, args.full ?? false, query, context)
        if (messages.length === 0) out.note(`The session ${found.id} has no messages here.`)
      } else {
        out.rows({
          kind: 'sessionMessages',
          key: 'messages',
          rows: messages,
          columns: [
            { key: 'ordinal', title: '#', value: (row) => row.ordinal, align: 'right' },
            { key: 'role', title: 'ROLE', value: (row) => row.role },
            { key: 'timestamp', title: 'TIME', value: (row) => row.timestamp },
            { key: 'model', title: 'MODEL', value: (row) => row.model },
            { key: 'text', title: 'TEXT', value: (row) => row.text },
            { key: 'tools', title: 'TOOLS', value: (row) => row.toolCalls.map(({ name }) => name).join(' ') },
          ],
          json: (row) => ({ ...row }),
          extra: { sessionId: found.id, total, nextCursor },
        })
      }
      noteMore(context, messages.length, page)
    }),
})

function showMessage(
  message: MessageRow,
  isFull: boolean,
  query: typeof Query,
  { out, globals }: CommandContext,
): void {
  const time = message.timestamp === null ? '' : query.clockOf(Date.parse(message.timestamp), globals.timezone)
  const about = [message.subtype, time, message.model].filter((one) => one !== null && one !== '').join(' · ')
  out.line(paint(roleColours[message.role], `#${message.ordinal} ${message.role}`), '  ', paint('dim', about))
  if (message.thinking !== '') {
    for (const line of folded(message.thinking, isFull)) out.line('  ', paint('dim', `~ ${line}`))
  }
  if (message.text !== '') for (const line of linesOf(message.text)) out.line('  ', line)
  for (const call of message.toolCalls) showCall(call, isFull, query, out)
  out.line('')
}

function showCall(call: ToolCallRow, isFull: boolean, query: typeof Query, out: CommandContext['out']): void {
  const room = Math.max(20, (out.width ?? 160) - call.name.length - 6)
  const input = [...query.showCall(call.input)]
  const shown = input.length > room ? `${input.slice(0, room - 1).join('')}…` : input.join('')
  out.line('  ', paint('yellow', `> ${call.name}`), ' ', shown)
  if (call.subagentId !== null) out.line('    ', paint('dim', `subagent ${call.subagentId}`))
  if (call.result === null) return
  for (const line of folded(call.result, isFull)) out.line('    ', paint(call.isError ? 'red' : 'dim', line))
}

function folded(text: string, isFull: boolean): readonly string[] {
  const lines = linesOf(text)
  if (isFull || lines.length <= foldedLines + 1) return lines
  return [...lines.slice(0, foldedLines), `… ${lines.length - foldedLines} more lines`]
}

function linesOf(text: string): readonly string[] {
  return cleanLines(text).trimEnd().split('\n')
}
