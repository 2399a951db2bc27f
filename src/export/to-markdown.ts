import type { MessageRow, ToolCallRow } from '../query/index.ts'
import type { SessionToExport } from './session.ts'
import { factsOf, momentOf, speakerOf } from './session.ts'

/** The sessions one after the other, each message under a heading; markup of the messages stays, HTML in them is text. */
export async function* toMarkdown(sessions: AsyncIterable<SessionToExport>): AsyncIterable<string> {
  for await (const { session, messages } of sessions) {
    const facts = factsOf(session).map(([name, value]) => `- ${name}: ${codeSpan(value)}`)
    yield `# ${oneLine(session.title)}\n\n${facts.join('\n')}\n`
    for await (const page of messages) yield page.map(messageText).join('')
    yield '\n'
  }
}

function messageText(message: MessageRow): string {
  const head = `\n## ${message.ordinal} · ${oneLine(speakerOf(message))} · ${momentOf(message.timestamp)}\n`
  const thinking = message.thinking === '' ? [] : [quoted(withoutHtml(message.thinking))]
  const text = message.text.trim() === '' ? [] : [withoutHtml(message.text)]
  const parts = [...thinking, ...text, ...message.toolCalls.map(callText)]
  return `${head}${parts.map((part) => `\n${part}\n`).join('')}`
}

function callText(call: ToolCallRow): string {
  const subagent = call.subagentId === null ? [] : [`Subagent: ${codeSpan(call.subagentId)}`]
  const result = call.result === null ? ['No result.'] : [call.isError ? 'Failed:' : 'Result:', fenced(call.result)]
  return [`**Tool ${codeSpan(call.name)}**`, fenced(call.input), ...subagent, ...result].join('\n\n')
}

/** A fence longer than any run of ticks inside, so that the text cannot end it. */
function fenced(text: string): string {
  const fence = '`'.repeat(longestTicks(text, 2) + 1)
  return `${fence}\n${text.replace(/\n+$/, '')}\n${fence}`
}

function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const ticks = '`'.repeat(longestTicks(line, 0) + 1)
  return line.startsWith('`') || line.endsWith('`') ? `${ticks} ${line} ${ticks}` : `${ticks}${line}${ticks}`
}

function longestTicks(text: string, least: number): number {
  let longest = least
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  return longest
}

function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|]/g, '\\$&')
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
}

const fenceLine = /^ {0,3}(`{3,}|~{3,})(.*)$/

/**
 * A message's markup without what a viewer would fetch or run: tags and pictures outside of code become text. A block
 * of code that is left open is closed, so that it ends with its message.
 */
function withoutHtml(text: string): string {
  let open: string | null = null
  const lines = text.split('\n').map((line) => {
    const [, sign = '', rest = ''] = fenceLine.exec(line) ?? []
    if (open === null) {
      if (sign !== '' && !(sign.startsWith('`') && rest.includes('`'))) open = sign
      return sign !== '' && open !== null ? line : outsideCode(line)
    }
    if (sign.startsWith(open) && rest.trim() === '') open = null
    return line
  })
  return open === null ? lines.join('\n') : `${lines.join('\n')}\n${open as string}`
}

function outsideCode(line: string): string {
  const plain = (part: string): string => part.replace(/<(?=[A-Za-z/!?])/g, '\\<').replace(/!(?=\[)/g, '!\\')
  let result = ''
  let at = 0
  for (const span of line.matchAll(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g)) {
    result += plain(line.slice(at, span.index)) + span[0]
    at = span.index + span[0].length
  }
  return result + plain(line.slice(at))
}
