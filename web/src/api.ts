import type {
  AboutAnswer,
  ApiDimension,
  BadLinesAnswer,
  FacetsAnswer,
  FindAnswer,
  LiveAnswer,
  MachineRenamedAnswer,
  MachinesAnswer,
  MessagesAnswer,
  ObjectsAnswer,
  OutlineAnswer,
  RawAnswer,
  RemotesAnswer,
  RemoteTestAnswer,
  SearchAnswer,
  SessionAnswer,
  SessionsAnswer,
  SessionUsageAnswer,
  SyncRunsAnswer,
  SyncStartedAnswer,
  ToolsAnswer,
  UsageCacheAnswer,
  UsageDailyAnswer,
  UsageHeatmapAnswer,
  UsageHoursAnswer,
  UsageMatrixAnswer,
  UsageMonthlyAnswer,
  UsageSessionsAnswer,
  UsageTotalsAnswer,
  UsageWeeklyAnswer,
} from '../../src/server/api.ts'
import type { Params } from './base/request.ts'
import { apiHref, request } from './base/request.ts'
import { behind, inFront } from './base/turns.ts'

type Stop = AbortSignal | undefined

const get = <T>(path: string, params: Params, signal: Stop): Promise<T> =>
  inFront(request<T>(apiHref(path, params), { signal }))
/** For what stands around a page's content, and can wait for it. */
const getLater = async <T>(path: string, params: Params, signal: Stop): Promise<T> => {
  await behind()
  return await request<T>(apiHref(path, params), { signal })
}
const post = <T>(path: string, body: unknown): Promise<T> => request<T>(apiHref(path), { method: 'POST', body })
const of = (id: string): string => `/sessions/${encodeURIComponent(id)}`
const remote = (name: string): string => `/remotes/${encodeURIComponent(name)}`

/** Where a picture of a transcript is, counted from 0 within its message or the result of a call. */
export function imageHref(
  place: { readonly sessionId: string; readonly ordinal: number; readonly callId: string | null },
  number: number,
): string {
  return apiHref(`${of(place.sessionId)}/messages/${place.ordinal}/images/${number}`, { call: place.callId })
}

/** Where sessions are as one file. */
export function exportHref(ids: readonly string[], as: string): string {
  return apiHref('/export', { id: ids, as })
}

/** Steps the curve of a session's context has at most. */
const mostSteps = 400

/** Every question this page asks of the server. */
export const api = {
  about: (signal: Stop) => request<AboutAnswer>(apiHref('/about'), { signal }),
  facets: (signal: Stop) => getLater<FacetsAnswer>('/facets', {}, signal),
  live: (signal: Stop) => getLater<LiveAnswer>('/live', {}, signal),
  machines: (signal: Stop) => get<MachinesAnswer>('/machines', {}, signal),
  remotes: (signal: Stop) => getLater<RemotesAnswer>('/remotes', {}, signal),
  syncRuns: (limit: number, signal: Stop) => get<SyncRunsAnswer>('/sync/runs', { limit }, signal),
  objects: (name: string, params: Params, signal: Stop) =>
    get<ObjectsAnswer>(`${remote(name)}/objects`, params, signal),
  badLines: (name: string, params: Params, signal: Stop) =>
    get<BadLinesAnswer>(`${remote(name)}/bad-lines`, params, signal),

  sessions: (params: Params, signal: Stop) => get<SessionsAnswer>('/sessions', params, signal),
  session: (id: string, signal: Stop) => get<SessionAnswer>(of(id), {}, signal),
  messages: (id: string, params: Params, signal: Stop) => get<MessagesAnswer>(`${of(id)}/messages`, params, signal),
  outline: (id: string, signal: Stop) => getLater<OutlineAnswer>(`${of(id)}/outline`, {}, signal),
  sessionUsage: (id: string, signal: Stop) =>
    getLater<SessionUsageAnswer>(`${of(id)}/usage`, { limit: mostSteps }, signal),
  raw: (id: string, offset: number, signal: Stop) => get<RawAnswer>(`${of(id)}/raw`, { offset }, signal),
  find: (id: string, q: string, signal: Stop) => get<FindAnswer>(`${of(id)}/find`, { q }, signal),

  search: (params: Params, signal: Stop) => get<SearchAnswer>('/search', params, signal),
  totals: (params: Params, signal: Stop) => get<UsageTotalsAnswer>('/usage/totals', params, signal),
  daily: (params: Params, signal: Stop) => get<UsageDailyAnswer>('/usage/daily', params, signal),
  weekly: (params: Params, signal: Stop) => get<UsageWeeklyAnswer>('/usage/weekly', params, signal),
  monthly: (params: Params, signal: Stop) => get<UsageMonthlyAnswer>('/usage/monthly', params, signal),
  matrix: (rows: ApiDimension, cols: ApiDimension, params: Params, signal: Stop) =>
    get<UsageMatrixAnswer>('/usage/matrix', { rows, cols, ...params }, signal),
  heatmap: (params: Params, signal: Stop) => get<UsageHeatmapAnswer>('/usage/heatmap', params, signal),
  hours: (params: Params, signal: Stop) => get<UsageHoursAnswer>('/usage/hours', params, signal),
  topSessions: (params: Params, signal: Stop) => get<UsageSessionsAnswer>('/usage/sessions', params, signal),
  cache: (by: ApiDimension, params: Params, signal: Stop) =>
    get<UsageCacheAnswer>('/usage/cache', { by, ...params }, signal),
  tools: (params: Params, signal: Stop) => get<ToolsAnswer>('/tools', params, signal),

  startSync: (remotes: readonly string[]) => post<SyncStartedAnswer>('/sync', remotes.length === 0 ? {} : { remotes }),
  renameMachine: (name: string, to: string, merge: boolean) =>
    post<MachineRenamedAnswer>(`/machines/${encodeURIComponent(name)}/rename`, { to, merge }),
  testRemote: (name: string) => post<RemoteTestAnswer>(`${remote(name)}/test`, {}),
} as const
