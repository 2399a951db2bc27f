import { agentFormat } from '../agents/index.ts'
import type { SettleInput, SettleResult } from '../model/index.ts'

/** Concludes a session by the rules of its format; one without such rules is what its parser said. */
export function settleByFormat(agent: string, input: SettleInput): SettleResult {
  return agentFormat(agent)?.settle?.(input) ?? { fields: {}, hidden: [] }
}
