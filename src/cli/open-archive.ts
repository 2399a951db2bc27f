import { AgentsviewError } from '../base/index.ts'
import { priceTable, priceUsage } from '../pricing/index.ts'
import type { PriceTable } from '../pricing/index.ts'
import type { Archive } from '../store/index.ts'
import { openArchive, reprice } from '../store/index.ts'
import type { CommandContext } from './context.ts'

/** An archive to write to, with the prices its costs are made with. */
export interface WritableArchive {
  readonly archive: Archive
  readonly prices: PriceTable
}

/**
 * Opens the archive that the config names for writing, priced with the prices in force.
 * @throws AgentsviewError `store.*`, `config.*`
 */
export async function openToWrite(context: CommandContext): Promise<WritableArchive> {
  const { store, prices: overrides } = await context.config()
  if (store.problem !== null) {
    const { code, message, hint } = store.problem
    throw new AgentsviewError({ code, message, hint: hint ?? undefined })
  }
  const prices = priceTable(overrides)
  const archive = await openArchive(store)
  try {
    await reprice(archive, prices.version, (usage) => priceUsage(prices, usage).tokensCost)
    return { archive, prices }
  } catch (error) {
    archive.close()
    throw error
  }
}
