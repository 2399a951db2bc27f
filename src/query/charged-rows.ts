import { toRfc3339 } from '../base/index.ts'
import type { NanoUsd, TokenCounts } from '../model/index.ts'
import type { Ask } from './ask.ts'
import { flag, int, intOrNull, listed, select, str, strOrNull } from './ask.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { usageTime, visibleSessions } from './filters.ts'
import type { FoundSession } from './find-session.ts'
import { sourceOf } from './source.ts'
import { sql } from './sql.ts'
import type { Sum } from './tally.ts'
import { addToSum, emptySum, tallyColumns } from './tally.ts'
import type { UsageSums } from './usage-report.ts'
import { sumsOf } from './usage-report.ts'

/** A place where a response stands. */
export interface UsagePlace {
  readonly sessionId: string
  readonly source: string
  /** First byte of the line, in the unpacked log. */
  readonly offset: number
}

/** The same response told once more: charged only once. */
export interface UsageCopy extends UsagePlace {
  readonly outputTokens: number
  /** Copied history, or a telling that is not the fullest. */
  readonly why: 'copied-history' | 'told-again'
}

/** One response that a session is charged for. */
export interface ChargedRow extends TokenCounts {
  readonly at: string | null
  readonly model: string
  readonly tier: string | null
  /** Searches the fullest telling has; another may have more, and `feeNanoUSD` is for the most. */
  readonly webSearches: number
  /** Null when the model has no price. */
  readonly tokensNanoUSD: NanoUsd | null
  readonly feeNanoUSD: NanoUsd
  /** As the log itself says; never summed. */
  readonly reportedNanoUSD: NanoUsd | null
  /** The telling whose numbers count: the fullest. */
  readonly place: UsagePlace
  readonly copies: readonly UsageCopy[]
}

/** Responses that stand in a session's log and are charged to another session, or to none. */
export interface ChargedElsewhere {
  /** Null: to none, as it is copied history whose own log tells it no more. */
  readonly sessionId: string | null
  readonly responses: number
}

export interface ChargedRows {
  readonly sessionId: string
  readonly rows: readonly ChargedRow[]
  readonly elsewhere: readonly ChargedElsewhere[]
  /** Of all rows, not of the page. */
  readonly totals: UsageSums
  readonly total: number
  readonly nextCursor: string | null
}

/**
 * Every response a session is charged for, in the order of time, with the places that tell it too.
 * Subagents are sessions of their own.
 * @param page  `limit` 0 = all
 * @throws AgentsviewError `usage.cursor`, `store.*`
 */
export async function chargedRows(
  ask: Ask,
  found: FoundSession,
  page: { readonly limit: number; readonly cursor: string | null },
): Promise<ChargedRows> {
  const sums = await select(
    ask,
    { model: [sql`u.model`, str], ...tallyColumns },
    sql`FROM usage u WHERE u.counts = 1 AND u.owner_id IN ${listed(found.rowIds)} GROUP BY u.model`,
  )
  let whole: Sum = emptySum
  for (const row of sums) whole = addToSum(whole, row.model, row)
  const rows = await readRows(ask, found, page)
  const shown = page.limit === 0 ? rows : rows.slice(0, page.limit)
  const end = shown.at(-1)
  const copies = await copiesOf(ask, shown)
  return {
    sessionId: found.id,
    rows: shown.map((row) => toCharged(row, copies.get(row.key) ?? [])),
    elsewhere: await chargedElsewhere(ask, found),
    totals: sumsOf(whole),
    total: whole.total.rows,
    nextCursor: end === undefined || shown.length === rows.length ? null : writeCursor('charged', [end.order, end.id]),
  }
}

const placeColumns = {
  sessionId: [sql`t.machine || '~' || t.native_id`, str],
  remote: [sql`p.remote`, str],
  bucket: [sql`p.bucket`, str],
  objectKey: [sql`p.key`, str],
  offset: [sql`u."offset"`, int],
  output: [sql`u.output`, int],
} as const

