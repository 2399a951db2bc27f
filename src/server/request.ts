import type { Context } from 'hono'

import { AgentsviewError } from '../base/index.ts'
import type { Filters, FoundSession, UsageDimension } from '../query/index.ts'
import { checkNames, findSession, readWindow, usageDimensions } from '../query/index.ts'
import type { ServerContext } from './context.ts'
import { declaredOf } from './context.ts'

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
  await checkNames(context.ask, filters, ['local', ...(declaredOf(context) ?? []).map(({ name }) => name)])
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

/** The value of a parameter that takes one of some words. @throws AgentsviewError `usage.option` */
export function wordOf<const W extends string>(request: Context, name: string, words: readonly W[], standard: W): W {
  const given = request.req.query(name)
  if (given === undefined || given === '') return standard
  const word = words.find((one) => one === given)
  if (word !== undefined) return word
  throw new AgentsviewError({
    code: 'usage.option',
    message: `${name} is none of ${words.join(', ')}`,
    hint: `Say ${name}=${standard}.`,
  })
}

/** The dimensions of `by`, each once. @throws AgentsviewError `usage.option` */
export function dimensionsOf(request: Context): readonly UsageDimension[] {
  const asked = (request.req.queries('by') ?? []).flatMap((value) => value.split(',')).filter((value) => value !== '')
  const unknown = asked.find((name) => usageDimensions.every((dimension) => dimension !== name))
  if (unknown !== undefined) {
    throw new AgentsviewError({
      code: 'usage.option',
      message: 'by names what is no dimension',
      hint: `Choose from ${usageDimensions.join(', ')}.`,
    })
  }
  return usageDimensions.filter((dimension) => asked.includes(dimension))
}

/** A whole number from 0 on; null when it is not given. @throws AgentsviewError `usage.option` */
export function countOf(request: Context, name: string): number | null {
  const given = request.req.query(name)
  if (given === undefined || given === '') return null
  const value = Number(given)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new AgentsviewError({
    code: 'usage.option',
    message: `${name} is not a whole number`,
    hint: `Say ${name}=0, or leave it out.`,
  })
}

/** An amount of dollars from 0 on, in nano-dollars; null when it is not given. @throws AgentsviewError `usage.option` */
export function moneyOf(request: Context, name: string): number | null {
  const given = request.req.query(name)
  if (given === undefined || given.trim() === '') return null
  const value = Math.round(Number(given) * 1e9)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new AgentsviewError({
    code: 'usage.option',
    message: `${name} is no amount of dollars`,
    hint: `Say ${name}=1.50, or leave it out.`,
  })
}

/** The session that the address names. @throws AgentsviewError `not-found.session`, `usage.ambiguous` */
export async function sessionOf(request: Context, { ask }: ServerContext): Promise<FoundSession> {
  return await findSession(ask, request.req.param('id') ?? '')
}
