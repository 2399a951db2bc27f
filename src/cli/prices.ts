import type { PriceTable, explainUsage, searchFeeNanoUsd } from '../pricing/index.ts'
import type { CommandContext } from './context.ts'

/** The prices in force, and what explains a cost by them. */
export interface PricesInForce {
  readonly prices: PriceTable
  readonly explainUsage: typeof explainUsage
  readonly searchFeeNanoUsd: typeof searchFeeNanoUsd
}

/**
 * The shipped list under the rates of the config; its room is loaded only now.
 * @throws AgentsviewError `config.*`
 */
export async function pricesInForce(context: CommandContext): Promise<PricesInForce> {
  const [pricing, config] = await Promise.all([import('../pricing/index.ts'), context.config()])
  const { explainUsage, priceTable, searchFeeNanoUsd } = pricing
  return { prices: priceTable(config.prices), explainUsage, searchFeeNanoUsd }
}