const rowColumns = {
  ...placeColumns,
  id: [sql`u.id`, int],
  order: [usageTime, int],
  key: [sql`u.dedupe_key`, str],
  isShared: [sql`u.shared`, flag],
  at: [sql`u.at`, intOrNull],
  model: [sql`u.model`, str],
  tier: [sql`u.tier`, strOrNull],
  input: [sql`u.input`, int],
  cacheRead: [sql`u.cache_read`, int],
  cacheWrite5m: [sql`u.cache_write_5m`, int],
  cacheWrite1h: [sql`u.cache_write_1h`, int],
  reasoning: [sql`u.reasoning`, int],
  tokensNanoUSD: [sql`u.tokens_cost`, intOrNull],
  feeNanoUSD: [sql`u.fee_cost`, int],
  reportedNanoUSD: [sql`u.reported_cost`, intOrNull],
  webSearches: [sql`u.web_searches`, int],
} as const

type Row = Awaited<ReturnType<typeof readRows>>[number]

/** The rows of the page and, where there are more, one more. */
async function readRows(
  ask: Ask,
  found: FoundSession,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
) {
  const [order, id] = cursor === null ? [null, null] : readCursor('charged', cursor, ['number', 'number'])
  const after = order === null ? sql`1` : sql`(${usageTime}, u.id) > (${order}, ${id})`
  return await select(
    ask,
    rowColumns,
    sql`FROM ${visibleSessions} JOIN usage u ON u.owner_id = s.id AND u.counts = 1
      JOIN sessions t ON t.id = u.session_id JOIN objects p ON p.id = t.object_id
      WHERE s.id IN ${listed(found.rowIds)} AND ${after}
      ORDER BY ${usageTime}, u.id LIMIT ${limit === 0 ? -1 : limit + 1}`,
  )
}

async function copiesOf(ask: Ask, rows: readonly Row[]): Promise<ReadonlyMap<string, readonly UsageCopy[]>> {
  const keys = rows.filter(({ isShared }) => isShared).map(({ key }) => key)
  const copies = new Map<string, UsageCopy[]>()
  if (keys.length === 0) return copies
  const found = await select(
    ask,
    { ...placeColumns, key: [sql`u.dedupe_key`, str], isHidden: [sql`u.hidden`, flag] },
    sql`FROM usage u JOIN sessions t ON t.id = u.session_id AND t.live = 1 JOIN objects p ON p.id = t.object_id
      WHERE u.counts = 0 AND u.dedupe_key IN ${listed(keys)}
      ORDER BY t.machine, t.native_id, p.remote, p.key, u."offset"`,
  )
  for (const { key, isHidden, output, ...place } of found) {
    const copy: UsageCopy = {
      ...placeOf(place),
      outputTokens: output,
      why: isHidden ? 'copied-history' : 'told-again',
    }
    copies.set(key, [...(copies.get(key) ?? []), copy])
  }
  return copies
}

async function chargedElsewhere(ask: Ask, found: FoundSession): Promise<readonly ChargedElsewhere[]> {
  return await select(
    ask,
    {
      sessionId: [sql`o.machine || '~' || o.native_id`, strOrNull],
      responses: [sql`count(DISTINCT u.dedupe_key)`, int],
    },
    sql`FROM usage u LEFT JOIN usage w ON w.dedupe_key = u.dedupe_key AND w.counts = 1
      LEFT JOIN sessions o ON o.id = w.owner_id
      WHERE u.counts = 0 AND u.session_id IN ${listed(found.rowIds)}
        AND (w.owner_id IS NULL OR w.owner_id NOT IN ${listed(found.rowIds)})
      GROUP BY 1 ORDER BY 1 IS NULL, 1`,
  )
}

function toCharged(row: Row, copies: readonly UsageCopy[]): ChargedRow {
  const { model, tier, input, output, cacheRead, cacheWrite5m, cacheWrite1h, reasoning, webSearches } = row
  const { tokensNanoUSD, feeNanoUSD, reportedNanoUSD } = row
  return {
    at: toRfc3339(row.at),
    model,
    tier,
    input,
    output,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    reasoning,
    webSearches,
    tokensNanoUSD,
    feeNanoUSD,
    reportedNanoUSD,
    place: placeOf(row),
    copies,
  }
}

function placeOf(row: Pick<Row, 'sessionId' | 'remote' | 'bucket' | 'objectKey' | 'offset'>): UsagePlace {
  const { sessionId, remote, bucket, objectKey, offset } = row
  return { sessionId, source: sourceOf(remote, bucket, objectKey), offset }
}
