import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { int, intOrNull, listed, select, str, strOrNull } from './ask.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { Filters } from './filters.ts'
import { publicId, visibleSessions } from './filters.ts'
import type { RankedHit } from './rank-hits.ts'
import { rankHits } from './rank-hits.ts'
import { matchOf, readSearchQuery } from './search-query.ts'
import { finderOf, headOf, snippetOf } from './snippet.ts'
import { sql } from './sql.ts'

/** One message that a query found. */
export interface SearchHit {
  readonly sessionId: string
  /** Place of the message in `session messages`. */
  readonly ordinal: number
  readonly machine: string
  readonly project: string | null
  readonly agent: string
  /** Title of the session. */
  readonly title: string
  readonly role: string
  readonly timestamp: string | null
  /** Where the words stand; `text` when they stand in both. */
  readonly field: 'text' | 'thinking'
  readonly snippet: string
  /** Where in the snippet the words stand: `[start, end)` in UTF-16 units. */
  readonly matches: readonly (readonly [number, number])[]
  /** Higher is better; comparable within one query only. */
  readonly score: number
}

export interface SearchHits {
  readonly hits: readonly SearchHit[]
  readonly total: number
  readonly nextCursor: string | null
}

/**
 * Messages that hold the words of a query, best first, then newest. A message that stands in copies
 * of a session on several machines is one hit.
 * @param page  `limit` 0 = all
 * @throws AgentsviewError `usage.cursor`, `store.*`
 */
export async function search(
  ask: Ask,
  query: string,
  filters: Filters,
  page: { readonly limit: number; readonly cursor: string | null },
): Promise<SearchHits> {
  const asked = readSearchQuery(query)
  const match = matchOf(asked)
  const finder = finderOf(asked)
  if (match === '' || finder === null) return { hits: [], total: 0, nextCursor: null }
  const { hits: found, total } = await rankHits(ask, match, filters, {
    size: page.limit === 0 ? null : page.limit + 1,
    after: page.cursor === null ? null : readPlace(page.cursor),
  })
  const shown = page.limit === 0 ? found : found.slice(0, page.limit)
  const rows = await hitRows(
    ask,
    shown.map(({ id }) => id),
  )
  const end = shown.at(-1)
  return {
    hits: shown.flatMap(({ id, score }) => {
      const row = rows.get(id)
      return row === undefined ? [] : [hitOf(row, -score, finder)]
    }),
    total,
    nextCursor:
      end === undefined || shown.length === found.length ? null : writeCursor('hits', [end.score, end.time, end.id]),
  }
}

function readPlace(cursor: string): RankedHit {
  const [score = 0, time = 0, id = 0] = readCursor('hits', cursor, ['number', 'number', 'number'])
  return { score: Number(score), time: Number(time), id: Number(id) }
}

type HitRow = Awaited<ReturnType<typeof loadHits>>[number]

async function hitRows(ask: Ask, ids: readonly number[]): Promise<ReadonlyMap<number, HitRow>> {
  return new Map((await loadHits(ask, ids)).map((row) => [row.id, row]))
}

async function loadHits(ask: Ask, ids: readonly number[]) {
  const ordinal = sql`(SELECT count(*) FROM messages b WHERE b.session_id = m.session_id AND b.hidden = 0
    AND (b.pos, b."offset", b.part) < (m.pos, m."offset", m.part))`
  return await select(
    ask,
    {
      id: [sql`m.id`, int],
      ordinal: [ordinal, int],
      sessionId: [publicId, str],
      machine: [sql`s.machine`, str],
      project: [sql`s.project`, strOrNull],
      agent: [sql`s.agent`, str],
      title: [sql`coalesce(nullif(s.title, ''), nullif(s.first_prompt, ''), s.project)`, strOrNull],
      role: [sql`m.role`, str],
      at: [sql`m."at"`, intOrNull],
      text: [sql`m.text`, str],
      thinking: [sql`m.thinking`, str],
    },
    sql`FROM messages m JOIN ${visibleSessions} AND s.id = m.session_id WHERE m.id IN ${listed(ids)}`,
  )
}

function hitOf(row: HitRow, score: number, finder: RegExp): SearchHit {
  const { id: _, at, text, thinking, title, ...rest } = row
  const inText = snippetOf(text, finder)
  const inThinking = inText === null ? snippetOf(thinking, finder) : null
  const snippet = inText ?? inThinking ?? headOf(text === '' ? thinking : text)
  return {
    ...rest,
    title: title ?? row.sessionId,
    timestamp: toRfc3339(at),
    field: inThinking !== null || (inText === null && text === '') ? 'thinking' : 'text',
    snippet: snippet.text,
    matches: snippet.matches,
    score,
  }
}
