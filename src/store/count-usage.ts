import type { NanoUsd } from '../model/index.ts'
import type { Occurrence, Verdict } from './choose-winners.ts'
import { chooseWinners } from './choose-winners.ts'
import type { SqlValue, Transaction } from './driver.ts'

/**
 * Makes `counts`, `shared`, `owner_id` and the fee right for dedupe keys whose rows changed.
 * @param mayBeShared  keys of rows just written: those that stand alone are right already
 * @param mustCheck  keys whose rows were dropped, hidden or changed hands
 */
export async function countUsage(
  transaction: Transaction,
  mayBeShared: ReadonlySet<string>,
  mustCheck: ReadonlySet<string>,
  webSearchFee: NanoUsd,
): Promise<void> {
  const keys = new Set(mustCheck)
  const fresh = [...mayBeShared].filter((key) => !mustCheck.has(key))
  if (fresh.length > 0) {
    const rows = await transaction.all({
      sql: `SELECT dedupe_key FROM usage WHERE dedupe_key IN (SELECT value FROM json_each(?))
            GROUP BY dedupe_key HAVING count(*) > 1`,
      args: [JSON.stringify(fresh)],
    })
    for (const [key] of rows) keys.add(String(key))
  }
  if (keys.size === 0) return
  const changed = await wrongVerdicts(transaction, [...keys], webSearchFee)
  if (changed.length === 0) return
  const packed = changed.map((row) => [
    row.id,
    Number(row.counts),
    Number(row.shared),
    row.ownerId,
    row.webSearches * webSearchFee,
  ])
  await transaction.run([
    {
      sql: `UPDATE usage SET counts = new.value ->> 1, shared = new.value ->> 2, owner_id = new.value ->> 3,
              fee_cost = new.value ->> 4
            FROM json_each(?) AS new WHERE usage.id = new.value ->> 0`,
      args: [JSON.stringify(packed)],
    },
  ])
}

/** What is stored otherwise than the rows of these keys conclude it. */
export async function wrongVerdicts(
  ask: Pick<Transaction, 'all'>,
  keys: readonly string[],
  webSearchFee: NanoUsd,
): Promise<readonly Verdict[]> {
  const rows = await ask.all({
    sql: `SELECT u.id, u.dedupe_key, u.output, u.at, u.web_searches, s.live AND NOT u.hidden, u."offset", u.part,
            coalesce((SELECT l.id FROM sessions l
                      WHERE l.native_id = s.native_id AND l.machine = s.machine AND l.agent = s.agent
                        AND l.live = 1 AND l.lead = 1), s.id),
            s.started_at, s.ended_at, s.machine || '~' || s.native_id,
            o.remote || char(10) || o.bucket || char(10) || o.key, u.relayed,
            u.counts, u.shared, u.owner_id, u.fee_cost
          FROM usage u JOIN sessions s ON s.id = u.session_id JOIN objects o ON o.id = s.object_id
          WHERE u.dedupe_key IN (SELECT value FROM json_each(?))`,
    args: [JSON.stringify(keys)],
  })
  const before = new Map(rows.map((row) => [Number(row[0]), row.slice(14).map(Number)]))
  return chooseWinners(rows.map(toOccurrence)).filter((verdict) => {
    const [counts, shared, ownerId, feeCost] = before.get(verdict.id) ?? []
    return (
      counts !== Number(verdict.counts) ||
      shared !== Number(verdict.shared) ||
      ownerId !== verdict.ownerId ||
      feeCost !== verdict.webSearches * webSearchFee
    )
  })
}

function toOccurrence(row: readonly SqlValue[]): Occurrence {
  return {
    id: Number(row[0]),
    key: String(row[1]),
    output: Number(row[2]),
    at: row[3] === null ? null : Number(row[3]),
    webSearches: Number(row[4]),
    isEligible: Number(row[5]) === 1,
    offset: Number(row[6]),
    part: Number(row[7]),
    leadId: Number(row[8]),
    sessionStartedAt: row[9] === null ? null : Number(row[9]),
    sessionEndedAt: row[10] === null ? null : Number(row[10]),
    publicId: String(row[11]),
    place: String(row[12]),
    isRelayed: Number(row[13]) === 1,
  }
}
