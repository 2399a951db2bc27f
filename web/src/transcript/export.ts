import type { ApiMessage, ApiSessionDetail } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { download } from '../parts/controls.tsx'

const pageSize = 500
const mostResult = 4000

/** Saves all messages of a session as one file of the browser. */
export async function exportSession(session: ApiSessionDetail, format: 'md' | 'json'): Promise<void> {
  const messages: ApiMessage[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof api.messages>> = await api.messages(
      session.id,
      { limit: pageSize, cursor },
      undefined,
    )
    messages.push(...page.messages)
    cursor = page.nextCursor
  } while (cursor !== null)
  const name = session.id.replace(/[^\w.~-]+/g, '_')
  if (format === 'json')
    download(`${name}.json`, 'application/json', `${JSON.stringify({ session, messages }, null, 2)}\n`)
  else download(`${name}.md`, 'text/markdown', toMarkdown(session, messages))
}

/** A transcript as one markdown text. */
export function toMarkdown(session: ApiSessionDetail, messages: readonly ApiMessage[]): string {
  const head = [
    `# ${session.title.replaceAll('\n', ' ')}`,
    '',
    `- Session: \`${session.id}\``,
    `- Source: \`${session.source}\``,
    `- Models: ${session.models.join(', ')}`,
    `- From ${session.startedAt ?? '–'} to ${session.endedAt ?? '–'}`,
  ]
  return `${[...head, ...messages.flatMap(messageLines)].join('\n')}\n`
}

function messageLines(message: ApiMessage): readonly string[] {
  const calls = message.toolCalls.flatMap((call) => [
    '',
    `**${call.name}**`,
    '',
    fenced(call.input),
    ...(call.result === null ? [] : ['', fenced(call.result.slice(0, mostResult))]),
  ])
  return ['', `## ${message.role} ${message.timestamp ?? ''}`.trimEnd(), '', message.text, ...calls]
}

/** A fence longer than any run of ticks inside, so that the text cannot end it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}
