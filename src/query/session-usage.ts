import type { Ask } from './ask.ts'
import { int, listed, select, str, strOrNull } from './ask.ts'
import { visibleSessions } from './filters.ts'
import type { FoundSession } from './find-session.ts'
import { usageOf } from './session-rows.ts'
import { sql } from './sql.ts'
import type { Sum, TokenSums } from './tally.ts'
import { addToSum, dollars, emptySum, modelsByCost, sessionCostOf, tokensOf, unpricedModelsOf } from './tally.ts'
import type { ModelBreakdown } from './usage-report.ts'
import { breakdownOf } from './usage-report.ts'

/** What one session adds to the roll-up. */
export interface UsagePart extends TokenSums {
  readonly sessionId: string
  readonly relationship: string | null
  readonly agentLabel: string | null
  readonly costUSD: number | null
  readonly costNanoUSD: number | null
}

/** Tokens and money of a session, with those of the sessions it delegated to. */
export interface SessionUsage extends TokenSums {
  readonly sessionId: string
  readonly isOwnOnly: boolean
  readonly costUSD: number | null
  readonly costNanoUSD: number | null
  readonly models: readonly ModelBreakdown[]
  readonly unpricedModels: readonly string[]
  /** The session first, then its descendants; they add up to the whole. */
  readonly parts: readonly UsagePart[]
}

/**
 * What a session was charged: its own rows and those of its subagents at any depth, forks of
 * subagents included. Forks and continuations of the session itself are sessions of their own.
 * @throws AgentsviewError `store.*`
 */
export async function sessionUsage(ask: Ask, found: FoundSession, isOwnOnly: boolean): Promise<SessionUsage> {
  const roots = await nodesOf(ask, found)
  const nodes = isOwnOnly ? roots : [...roots, ...(await delegated(ask, roots))]
  const sums = await usageOf(
    ask,
    nodes.map(({ rowId }) => ({ id: rowId, members: [rowId] })),
  )
  let whole: Sum = emptySum
  for (const { rowId } of nodes)
    for (const [model, tally] of sums.get(rowId)?.models ?? []) whole = addToSum(whole, model, tally)
  const cost = sessionCostOf(whole.total)
  return {
    sessionId: found.id,
    isOwnOnly,
    ...tokensOf(whole.total),
    costUSD: dollars(cost),
    costNanoUSD: cost,
    models: modelsByCost(whole).map(([model, tally]) => breakdownOf(model, tally)),
    unpricedModels: unpricedModelsOf(whole),
    parts: nodes.map((node) => {
      const { total } = sums.get(node.rowId) ?? emptySum
      const own = sessionCostOf(total)
      return {
        sessionId: `${node.machine}~${node.nativeId}`,
        relationship: node.relationship,
        agentLabel: node.agentLabel,
        ...tokensOf(total),
        costUSD: dollars(own),
        costNanoUSD: own,
      }
    }),
  }
}

type Node = Awaited<ReturnType<typeof nodesOf>>[number]

const nodeColumns = {
  rowId: [sql`s.id`, int],
  machine: [sql`s.machine`, str],
  agent: [sql`s.agent`, str],
  nativeId: [sql`s.native_id`, str],
  relationship: [sql`s.relationship`, strOrNull],
  agentLabel: [sql`s.agent_label`, strOrNull],
} as const

async function nodesOf(ask: Ask, found: FoundSession) {
  return await select(
    ask,
    nodeColumns,
    sql`FROM ${visibleSessions} WHERE s.id IN ${listed(found.rowIds)} ORDER BY s.id <> ${found.rowId}, s.machine`,
  )
}

/** Walks down level by level; a session met twice (parents may form a ring) is not walked again. */
async function delegated(ask: Ask, roots: readonly Node[]): Promise<readonly Node[]> {
  const seen = new Set(roots.map(({ rowId }) => rowId))
  const counted: Node[] = []
  let level = roots.map(({ rowId }) => ({ rowId, isBelowSubagent: false }))
  while (level.length > 0) {
    const below = new Map(level.map(({ rowId, isBelowSubagent }) => [rowId, isBelowSubagent]))
    const next: typeof level = []
    for (const child of await childrenOf(ask, [...below.keys()])) {
      if (seen.has(child.rowId)) continue
      seen.add(child.rowId)
      const isBelow = below.get(child.parentRowId) ?? false
      const isCounted = child.relationship === 'subagent' || (child.relationship === 'fork' && isBelow)
      if (isCounted) counted.push(child)
      next.push({ rowId: child.rowId, isBelowSubagent: isBelow || child.relationship === 'subagent' })
    }
    level = next
  }
  return counted
}

async function childrenOf(ask: Ask, parents: readonly number[]) {
  return await select(
    ask,
    { ...nodeColumns, parentRowId: [sql`p.id`, int] },
    sql`FROM ${visibleSessions} JOIN sessions p
      ON s.parent_id = p.native_id AND s.machine = p.machine AND s.agent = p.agent
      WHERE p.id IN ${listed(parents)} ORDER BY s.started_at, s.native_id`,
  )
}
