import { AgentsviewError } from '../base/index.ts'
import type { Ask, FoundSession, MessageRow, SessionDetail } from '../query/index.ts'
import { sessionDetail, sessionMessages } from '../query/index.ts'

/** A session to write down. Its messages come page by page, in their order. */
export interface SessionToExport {
  readonly session: SessionDetail
  readonly messages: AsyncIterable<readonly MessageRow[]>
}

const pageSize = 200

/**
 * Sessions of an archive, read as they are written down: never more than a page of messages at a time.
 * @throws AgentsviewError `not-found.session` when one has just left the archive; `store.*`
 */
export async function* readSessions(ask: Ask, found: readonly FoundSession[]): AsyncIterable<SessionToExport> {
  for (const one of found) {
    const session = await sessionDetail(ask, one)
    if (session === null) {
      throw new AgentsviewError({
        code: 'not-found.session',
        message: `the session ${one.id} has just left the archive`,
        hint: 'Ask again.',
      })
    }
    yield { session, messages: pagesOf(ask, one) }
  }
}

async function* pagesOf(ask: Ask, found: FoundSession): AsyncIterable<readonly MessageRow[]> {
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof sessionMessages>> = await sessionMessages(ask, found, {
      limit: pageSize,
      cursor,
    })
    yield page.messages
    cursor = page.nextCursor
  } while (cursor !== null)
}

/** What is told above a transcript, by name. Times are UTC. */
export function factsOf(session: SessionDetail): readonly (readonly [string, string])[] {
  const cost = session.costUSD === null ? null : `$${session.costUSD.toFixed(session.costUSD < 1 ? 4 : 2)}`
  const facts: readonly (readonly [string, string | null])[] = [
    ['Session', session.id],
    ['Machine', session.machine],
    ['Project', session.project],
    ['Branch', session.branch],
    ['Folder', session.cwd],
    ['Time', `${momentOf(session.startedAt)} to ${momentOf(session.endedAt)} (UTC)`],
    ['Messages', String(session.messageCount)],
    ['Models', session.models.join(', ') || null],
    ['Tokens', session.totalTokens.toLocaleString('en-US')],
    ['Cost', cost],
    ['Source', session.source],
  ]
  return facts.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, value] as const]))
}

/** `2026-08-01 12:00:00`, from RFC 3339 in UTC. */
export function momentOf(time: string | null): string {
  return time === null ? '–' : time.slice(0, 19).replace('T', ' ')
}

/** Who speaks in a message. */
export function speakerOf({ role, isUserTurn, subtype, model }: MessageRow): string {
  if (subtype === 'compact_boundary') return 'Context compacted'
  if (role === 'assistant') return model === null ? 'Model' : `Model (${model})`
  if (role === 'system') return subtype === null ? 'System' : `System (${subtype.replaceAll('_', ' ')})`
  return isUserTurn ? 'Prompt' : 'Added by the program'
}
