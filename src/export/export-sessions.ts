import type { ExportFormat } from './formats.ts'
import { toHtml } from './to-html.ts'
import { toJson } from './to-json.ts'
import { toMarkdown } from './to-markdown.ts'
import type { SessionToExport } from './session.ts'

/**
 * One document with all the sessions, in their order, as pieces of text; nothing is kept but the page at hand.
 * @throws whatever reading the sessions throws
 */
export function exportSessions(format: ExportFormat, sessions: AsyncIterable<SessionToExport>): AsyncIterable<string> {
  switch (format) {
    case 'md':
      return toMarkdown(sessions)
    case 'html':
      return toHtml(sessions)
    case 'json':
      return toJson(sessions)
    default:
      return format satisfies never
  }
}
