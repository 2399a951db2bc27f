import type { Context } from 'hono'

import { AgentsviewError } from '../base/index.ts'
import type { Filters } from '../query/index.ts'
import { checkNames, readWindow } from '../query/index.ts'
import type { ServerContext } from './context.ts'

/** The zone a request names, else the server's. @throws AgentsviewError `usage.timezone` */
export function zoneOf(request: Context, { timezone }: ServerContext): string {
  const named = request.req.query('timezone')
  if (named === undefined || named === '') return timezone
  try {
    return new Intl.DateTimeFormat('en', { timeZone: named }).resolvedOptions().timeZone
  } catch (cause) {
    throw new AgentsviewError({
      code: 'usage.timezone',
      message: 'this is not a time zone',
      hint: 'Use a name such as Europe/Berlin.',
      cause,
    })
  }
}

/** The filters of a request, under the names of the command line. @throws AgentsviewError `usage.date`, `not-found.*` */
export async function filtersOf(request: Context, context: ServerContext): Promise<Filters> {
  const { req } = request
  const list = (name: string): readonly string[] =>
    (req.queries(name) ?? [])
      .flatMap((value) => value.split(','))
      .flatMap((value) => (value.trim() === '' ? [] : [value.trim()]))
  const date = (name: string): string | null => req.query(name) || null
  const filters: Filters = {
    machines: list('machine'),
    remotes: list('remote'),
    projects: list('project'),
    agents: list('agent'),
    models: list('model'),
    branches: list('branch'),
    window: readWindow(date('since'), date('until'), zoneOf(request, context), context.now()),
  }
  await checkNames(context.ask, filters, ['local'])
  return filters
}

/** Most rows one answer holds; a request that asks for all of them pages instead. */
const mostRows = 1000

/** Where a list begins and how long it is. @throws AgentsviewError `usage.option` */
export function pageOf(request: Context, standard: number): { readonly limit: number; readonly cursor: string | null } {
  const given = request.req.query('limit')
  const limit = given === undefined || given === '' ? standard : Number(given)
  if (!Number.isSafeInteger(limit) || limit < 0) {
    throw new AgentsviewError({ code: 'usage.option', message: 'limit is not a whole number', hint: 'Say limit=50.' })
  }
  return { limit: limit === 0 ? mostRows : Math.min(limit, mostRows), cursor: request.req.query('cursor') || null }
}

/** True for `name`, `name=1` and `name=true` in the address. */
export function isAsked(request: Context, name: string): boolean {
  return ['', '1', 'true'].includes(request.req.query(name) ?? 'no')
}

/** The ordinal a transcript begins at; anything that is no number is the start. */
export function fromOf(request: Context): number {
  const from = Number(request.req.query('from'))
  return Number.isSafeInteger(from) && from > 0 ? from : 0
}
