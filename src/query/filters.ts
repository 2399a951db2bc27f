import { AgentsviewError } from '../base/index.ts'
import type { Ask } from './ask.ts'
import { listed, select, str } from './ask.ts'
import type { SQL } from './sql.ts'
import { sql } from './sql.ts'
import type { Window } from './window.ts'

/**
 * What to look at, the same for every question. An empty list asks nothing; values of one list are
 * alternatives, and `*` in a value stands for any text.
 */
export interface Filters {
  readonly machines: readonly string[]
  readonly remotes: readonly string[]
  readonly projects: readonly string[]
  readonly agents: readonly string[]
  readonly models: readonly string[]
  readonly branches: readonly string[]
  readonly window: Window
}

/** Everything. */
export const noFilters: Filters = {
  machines: [],
  remotes: [],
  projects: [],
  agents: [],
  models: [],
  branches: [],
  window: { from: null, before: null },
}

/** Sessions people may see, as `s`, with the object each was read from, as `o`. */
export const visibleSessions = sql`sessions s JOIN objects o ON o.id = s.object_id AND s.live = 1 AND s.lead = 1`

/** The id people see. */
export const publicId = sql`s.machine || '~' || s.native_id`

/** When a charged row happened. Rows whose log tells no time at all count when their object was written. */
export const usageTime = sql`coalesce(u.at, s.started_at, o.modified_at)`

/** Conditions on sessions: attributes, and being active within the window. */
export function sessionConditions(filters: Filters): readonly SQL[] {
  const { from, before } = filters.window
  const conditions = [...attributeConditions(filters)]
  if (filters.models.length > 0) conditions.push(hasModel(filters.models))
  if (from !== null) conditions.push(sql`coalesce(s.ended_at, s.started_at, o.modified_at) >= ${from}`)
  if (before !== null) conditions.push(sql`coalesce(s.started_at, s.ended_at, o.modified_at) < ${before}`)
  return conditions
}

/** Conditions on charged rows `u`, joined to the session they are booked on: each by its own time and model. */
export function usageConditions(filters: Filters): readonly SQL[] {
  const { from, before } = filters.window
  const conditions = [...attributeConditions(filters), ...matches(sql`u.model`, filters.models)]
  if (from !== null) conditions.push(sql`${usageTime} >= ${from}`)
  if (before !== null) conditions.push(sql`${usageTime} < ${before}`)
  return conditions
}

/** Conditions on messages `m` of sessions: each by its own time and model, where it has one. */
export function messageConditions(filters: Filters): readonly SQL[] {
  const { from, before } = filters.window
  const time = sql`coalesce(m.at, s.started_at, o.modified_at)`
  const conditions = [...attributeConditions(filters)]
  if (filters.models.length > 0) conditions.push(hasModel(filters.models))
  if (from !== null) conditions.push(sql`${time} >= ${from}`)
  if (before !== null) conditions.push(sql`${time} < ${before}`)
  return conditions
}

/**
 * Refuses names of machines and remotes that nothing knows; while the archive is empty, any name will do.
 * @param declaredRemotes  names the config declares, though nothing may have been read from them yet
 * @throws AgentsviewError `not-found.machine`, `not-found.remote`, with the known names
 */
export async function checkNames(ask: Ask, filters: Filters, declaredRemotes: readonly string[]): Promise<void> {
  if (filters.machines.length > 0) {
    const rows = await select(ask, { name: [sql`name`, str] }, sql`FROM machines ORDER BY name`)
    refuseUnknown(
      'machine',
      filters.machines,
      rows.map(({ name }) => name),
      rows.length > 0,
    )
  }
  if (filters.remotes.length > 0) {
    const rows = await select(ask, { name: [sql`DISTINCT remote`, str] }, sql`FROM objects ORDER BY remote`)
    const known = [...new Set([...rows.map(({ name }) => name), ...declaredRemotes])].toSorted()
    refuseUnknown('remote', filters.remotes, known, rows.length > 0)
  }
}

function refuseUnknown(
  kind: 'machine' | 'remote',
  asked: readonly string[],
  known: readonly string[],
  isFilled: boolean,
): void {
  const unknown = asked.find((name) => !name.includes('*') && !known.includes(name))
  if (unknown === undefined || !isFilled) return
  const shown = known.length > 20 ? `${known.slice(0, 20).join(', ')}, …` : known.join(', ')
  throw new AgentsviewError({
    code: `not-found.${kind}`,
    message: `there is no ${kind} "${unknown}"`,
    hint: `Known: ${shown}.`,
  })
}

function attributeConditions(filters: Filters): readonly SQL[] {
  return [
    ...matches(sql`s.machine`, filters.machines),
    ...matchesPlace(filters.remotes),
    ...matches(sql`s.project`, filters.projects),
    ...matches(sql`s.agent`, filters.agents),
    ...matches(sql`s.branch`, filters.branches),
  ]
}

/** Sessions that stand in one of these remotes, in whichever of their places. */
function matchesPlace(remotes: readonly string[]): readonly SQL[] {
  const own = matches(sql`o.remote`, remotes)
  const other = matches(sql`po.remote`, remotes)
  if (own.length === 0) return []
  return [
    sql`(${sql.join([...own], sql` AND `)} OR (s.places > 1 AND EXISTS (
      SELECT 1 FROM sessions p JOIN objects po ON po.id = p.object_id
      WHERE p.native_id = s.native_id AND p.machine = s.machine AND p.agent = s.agent AND p.live = 1
        AND ${sql.join([...other], sql` AND `)})))`,
  ]
}

function hasModel(models: readonly string[]): SQL {
  const inUsage = sql`SELECT 1 FROM usage x WHERE x.session_id = s.id AND x.hidden = 0 AND x.relayed = 0`
  const inMessages = sql`SELECT 1 FROM messages x WHERE x.session_id = s.id AND x.hidden = 0`
  const match = sql.join([...matches(sql`x.model`, models)], sql` AND `)
  // Messages are many and wide: they are asked only where a log tells no usage.
  return sql`(EXISTS (${inUsage} AND ${match}) OR (NOT EXISTS (${inUsage}) AND EXISTS (${inMessages} AND ${match})))`
}

function matches(column: SQL, values: readonly string[]): readonly SQL[] {
  if (values.length === 0) return []
  if (!values.some((value) => value.includes('*'))) return [sql`${column} IN ${listed(values)}`]
  const patterns = values.map((value) => value.replace(/[[?]/g, (sign) => `[${sign}]`))
  return [sql`EXISTS (SELECT 1 FROM json_each(${JSON.stringify(patterns)}) p WHERE ${column} GLOB p.value)`]
}
