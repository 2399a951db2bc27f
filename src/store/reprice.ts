import type { NanoUsd, Usage } from '../model/index.ts'
import type { Archive } from './open.ts'

/** What a row's price depends on. */
export type PriceableUsage = Pick<
  Usage,
  'model' | 'tier' | 'input' | 'output' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h' | 'reasoning' | 'webSearches'
>

const rowsPerStep = 5000

/** The version of the prices that the costs in an archive were made with; null for an empty one. */
export async function storedPriceVersion(archive: Archive): Promise<string | null> {
  const [row] = await archive.driver.all({ sql: `SELECT value FROM meta WHERE key = 'price_version'`, args: [] })
  return row === undefined ? null : String(row[0])
}

/**
 * Prices every row anew when the price table is not the one the archive was priced with. In steps, so
 * that others get their turn; the version is noted last, so an interrupted run is done again.
 * @param price  nano-dollars of a row's tokens; null when its model has no price
 */
export async function reprice(
  archive: Archive,
  version: string,
  price: (usage: PriceableUsage) => NanoUsd | null,
): Promise<void> {
  if ((await storedPriceVersion(archive)) === version) return
  for (let after = 0; ;) {
    const rows = await archive.driver.all({
      sql: `SELECT id, model, tier, input, output, cache_read, cache_write_5m, cache_write_1h, reasoning, web_searches
            FROM usage WHERE id > ? ORDER BY id LIMIT ?`,
      args: [after, rowsPerStep],
    })
    if (rows.length === 0) break
    const priced = rows.map((row) => [
      Number(row[0]),
      price({
        model: String(row[1]),
        tier: row[2] === null ? null : String(row[2]),
        input: Number(row[3]),
        output: Number(row[4]),
        cacheRead: Number(row[5]),
        cacheWrite5m: Number(row[6]),
        cacheWrite1h: Number(row[7]),
        reasoning: Number(row[8]),
        webSearches: Number(row[9]),
      }),
    ])
    await archive.driver.transaction((transaction) =>
      transaction.run([
        {
          sql: `UPDATE usage SET tokens_cost = new.value ->> 1 FROM json_each(?) AS new
                WHERE usage.id = new.value ->> 0`,
          args: [JSON.stringify(priced)],
        },
      ]),
    )
    after = Number(rows.at(-1)?.[0])
  }
  await archive.driver.transaction((transaction) =>
    transaction.run([
      {
        sql: `INSERT INTO meta (key, value) VALUES ('price_version', ?)
              ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
        args: [version],
      },
    ]),
  )
}
