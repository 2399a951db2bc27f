import type { EpochMs } from '../base/index.ts'
import { toRfc3339 } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { int, intOrNull, listed, select, str, strOrNull } from './ask.ts'
import { visibleSessions } from './filters.ts'
import { sourceOf } from './source.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'
import type { Sum } from './tally.ts'
import { addToSum, dollars, emptySum, sessionCostOf, tallyColumns, tokensOf, unpricedModelsOf } from './tally.ts'

/** One session as lists show it. Times are RFC 3339 in UTC, ids are `<machine>~<agent's own id>`. */
export interface SessionRow {
  readonly id: string
  readonly agent: string
  readonly machine: string
  readonly remote: string
  readonly project: string | null
  /** The log's own title, else the first prompt, else project or id. */
  readonly title: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly messageCount: number
  readonly userMessageCount: number
  readonly models: readonly string[]
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationTokens: number
  readonly cacheReadTokens: number
  readonly totalTokens: number
  readonly costUSD: number | null
  readonly costNanoUSD: number | null
  readonly unpricedModels: readonly string[]
  /** Id of the parent, which need not be in the archive. */
  readonly parentId: string | null
  readonly relationship: string | null
  readonly branch: string | null
  /** Kind of subagent, where the log names one. */
  readonly agentLabel: string | null
  /** `truncated`, `tool_call_pending`, `awaiting_user` or `clean`. */
  readonly endState: string | null
  readonly source: string
  readonly sourceState: 'present' | 'gone'
  /** In how many places the session stands, over all machines. */
  readonly copies: number
  readonly badLines: number
}

/** A session of the answer and the rows of `sessions` whose usage it shows: its own, and those of copies it stands for. */
export interface SessionGroup {
  readonly id: number
  readonly members: readonly number[]
}

/** The rows of these sessions, in this order. Sessions that vanished meanwhile are left out. */
export async function sessionRows(ask: Ask, groups: readonly SessionGroup[]): Promise<readonly SessionRow[]> {
  const ids = groups.map(({ id }) => id)
  const [facts, sums, models] = await Promise.all([sessionFacts(ask, ids), usageOf(ask, groups), modelsOf(ask, ids)])
  return groups.flatMap(({ id }) => {
    const fact = facts.get(id)
    if (fact === undefined) return []
    const sum = sums.get(id) ?? emptySum
    const names = new Set([...(models.get(id) ?? []), ...sum.models.keys()])
    return [rowOf(fact, sum, [...names].toSorted())]
  })
}

type Fact = Awaited<ReturnType<typeof loadFacts>>[number]

function rowOf(fact: Fact, sum: Sum, models: readonly string[]): SessionRow {
  const cost = sessionCostOf(sum.total)
  const id = `${fact.machine}~${fact.nativeId}`
  return {
    id,
    agent: fact.agent,
    machine: fact.machine,
    remote: fact.remote,
    project: fact.project,
    title: fact.title ?? fact.firstPrompt ?? fact.project ?? id,
    startedAt: toRfc3339(fact.startedAt),
    endedAt: toRfc3339(fact.endedAt),
    messageCount: fact.messageCount,
    userMessageCount: fact.userMessageCount,
    models,
    ...tokensOf(sum.total),
    costUSD: dollars(cost),
    costNanoUSD: cost,
    unpricedModels: unpricedModelsOf(sum),
    parentId: fact.parentId === null ? null : `${fact.machine}~${fact.parentId}`,
    relationship: fact.relationship,
    branch: fact.branch,
    agentLabel: fact.agentLabel,
    endState: fact.endState,
    source: sourceOf(fact.remote, fact.bucket, fact.key),
    sourceState: fact.goneAt === null ? 'present' : 'gone',
    copies: fact.copies,
    badLines: fact.badLines,
  }
}

