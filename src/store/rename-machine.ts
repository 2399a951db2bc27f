import { AgentsviewError } from '../base/index.ts'
import type { NanoUsd } from '../model/index.ts'
import type { Settler } from './batch.ts'
import { liveOwners } from './claims.ts'
import { countUsage } from './count-usage.ts'
import type { Transaction } from './driver.ts'
import type { Archive } from './open.ts'
import type { FamilyMember } from './session-facts.ts'
import { settleSessions } from './settle-sessions.ts'

/** What a rename moved. */
export interface RenamedMachine {
  readonly objects: number
  /** Sessions that people see under the new name now, and saw under the old one. */
  readonly sessions: number
}

/** Sessions that are concluded at a time: each brings its whole family into memory. */
const settledAtOnce = 200
const keysAtOnce = 5000

/**
 * Books all that stands under one machine's name on another, in one transaction, and concludes the sessions of that
 * machine anew: what stood on both may be one session in two places from then on. Objects that are gone from their
 * bucket move too. What the next sync finds is what it would have read under the new name from the start.
 * @throws AgentsviewError `usage.running` while a collector reads; `store.*`; then nothing was changed
 */
export async function renameMachine(
  archive: Archive,
  from: string,
  to: string,
  rules: { readonly settle: Settler; readonly webSearchFee: NanoUsd },
): Promise<RenamedMachine> {
  return await archive.driver.transaction(async (transaction) => {
    if ((await liveOwners(transaction)) > 0) throw collectorReads()
    const [counted] = await transaction.all({
      sql: `SELECT (SELECT count(*) FROM objects WHERE machine = ?1),
              (SELECT count(*) FROM sessions WHERE machine = ?1 AND live = 1 AND lead = 1)`,
      args: [from],
    })
    await transaction.run([
      { sql: 'UPDATE sessions SET machine = ?2 WHERE machine = ?1', args: [from, to] },
      // Whoever planned a reading from the row as it was is refused when it commits, and plans anew.
      { sql: 'UPDATE objects SET machine = ?2, revision = revision + 1 WHERE machine = ?1', args: [from, to] },
      {
        sql: `INSERT INTO machines (name, first_seen_at) SELECT ?2, first_seen_at FROM machines WHERE name = ?1
              ON CONFLICT (name) DO UPDATE SET first_seen_at = min(first_seen_at, excluded.first_seen_at)`,
        args: [from, to],
      },
      { sql: 'DELETE FROM machines WHERE name = ?', args: [from] },
    ])
    await concludeMachine(transaction, to, rules)
    return { objects: Number(counted?.[0] ?? 0), sessions: Number(counted?.[1] ?? 0) }
  })
}

/** Concludes all sessions of a machine, those that its marks are about among them, and which usage counts. */
async function concludeMachine(
  transaction: Transaction,
  machine: string,
  { settle, webSearchFee }: { readonly settle: Settler; readonly webSearchFee: NanoUsd },
): Promise<void> {
  const rows = await transaction.all({
    sql: 'SELECT DISTINCT agent, native_id FROM sessions WHERE machine = ? AND live = 1',
    args: [machine],
  })
  const members: readonly FamilyMember[] = rows.map((row) => ({
    machine,
    agent: String(row[0]),
    nativeId: String(row[1]),
  }))
  const keys = new Set<string>()
  for (let at = 0; at < members.length; at += settledAtOnce) {
    const settled = await settleSessions(transaction, members.slice(at, at + settledAtOnce), settle)
    for (const key of settled.usageKeys) keys.add(key)
  }
  // The name itself decides between tellings that are alike in all else.
  const told = await transaction.all({
    sql: `SELECT DISTINCT u.dedupe_key FROM usage u JOIN sessions s ON s.id = u.session_id
          WHERE s.machine = ? AND u.shared = 1`,
    args: [machine],
  })
  for (const [key] of told) keys.add(String(key))
  const all = [...keys]
  for (let at = 0; at < all.length; at += keysAtOnce) {
    await countUsage(transaction, new Set(), new Set(all.slice(at, at + keysAtOnce)), webSearchFee)
  }
}

/** @throws AgentsviewError `usage.running` while a collector reads into the archive */
export async function refuseWhileRead({ driver }: Archive): Promise<void> {
  if ((await liveOwners(driver)) > 0) throw collectorReads()
}

function collectorReads(): AgentsviewError {
  return new AgentsviewError({
    code: 'usage.running',
    message: 'a sync is reading into this archive, by the names it began with',
    hint: 'Wait until it is done, then rename.',
  })
}
