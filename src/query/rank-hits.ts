import type { Ask } from './ask.ts'
import { all, int, select, selectOne } from './ask.ts'
import type { Filters } from './filters.ts'
import { messageConditions, visibleSessions } from './filters.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'

/** A hit's place in the order of hits: by score, lowest first, then newest, then by id. */
export interface RankedHit {
  readonly id: number
  /** Lower is better. */
  readonly score: number
  /** Epoch milliseconds; -1 where none is told. */
  readonly time: number
}

/** From so many matches on, looking each one up takes several times as long as ranking them. */
const manyMatches = 20_000

const rankedColumns = { id: [sql`id`, int], score: [sql`score`, Number], time: [sql`time`, int] } as const
const inOrder = sql`ORDER BY score, time DESC, id DESC`

/**
 * The best hits of a query, and how many there are in all.
 * @param match  text for the full-text index
 * @param page   `size` hits at most, null = all; those after `after`, null = from the best on
 * @throws AgentsviewError `store.*`
 */
export async function rankHits(
  ask: Ask,
  match: string,
  filters: Filters,
  page: { readonly size: number | null; readonly after: RankedHit | null },
): Promise<{ readonly hits: readonly RankedHit[]; readonly total: number }> {
  const { size, after } = page
  const matches = await selectOne(
    ask,
    { count: [sql`count(*)`, int] },
    sql`FROM message_words WHERE message_words MATCH ${match}`,
  )
  const count = matches?.count ?? 0
  if (size !== null && count >= manyMatches) {
    // Twenty times what is wanted leaves room for hidden messages, copies and what filters take away.
    for (let width = 20 * size; width < count; width *= 10) {
      const hits = await bestOf(ask, match, filters, { size, after, width })
      if (hits.length === size) return { hits, total: await countHits(ask, match, filters, count) }
    }
  }
  const rows = await select(
    ask,
    // Within one statement the hits are found and ranked once.
    { ...rankedColumns, total: [sql`(SELECT count(*) FROM hits WHERE copy = 1)`, int] },
    sql`FROM hits WHERE copy = 1 AND ${isAfter(after)} ${inOrder} LIMIT ${size ?? -1}`,
    hitsSql(match, filters),
  )
  return { hits: rows, total: rows[0]?.total ?? 0 }
}

/** The hits as the table `hits (id, score, time, copy)`, for `WITH`; those with `copy = 1` are shown. */
function hitsSql(match: string, filters: Filters): SQL {
  return hitsAmong(
    sql`SELECT rowid AS id, bm25(message_words, 1.0, 0.5) AS score FROM message_words
      WHERE message_words MATCH ${match}`,
    filters,
  )
}

function hitsAmong(found: SQL, filters: Filters): SQL {
  // CROSS keeps the order of the tables: begun with the sessions, the same join takes several times as long.
  const copy = sql`row_number() OVER (
    PARTITION BY s.agent, s.native_id, m."offset", m.part, m."at" ORDER BY o.size DESC, s.machine)`
  return sql`WITH found AS MATERIALIZED (${found}),
    hits AS MATERIALIZED (
      SELECT m.id AS id, found.score AS score, coalesce(m."at", -1) AS time, ${copy} AS copy
      FROM found CROSS JOIN messages m ON m.id = found.id AND m.hidden = 0
        JOIN ${visibleSessions} AND s.id = m.session_id
      WHERE ${all(messageConditions(filters))})`
}

function isAfter(after: RankedHit | null): SQL {
  return after === null ? sql`1` : sql`(score, -time, -id) > (${after.score}, ${-after.time}, ${-after.id})`
}

/**
 * The best hits among the `width` best-ranked matches; fewer than wanted when that is too few. Those with the score of
 * the last match are left out: others of that score, and copies of the same text, may stand beyond it.
 */
async function bestOf(
  ask: Ask,
  match: string,
  filters: Filters,
  { size, after, width }: { readonly size: number; readonly after: RankedHit | null; readonly width: number },
): Promise<readonly RankedHit[]> {
  const from = after === null ? sql`1` : sql`score >= ${after.score}`
  const found = sql`SELECT id, score FROM (
      SELECT rowid AS id, bm25(message_words, 1.0, 0.5) AS score FROM message_words
      WHERE message_words MATCH ${match})
    WHERE ${from} ORDER BY score LIMIT ${width}`
  return await select(
    ask,
    rankedColumns,
    sql`FROM hits WHERE copy = 1 AND ${isAfter(after)} AND score < (SELECT max(score) FROM found)
      ${inOrder} LIMIT ${size}`,
    hitsAmong(found, filters),
  )
}

/**
 * How many hits a query has. Without filters nearly every match is one: only those in sessions with something hidden,
 * replaced or copied are looked up, and taken off where they do not count.
 */
async function countHits(ask: Ask, match: string, filters: Filters, matches: number): Promise<number> {
  const conditions = messageConditions(filters)
  const distinct = sql`SELECT DISTINCT s.agent, s.native_id, m."offset", m.part, m."at"
    FROM found CROSS JOIN messages m ON m.id = found.id AND m.hidden = 0 JOIN ${visibleSessions} AND s.id = m.session_id
    WHERE ${all(conditions)}`
  const isOdd = sql`s.live = 0 OR s.lead = 0 OR s.hidden_ranges <> '[]' OR s.charged_ranges <> '[]' OR EXISTS (
    SELECT 1 FROM sessions c WHERE c.native_id = s.native_id AND c.agent = s.agent AND c.id <> s.id)`
  const odd = sql`SELECT m.id FROM messages m WHERE m.session_id IN (SELECT s.id FROM sessions s WHERE ${isOdd})`
  // The sign keeps the index from being asked for each of those messages by itself.
  const among = conditions.length > 0 ? sql`1` : sql`+rowid IN (${odd})`
  const row = await selectOne(
    ask,
    { found: [sql`(SELECT count(*) FROM found)`, int], shown: [sql`(SELECT count(*) FROM (${distinct}))`, int] },
    sql``,
    sql`WITH found AS MATERIALIZED (SELECT rowid AS id FROM message_words
      WHERE message_words MATCH ${match} AND ${among})`,
  )
  const { found, shown } = row ?? { found: 0, shown: 0 }
  return (conditions.length > 0 ? 0 : matches - found) + shown
}
