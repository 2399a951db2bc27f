import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { flag, int, intOrNull, listed, select, selectOne, str } from './ask.ts'
import type { FoundSession } from './find-session.ts'
import { numberedMessages } from './ordinals.ts'
import type { Tally, TokenSums } from './tally.ts'
import { addTally, dollars, emptyTally, sessionCostOf, tokensOf } from './tally.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'

/** What one or more model responses were charged. */
export interface StepUsage extends TokenSums {
  readonly costUSD: number | null
  readonly costNanoUSD: number | null
  /** False when the same response is booked on another session and adds nothing here. */
  readonly isCounted: boolean
}

/** One model response, in the order of the log. */
export interface Step extends StepUsage {
  /** The message it belongs to; null when none is visible. */
  readonly ordinal: number | null
  readonly timestamp: string | null
  readonly model: string
  /** Tokens the model was shown: input, cache reads and cache writes. */
  readonly contextTokens: number
}

/**
 * The assistant's message that a charged row `u` belongs to: the last one that begins at or before its line.
 * One format tells usage on the message's own line, another on a line after it.
 */
const messageOfRow = sql`(SELECT m.id FROM messages m
  WHERE m.session_id = u.session_id AND m.hidden = 0 AND m.role = 'assistant' AND m."offset" <= u."offset"
  ORDER BY m."offset" DESC, m.part DESC LIMIT 1)`

/**
 * True when the response that a row `u` tells of is charged to the session. The row that counts may stand in the log
 * of another one, which copied this one's beginning and told more of it.
 */
function isChargedTo(found: FoundSession): SQL {
  return sql`EXISTS (SELECT 1 FROM usage w
    WHERE w.dedupe_key = u.dedupe_key AND w.counts = 1 AND w.owner_id IN ${listed(found.rowIds)})`
}

const stepColumns = {
  inputTokens: [sql`u.input`, int],
  outputTokens: [sql`u.output`, int],
  cacheCreationTokens: [sql`u.cache_write_5m + u.cache_write_1h`, int],
  cacheReadTokens: [sql`u.cache_read`, int],
  tokensCost: [sql`u.tokens_cost`, intOrNull],
  feeCost: [sql`u.fee_cost`, int],
} as const

/**
 * What the messages of a page were charged, by ordinal; messages without a charge are left out.
 * @throws AgentsviewError `store.*`
 */
export async function usageOfMessages(
  ask: Ask,
  found: FoundSession,
  page: readonly { readonly ordinal: number; readonly offset: number }[],
): Promise<ReadonlyMap<number, StepUsage>> {
  if (page.length === 0) return new Map()
  const offsets = page.map(({ offset }) => offset)
  const next = await selectOne(
    ask,
    { offset: [sql`min("offset")`, intOrNull] },
    sql`FROM messages WHERE session_id = ${found.rowId} AND hidden = 0 AND role = 'assistant'
      AND "offset" > ${Math.max(...offsets)}`,
  )
  const end = next?.offset ?? null
  const before = end === null ? sql`1` : sql`u."offset" < ${end}`
  const rows = await stepRows(
    ask,
    found,
    sql`AND u."offset" >= ${Math.min(...offsets)} AND ${before}`,
    sql`WITH ${numberedMessages(found.rowId)}`,
  )
  const shown = new Set(page.map(({ ordinal }) => ordinal))
  const tallies = new Map<number, Tally & { readonly isCounted: boolean }>()
  for (const row of rows) {
    if (row.ordinal === null || !shown.has(row.ordinal)) continue
    const known = tallies.get(row.ordinal)
    const tally = tallyOf(row)
    const isCounted = row.isCounted || (known?.isCounted ?? false)
    tallies.set(row.ordinal, { ...addTally(known ?? emptyTally, tally), isCounted })
  }
  return new Map([...tallies].map(([ordinal, tally]) => [ordinal, usageOfTally(tally, tally.isCounted)]))
}

/** Most responses one answer holds: the log of the longest session known has a tenth of it. */
const mostSteps = 20_000

/**
 * The model responses of a session's own log, and how many there are.
 * @param most  responses to give; of more, some are given at even distances, the first and the last among them;
 *   0 = as many as one answer holds
 * @throws AgentsviewError `store.*`
 */
export async function sessionSteps(
  ask: Ask,
  found: FoundSession,
  most = 0,
): Promise<{ readonly steps: readonly Step[]; readonly stepCount: number }> {
  const counted = await selectOne(
    ask,
    { count: [sql`count(*)`, int] },
    sql`FROM usage WHERE session_id = ${found.rowId} AND hidden = 0`,
  )
  const stepCount = counted?.count ?? 0
  const every = most === 0 ? 1 : Math.ceil(stepCount / most)
  const isShown = sql`AND u.id IN (SELECT id FROM (
      SELECT id, row_number() OVER (ORDER BY "offset", part) - 1 AS place FROM usage
      WHERE session_id = ${found.rowId} AND hidden = 0)
    WHERE place % ${every} = 0 OR place = ${stepCount - 1})`
  const rows = await stepRows(ask, found, every <= 1 ? sql`` : isShown, sql`WITH ${numberedMessages(found.rowId)}`)
  const steps = rows.map((row) => ({
    ordinal: row.ordinal,
    timestamp: toRfc3339(row.at),
    model: row.model,
    contextTokens: row.inputTokens + row.cacheReadTokens + row.cacheCreationTokens,
    ...usageOfTally(tallyOf(row), row.isCounted),
  }))
  return { steps, stepCount }
}

type StepRow = Awaited<ReturnType<typeof stepRows>>[number]

async function stepRows(ask: Ask, found: FoundSession, condition: SQL, before: SQL) {
  return await select(
    ask,
    {
      ordinal: [sql`(SELECT n.ordinal FROM numbered n WHERE n.id = u.message_id)`, intOrNull],
      at: [sql`u.at`, intOrNull],
      model: [sql`u.model`, str],
      ...stepColumns,
      isCounted: [isChargedTo(found), flag],
    },
    sql`FROM (SELECT u.*, ${messageOfRow} AS message_id FROM usage u
        WHERE u.session_id = ${found.rowId} AND u.hidden = 0 ${condition}) u
      ORDER BY u."offset", u.part LIMIT ${mostSteps}`,
    before,
  )
}

function tallyOf(row: StepRow): Tally {
  const { inputTokens, outputTokens, cacheCreationTokens, cacheReadTokens, tokensCost, feeCost } = row
  return {
    inputTokens,
    outputTokens,
    cacheCreationTokens,
    cacheReadTokens,
    rows: 1,
    pricedRows: tokensCost === null ? 0 : 1,
    tokensNanoUsd: tokensCost ?? 0,
    feesNanoUsd: feeCost,
  }
}

function usageOfTally(tally: Tally, isCounted: boolean): StepUsage {
  const cost = sessionCostOf(tally)
  return { ...tokensOf(tally), costUSD: dollars(cost), costNanoUSD: cost, isCounted }
}
