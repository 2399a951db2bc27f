import type { Context } from 'hono'

import { AgentsviewError } from '../../base/index.ts'
import type { ObjectState, RemoteOverview } from '../../query/index.ts'
import {
  isEmptyArchive,
  listBadLines,
  listMachineFacts,
  listMachines,
  listObjects,
  listRemoteStates,
  listSyncRuns,
  objectStates,
  priceVersion,
  remoteOverviews,
} from '../../query/index.ts'
import type { ApiRemote } from '../api.ts'
import type { ServerContext } from '../context.ts'
import { declaredOf } from '../context.ts'
import { pageParams } from '../params.ts'
import { pageOf, wordOf } from '../request.ts'
import type { Route } from '../route.ts'
import { defineRoute } from '../route.ts'
import { about, badLines, machines, objects, remotes, syncRuns } from '../shapes/fleet.ts'

/** Runs that the state of remotes is told from. */
const runsLookedAt = 60

/** Machines, remotes, their objects, and the syncs that read them. */
export const fleetRoutes: readonly Route[] = [
  defineRoute({
    path: '/machines',
    summary: 'Machines: how fresh, what they cost, what wrote their logs',
    shape: machines,
    freshness: 'minute',
    answer: async (_request, { ask, now }) => {
      const [rows, facts] = await Promise.all([listMachines(ask, now()), listMachineFacts(ask, now())])
      return { kind: 'machineList', machines: rows.map((row) => ({ ...noFacts, ...facts.get(row.name), ...row })) }
    },
  }),
  defineRoute({
    path: '/remotes',
    summary: 'Remotes: config, state, last runs',
    shape: remotes,
    freshness: 'minute',
    answer: async (_request, context) => {
      const { ask, now } = context
      const [states, runs] = await Promise.all([listRemoteStates(ask), listSyncRuns(ask, runsLookedAt)])
      const overviews = remoteOverviews(states, runs, declaredOf(context), now())
      return { kind: 'remoteList', remotes: overviews.map((overview) => remoteOf(overview, context)) }
    },
  }),
  defineRoute({
    path: '/remotes/:name/objects',
    summary: 'Objects of a remote and how far each is read',
    params: [...pageParams, 'state', 'q'],
    shape: objects,
    answer: async (request, context) => {
      const remote = await remoteNameOf(request, context)
      const state = wordOf<ObjectState | ''>(request, 'state', objectStates, '')
      const wish = { state: state === '' ? null : state, text: request.req.query('q') ?? '' }
      return { kind: 'objectList', remote, ...(await listObjects(context.ask, remote, wish, pageOf(request, 100))) }
    },
  }),
  defineRoute({
    path: '/remotes/:name/bad-lines',
    summary: 'Lines of a remote that could not be used, with their places',
    params: pageParams,
    shape: badLines,
    answer: async (request, context) => {
      const remote = await remoteNameOf(request, context)
      return { kind: 'badLineList', remote, ...(await listBadLines(context.ask, remote, pageOf(request, 100))) }
    },
  }),
  defineRoute({
    path: '/sync/runs',
    summary: 'The last syncs, newest first',
    params: ['limit'],
    shape: syncRuns,
    answer: async (request, { ask }) => ({
      kind: 'syncRunList',
      runs: await listSyncRuns(ask, pageOf(request, 20).limit),
    }),
  }),
  defineRoute({
    path: '/about',
    summary: 'What this server is and can do',
    shape: about,
    freshness: 'never',
    answer: async (_request, context) => ({
      kind: 'about',
      version: context.version ?? 'unknown',
      timezone: context.timezone,
      now: new Date(context.now()).toISOString(),
      hasActions: context.hasActions ?? false,
      canRename: context.hasActions === true && context.renameMachine !== undefined,
      configProblem: context.configProblem?.() ?? null,
      hasRaw: context.readObject !== undefined,
      watchIntervalMs: context.sync?.intervalMs ?? null,
      isSyncing: context.sync?.isRunning() ?? false,
      agents: (context.agents ?? []).map(({ id, name }) => ({ id, name })),
      priceVersion: await priceVersion(context.ask),
      isEmpty: await isEmptyArchive(context.ask),
    }),
  }),
]

/** A machine that has sessions but no object any more. */
const noFacts = {
  firstSessionAt: null,
  cost7dUSD: 0,
  cost7dNanoUSD: 0,
  objects: 0,
  bytes: 0,
  agentVersions: [],
  sharedSessions: 0,
} as const

function remoteOf({ condition, ...overview }: RemoteOverview, context: ServerContext): ApiRemote {
  const declared = declaredOf(context)?.find(({ name }) => name === overview.name)
  if (declared === undefined) return { ...overview, state: condition, config: null }
  const { provider, bucket, prefixes, endpoint, region, isEnabled, credentials, machineRule } = declared
  const config = { provider, bucket, prefixes, endpoint, region, enabled: isEnabled, credentials, machineRule }
  return { ...overview, state: condition, config }
}

/** The remote that the address names. @throws AgentsviewError `not-found.remote` */
async function remoteNameOf(request: Context, context: ServerContext): Promise<string> {
  const name = request.req.param('name') ?? ''
  const states = await listRemoteStates(context.ask)
  const known = [...new Set([...(declaredOf(context) ?? []), ...states].map((remote) => remote.name))]
  if (known.includes(name)) return name
  throw new AgentsviewError({
    code: 'not-found.remote',
    message: 'there is no such remote',
    hint: known.length === 0 ? 'Declare one: agentsview remotes add' : `Known: ${known.join(', ')}.`,
  })
}
