/*
 * The answers of the HTTP API as types, for the page and for programs: under `/api/v1`, with the filters of the
 * command line as query parameters (machine, remote, project, agent, model, branch, since, until, timezone;
 * lists by comma). Nothing here imports from another room, so that the page can be checked without them.
 */
export type { Answer, ApiCount, ApiFailure, ApiProblem, ApiRole, ApiTokens, Page } from './api/common.ts'
export type {
  ApiEvents,
  ArchiveEvent,
  HelloEvent,
  ResetEvent,
  SessionEvent,
  SyncProgressEvent,
  SyncStreamEvent,
} from './api/events.ts'
export type {
  AboutAnswer,
  ApiBadLine,
  ApiMachine,
  ApiObject,
  ApiRemote,
  ApiRemoteRun,
  ApiRemoteSummary,
  ApiSyncCounts,
  ApiSyncSummary,
  BadLinesAnswer,
  MachineRenamedAnswer,
  MachinesAnswer,
  ObjectsAnswer,
  RemotesAnswer,
  RemoteTestAnswer,
  SyncRunsAnswer,
  SyncStartedAnswer,
} from './api/fleet.ts'
export type { ApiHit, ApiSearchFacets, FacetsAnswer, SearchAnswer } from './api/search.ts'
export type {
  ApiCheck,
  ApiLiveSession,
  ApiMessage,
  ApiOutlineEntry,
  ApiPlace,
  ApiSession,
  ApiSessionDetail,
  ApiSessionLink,
  ApiStep,
  ApiStepUsage,
  ApiToolCall,
  ApiToolCount,
  ApiUsagePart,
  FindAnswer,
  LiveAnswer,
  MessagesAnswer,
  OutlineAnswer,
  RawAnswer,
  SessionAnswer,
  SessionsAnswer,
  SessionUsageAnswer,
} from './api/sessions.ts'
export type {
  ApiCacheRow,
  ApiDimension,
  ApiModelBreakdown,
  ApiSessionCost,
  ApiSpan,
  ApiUsageGroup,
  ApiUsagePeriod,
  ApiUsageSums,
  ApiUsageTotals,
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
} from './api/usage.ts'
