/**
 * query: the questions people ask of the archive: sessions, messages, words, usage, machines.
 * In: an archive to ask, filters, a time zone. Out: rows shaped as the JSON output shows them.
 * Must not: write, know a command or a route, or hold a rule of a log format.
 */
export { noArchive } from './ask.ts'
export type { Ask } from './ask.ts'
export { chargedRows } from './charged-rows.ts'
export type { ChargedElsewhere, ChargedRow, ChargedRows, UsageCopy, UsagePlace } from './charged-rows.ts'
export { checkNames, noFilters } from './filters.ts'
export type { Filters } from './filters.ts'
export { findSession } from './find-session.ts'
export type { FoundSession } from './find-session.ts'
export { isEmptyArchive } from './is-empty.ts'
export { listMachines } from './machines.ts'
export type { MachineRow } from './machines.ts'
export { search } from './search.ts'
export type { SearchHit, SearchHits } from './search.ts'
export { sessionDetail } from './session-detail.ts'
export type { SessionDetail, SessionPlace } from './session-detail.ts'
export type { SessionRow } from './session-rows.ts'
export { listSessions } from './sessions.ts'
export type { SessionList, SessionListOptions } from './sessions.ts'
export { sessionUsage } from './session-usage.ts'
export type { SessionUsage, UsagePart } from './session-usage.ts'
export { showAge, showCall, showCount, showUsd } from './show.ts'
export { listRemoteStates, listSyncRuns } from './sync-runs.ts'
export type { RemoteState, SyncRun } from './sync-runs.ts'
export type { TokenSums } from './tally.ts'
export { sessionMessages } from './transcript.ts'
export type { MessageRow, ToolCallRow, Transcript } from './transcript.ts'
export { usageDimensions, usageGroups, usageReport, usageUnits } from './usage-report.ts'
export type {
  ModelBreakdown,
  UsageDimension,
  UsageGroup,
  UsagePeriod,
  UsageReport,
  UsageSums,
  UsageUnit,
} from './usage-report.ts'
export { usageBySession } from './usage-sessions.ts'
export type { SessionCost, SessionCosts } from './usage-sessions.ts'
export { readWindow } from './window.ts'
export type { Window } from './window.ts'
export { addDays, clockOf, dayOf } from './zone.ts'
export type { Day } from './zone.ts'