/** Counted usage by model, for each group under its leading session. */
export async function usageOf(ask: Ask, groups: readonly SessionGroup[]): Promise<ReadonlyMap<number, Sum>> {
  const leaders = new Map(groups.flatMap(({ id, members }) => members.map((member) => [member, id] as const)))
  const rows = await select(
    ask,
    { owner: [sql`u.owner_id`, int], model: [sql`u.model`, str], ...tallyColumns },
    sql`FROM usage u WHERE u.counts = 1 AND u.owner_id IN ${listed([...leaders.keys()])} GROUP BY 1, 2`,
  )
  const sums = new Map<number, Sum>()
  for (const { owner, model, ...tally } of rows) {
    const leader = leaders.get(owner) ?? owner
    sums.set(leader, addToSum(sums.get(leader) ?? emptySum, model, tally))
  }
  return sums
}

async function sessionFacts(ask: Ask, ids: readonly number[]): Promise<ReadonlyMap<number, Fact>> {
  return new Map((await loadFacts(ask, ids)).map((fact) => [fact.rowId, fact]))
}

async function loadFacts(ask: Ask, ids: readonly number[]) {
  const copies = sql`(SELECT sum(c.places) FROM sessions c
    WHERE c.native_id = s.native_id AND c.agent = s.agent AND c.live = 1 AND c.lead = 1)`
  return await select(
    ask,
    {
      rowId: [sql`s.id`, int],
      machine: [sql`s.machine`, str],
      nativeId: [sql`s.native_id`, str],
      agent: [sql`s.agent`, str],
      remote: [sql`o.remote`, str],
      bucket: [sql`o.bucket`, str],
      key: [sql`o.key`, str],
      goneAt: [sql`o.gone_at`, intOrNull],
      project: [sql`s.project`, strOrNull],
      title: [sql`nullif(s.title, '')`, strOrNull],
      firstPrompt: [sql`nullif(s.first_prompt, '')`, strOrNull],
      startedAt: [sql`s.started_at`, (value): EpochMs | null => intOrNull(value)],
      endedAt: [sql`s.ended_at`, (value): EpochMs | null => intOrNull(value)],
      messageCount: [sql`s.message_count`, int],
      userMessageCount: [sql`s.user_message_count`, int],
      parentId: [sql`s.parent_id`, strOrNull],
      relationship: [sql`s.relationship`, strOrNull],
      branch: [sql`s.branch`, strOrNull],
      agentLabel: [sql`s.agent_label`, strOrNull],
      endState: [sql`s.end_state`, strOrNull],
      badLines: [sql`s.bad_lines`, int],
      copies: [copies, int],
    },
    sql`FROM ${visibleSessions} WHERE s.id IN ${listed(ids)}`,
  )
}

/** Models that answered in each session, also where the charge is booked elsewhere. */
async function modelsOf(ask: Ask, ids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
  // What a caller's log repeats of its subagents is no model of the caller.
  const inUsage = await modelsIn(ask, sql`(SELECT * FROM usage WHERE relayed = 0)`, ids)
  const silent = ids.filter((id) => !inUsage.has(id))
  // Messages are many and wide: they are asked only where a log tells no usage.
  const inMessages = silent.length === 0 ? new Map<number, string[]>() : await modelsIn(ask, sql`messages`, silent)
  return new Map([...inMessages, ...inUsage])
}

async function modelsIn(ask: Ask, table: SQL, ids: readonly number[]): Promise<Map<number, string[]>> {
  const rows = await select(
    ask,
    { id: [sql`DISTINCT x.session_id`, int], model: [sql`x.model`, str] },
    sql`FROM ${table} x WHERE x.session_id IN ${listed(ids)} AND x.hidden = 0
      AND x.model IS NOT NULL AND x.model NOT IN ('', '<synthetic>')`,
  )
  const models = new Map<number, string[]>()
  for (const { id, model } of rows) models.set(id, [...(models.get(id) ?? []), model])
  return models
}
