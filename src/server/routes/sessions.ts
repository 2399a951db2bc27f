import { AgentsviewError } from '../../base/index.ts'
import type { FoundSession } from '../../query/index.ts'
import {
  findInSession,
  listLive,
  listSessions,
  liveMs,
  sessionDetail,
  sessionMessages,
  sessionOnOtherMachines,
  sessionOutline,
  sessionParents,
  sessionSorts,
  sessionSteps,
  sessionTools,
  sessionUsage,
  usageOfMessages,
} from '../../query/index.ts'
import type { ApiSessionDetail } from '../api.ts'
import type { ServerContext } from '../context.ts'
import { filterParams, pageParams } from '../params.ts'
import { countOf, filtersOf, fromOf, isAsked, moneyOf, pageOf, sessionOf, wordOf } from '../request.ts'
import type { Route } from '../route.ts'
import { defineRoute } from '../route.ts'
import {
  find,
  live,
  messages,
  outline,
  sessionDetail as detail,
  sessions,
  sessionUsage as usage,
} from '../shapes/sessions.ts'

/** Most messages one page holds: each may be long. */
const mostMessages = 500

/** Lists of sessions, and all there is to know of one. */
export const sessionRoutes: readonly Route[] = [
  defineRoute({
    path: '/sessions',
    summary: 'Sessions, the last active first',
    params: [
      ...filterParams,
      ...pageParams,
      'q',
      'children',
      'copies',
      'all',
      'errors',
      'sort',
      'cost_min',
      'cost_max',
    ],
    shape: sessions,
    answer: async (request, context) => {
      const page = await listSessions(context.ask, {
        filters: await filtersOf(request, context),
        hasChildren: isAsked(request, 'children') || isAsked(request, 'include-children'),
        hasCopies: isAsked(request, 'copies'),
        hasEmpty: isAsked(request, 'all'),
        hasErrors: isAsked(request, 'errors'),
        cost: { least: moneyOf(request, 'cost_min'), most: moneyOf(request, 'cost_max') },
        text: request.req.query('q'),
        sort: wordOf(request, 'sort', sessionSorts, 'ended'),
        ...pageOf(request, 50),
      })
      return { kind: 'sessionList', ...page }
    },
  }),
  defineRoute({
    path: '/sessions/:id',
    summary: 'One session: facts, places, kin, models and tools',
    shape: detail,
    freshness: 'minute',
    answer: async (request, context) => ({
      kind: 'session',
      session: await detailOf(await sessionOf(request, context), context),
    }),
  }),
  defineRoute({
    path: '/sessions/:id/messages',
    summary: 'A page of the transcript, with tool calls, results and what each step cost',
    params: [...pageParams, 'from'],
    shape: messages,
    answer: async (request, context) => {
      const { ask } = context
      const found = await sessionOf(request, context)
      const { limit, cursor } = pageOf(request, 50)
      const page = await sessionMessages(ask, found, {
        limit: Math.min(limit, mostMessages),
        cursor,
        from: fromOf(request),
      })
      const charged = await usageOfMessages(ask, found, page.messages)
      return {
        kind: 'sessionMessages',
        sessionId: found.id,
        ...page,
        messages: page.messages.map((message) => ({ ...message, usage: charged.get(message.ordinal) ?? null })),
      }
    },
  }),
  defineRoute({
    path: '/sessions/:id/outline',
    summary: 'Prompts, compactions, interruptions and started sessions, by ordinal',
    shape: outline,
    answer: async (request, context) => {
      const found = await sessionOf(request, context)
      return { kind: 'sessionOutline', sessionId: found.id, ...(await sessionOutline(context.ask, found)) }
    },
  }),
  defineRoute({
    path: '/sessions/:id/usage',
    summary: 'Tokens and money of a session, its subagents and its steps',
    params: ['own', 'limit'],
    shape: usage,
    answer: async (request, context) => {
      const found = await sessionOf(request, context)
      const [sums, steps] = await Promise.all([
        sessionUsage(context.ask, found, isAsked(request, 'own')),
        sessionSteps(context.ask, found, countOf(request, 'limit') ?? 0),
      ])
      return { kind: 'sessionUsage', ...sums, ...steps }
    },
  }),
  defineRoute({
    path: '/sessions/:id/find',
    summary: 'Messages of a session that hold a text, tool calls and results included',
    params: ['q'],
    shape: find,
    answer: async (request, context) => {
      const found = await sessionOf(request, context)
      const hits = await findInSession(context.ask, found, request.req.query('q') ?? '')
      return { kind: 'sessionFind', sessionId: found.id, hits, total: hits.length }
    },
  }),
  defineRoute({
    path: '/live',
    summary: 'Sessions with something written in the last 15 minutes',
    shape: live,
    freshness: 'never',
    answer: async (_request, { ask, now }) => ({ kind: 'live', ...(await listLive(ask, now())) }),
  }),
]

async function detailOf(found: FoundSession, { ask, agents, now }: ServerContext): Promise<ApiSessionDetail> {
  const [session, parents, otherMachines, own, tools] = await Promise.all([
    sessionDetail(ask, found),
    sessionParents(ask, found),
    sessionOnOtherMachines(ask, found),
    sessionUsage(ask, found, true),
    sessionTools(ask, found),
  ])
  if (session === null) {
    throw new AgentsviewError({
      code: 'not-found.session',
      message: 'this session has just left the archive',
      hint: 'Load the list again.',
    })
  }
  const started = session.startedAt === null ? null : Date.parse(session.startedAt)
  const ended = session.endedAt === null ? null : Date.parse(session.endedAt)
  return {
    ...session,
    parents,
    otherMachines,
    isLive: ended !== null && ended >= now() - liveMs,
    durationMs: started === null || ended === null ? null : Math.max(0, ended - started),
    resumeCommand: agents?.find(({ id }) => id === found.agent)?.resumeCommand(found.nativeId) ?? null,
    modelBreakdowns: own.models,
    tools: tools.map(({ name, category, calls, errors }) => ({ name, category, calls, errors })),
  }
}
