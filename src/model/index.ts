/**
 * model: the words of the domain, as types: objects and cursors, session records, usage, remotes, sync.
 * In: nothing. Out: types and the few checks that belong to them.
 * Must not: do I/O or hold behaviour of another room.
 */
export { machineNameProblem } from './machine-name.ts'
export { projectNamer } from './project-rule.ts'
export type { ProjectRule } from './project-rule.ts'
export type {
  AgentId,
  ByteOffset,
  Cursor,
  KnownObject,
  Line,
  ObjectId,
  ObjectInfo,
  ObjectRole,
  Place,
  Proof,
  RemoteName,
  StagedCursor,
} from './object.ts'
export type {
  BadLine,
  EndState,
  Mark,
  Message,
  Output,
  Relationship,
  SessionFields,
  SessionPatch,
  SessionRecord,
  ToolCall,
  ToolResult,
} from './record.ts'
export type { Credentials, LocalFolders, MachineRule, QuickPass, Remote, RenameRule } from './remote.ts'
export type { ByteRange, Peer, SettleInput, SettleResult, Split } from './settle.ts'
export type { FailureInfo, Notice, RemoteSummary, SyncCounts, SyncEvent, SyncSummary } from './sync.ts'
export type { NanoUsd, TokenCounts, Usage } from './usage.ts'
