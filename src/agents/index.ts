/**
 * agents: one sub-room per log format; each turns lines into session records.
 * In: lines of one object, forwards only. Out: records, resume state, and what `settle` concludes.
 * Must not: fetch, store, or know another format; what formats share is in `shared/`.
 */
import type { AgentId } from '../model/index.ts'
import type { AgentFormat } from './agent.ts'
import { claude } from './claude/format.ts'
import { codex } from './codex/format.ts'

export type {
  AgentFormat,
  ByteRange,
  LineParser,
  LoggedImage,
  ObjectContext,
  ObjectPlace,
  SettleInput,
  SettleResult,
} from './agent.ts'

/** Every format the program reads, in the order shown to people. */
export const agentFormats: readonly AgentFormat[] = [claude, codex]

/** The format with this id, if there is one. */
export function agentFormat(id: AgentId): AgentFormat | undefined {
  return agentFormats.find((format) => format.id === id)
}
