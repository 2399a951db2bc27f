import { randomUUID } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

import type { ObjectId } from '../model/index.ts'
import type { Transaction } from './driver.ts'
import { isRunning } from './is-running.ts'
import type { Archive } from './open.ts'

/** An object that somebody wants to read, and the revision of it that the wish was made from. */
export interface Wanted extends ObjectId {
  /** Null for an object that is not in the archive yet. */
  readonly revision: number | null
}

/**
 * The objects that one run of a collector reads, so that others leave them alone. Claims only divide the work:
 * that no row is doubled is the business of the objects' revisions.
 */
export interface Claims {
  /**
   * Claims what is free, and gives up what is done.
   * @param done  what of the claimed is read and handed to the writer
   * @returns the wanted ones that are ours now: not those that another live collector reads, nor those that
   *   somebody has read on since the wish was made
   */
  take<T extends Wanted>(wanted: readonly T[], done: readonly ObjectId[]): Promise<readonly T[]>
  /** Gives up everything, and takes nothing any more; to be called at the end, also of a run that failed. */
  release(): Promise<void>
}

/** A claim holds this long after its last renewal, in milliseconds. */
const lifeMs = 60_000
const renewEveryMs = 20_000

/** Owners that run in this process: the id of a process tells nothing about its own past. */
const ownersHere = new Set<string>()

/** Makes the claims of one run; nothing is written until the first are taken. */
export function claimsOf(archive: Archive): Claims {
  const owner = randomUUID()
  const host = hostIdentity()
  let renewal: NodeJS.Timeout | null = null
  let failure: { readonly error: unknown } | null = null
  let isReleased = false
  const renew = (): void => {
    const statement = { sql: `UPDATE claims SET expires_at = ${expiry} WHERE owner = ?`, args: [owner] }
    archive.driver
      .transaction((transaction) => transaction.run([statement]))
      .catch((error: unknown) => {
        // Told when the next ones are taken: until then the reading itself may well go on.
        failure = { error }
      })
  }
  return {
    take: async (wanted, done) => {
      if (failure !== null) throw failure.error
      if (wanted.length === 0 || isReleased) return []
      ownersHere.add(owner)
      renewal ??= setInterval(renew, renewEveryMs).unref()
      const rows = JSON.stringify(wanted.map(({ remote, bucket, key, revision }) => [remote, bucket, key, revision]))
      const taken = await archive.driver.transaction(async (transaction) => {
        const others = await transaction.all({
          sql: 'SELECT DISTINCT owner, pid FROM claims WHERE host = ? AND owner <> ?',
          args: [host, owner],
        })
        const dead = others.filter(([name, pid]) => !isAlive(String(name), Number(pid))).map(([name]) => String(name))
        await transaction.run([
          { sql: giveUp, args: [owner, JSON.stringify(done.map(({ remote, bucket, key }) => [remote, bucket, key]))] },
          { sql: takeFree, args: [rows, owner, host, process.pid, JSON.stringify(dead)] },
        ])
        return await transaction.all({ sql: 'SELECT remote, bucket, key FROM claims WHERE owner = ?', args: [owner] })
      })
      const keys = new Set(taken.map((row) => row.map(String).join('\n')))
      return wanted.filter(({ remote, bucket, key }) => keys.has([remote, bucket, key].join('\n')))
    },
    release: async () => {
      isReleased = true
      if (renewal === null) return
      clearInterval(renewal)
      renewal = null
      ownersHere.delete(owner)
      await archive.driver.transaction((transaction) =>
        transaction.run([{ sql: 'DELETE FROM claims WHERE owner = ?', args: [owner] }]),
      )
    },
  }
}

/** How many collectors read into an archive at this moment. */
export async function liveOwners(transaction: Pick<Transaction, 'all'>): Promise<number> {
  const owners = await transaction.all({
    sql: `SELECT DISTINCT owner, host, pid FROM claims WHERE expires_at > ${nowMs}`,
    args: [],
  })
  const host = hostIdentity()
  return owners.filter(([owner, where, pid]) => where !== host || isAlive(String(owner), Number(pid))).length
}

/** The database's own clock: those of several hosts differ. */
const nowMs = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`
const expiry = `${nowMs} + ${lifeMs}`

const giveUp = `DELETE FROM claims WHERE owner = ?1
  AND (remote, bucket, key) IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2))`

const takeFree = `INSERT INTO claims (remote, bucket, key, owner, host, pid, expires_at)
  SELECT want.value ->> 0, want.value ->> 1, want.value ->> 2, ?2, ?3, ?4, ${expiry}
  FROM json_each(?1) AS want
  LEFT JOIN objects o ON o.remote = want.value ->> 0 AND o.bucket = want.value ->> 1 AND o.key = want.value ->> 2
  WHERE o.revision IS want.value ->> 3
  ON CONFLICT (remote, bucket, key) DO UPDATE SET
    owner = excluded.owner, host = excluded.host, pid = excluded.pid, expires_at = excluded.expires_at
  WHERE claims.expires_at <= ${nowMs} OR claims.owner IN (SELECT value FROM json_each(?5))`

/**
 * Where the id of a process means something: this host, and on Linux this space of process ids, since
 * containers of one host count from 1 each.
 */
function hostIdentity(): string {
  if (process.platform !== 'linux') return hostname()
  return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`
}

function isAlive(owner: string, pid: number): boolean {
  return pid === process.pid ? ownersHere.has(owner) : isRunning(pid)
}
