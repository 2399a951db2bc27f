import type { Argv } from 'yargs'

import { AgentsviewError } from '../base/index.ts'
import type * as Query from '../query/index.ts'
import type { Filters } from '../query/index.ts'
import { listOption } from './command.ts'
import type { CommandContext } from './context.ts'

/** The filters as a command line gives them. */
export interface FilterArgs {
  readonly machine?: readonly string[] | undefined
  readonly remote?: readonly string[] | undefined
  readonly project?: readonly string[] | undefined
  readonly agent?: readonly string[] | undefined
  readonly model?: readonly string[] | undefined
  readonly branch?: readonly string[] | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

const group = 'Filters (they repeat or take commas; * stands for any text):'

/** Declares the filters, which mean the same on every command that lists or sums. */
export function filterOptions<A>(yargs: Argv<A>) {
  return yargs.options({
    machine: { ...listOption('Machines that wrote the logs'), group },
    remote: { ...listOption('Remotes they were read from; local = the local folders'), group },
    project: { ...listOption('Projects'), group },
    agent: { ...listOption('Agents, e.g. claude or codex'), group },
    model: { ...listOption('Models'), group },
    branch: { ...listOption('Git branches'), group },
    since: { type: 'string', nargs: 1, group, describe: 'From then on: 7d, yesterday, 2026-08-01, a full time' },
    until: { type: 'string', nargs: 1, group, describe: 'Up to and with then, in the same words' },
  } as const)
}

/**
 * The filters of a command line, read in the zone of `--timezone`.
 * @throws AgentsviewError `usage.date`, `usage.option` for an unknown agent; `not-found.machine` and `not-found.remote` for names nothing knows
 */
export async function readFilters(
  args: FilterArgs,
  context: CommandContext,
  query: typeof Query,
  ask: Query.Ask,
): Promise<Filters> {
  const filters: Filters = {
    machines: args.machine ?? [],
    remotes: args.remote ?? [],
    projects: args.project ?? [],
    agents: args.agent ?? [],
    models: args.model ?? [],
    branches: args.branch ?? [],
    window: isWindowed(args) ? readWindow(args, context, query) : query.noFilters.window,
  }
  await checkAgents(filters.agents, context)
  const { remotes } = await context.config()
  await query.checkNames(ask, filters, ['local', ...remotes.map(({ name }) => name)])
  return filters
}

function isWindowed({ since, until }: FilterArgs): boolean {
  return since !== undefined || until !== undefined
}

/** Only asked for when there is a window: the machine's zone takes a moment to find. */
function readWindow({ since, until }: FilterArgs, { globals, io }: CommandContext, query: typeof Query): Query.Window {
  return query.readWindow(since, until, globals.timezone, io.now())
}

/** @throws AgentsviewError `usage.option` for an agent whose logs this program does not read */
async function checkAgents(asked: readonly string[], context: CommandContext): Promise<void> {
  if (asked.length === 0) return
  const known = (await context.source()).agents.map(({ id }) => id)
  const unknown = asked.find((name) => !name.includes('*') && !known.includes(name))
  if (unknown === undefined) return
  throw new AgentsviewError({
    code: 'usage.option',
    message: `there is no agent "${unknown}"`,
    hint: `Known: ${known.join(', ')}.`,
  })
}
