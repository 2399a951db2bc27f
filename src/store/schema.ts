import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

import type { Json } from '../base/index.ts'
import type { SessionFields, StagedCursor } from '../model/index.ts'

/*
 * Small columns stand before large texts: SQLite then answers from the first page of a row without
 * touching the pages its text overflows to. Times are epoch milliseconds, money is nano-dollars.
 */

/** One row an object ever listed: how far it is read, and what stopped it when something did. */
export const objects = sqliteTable(
  'objects',
  {
    id: integer().primaryKey(),
    remote: text().notNull(),
    bucket: text().notNull(),
    key: text().notNull(),
    etag: text().notNull(),
    size: integer().notNull(),
    modifiedAt: integer('modified_at').notNull(),
    machine: text().notNull(),
    agent: text().notNull(),
    agentVersion: integer('agent_version').notNull(),
    role: text().$type<'session' | 'subagent' | 'sidecar' | 'titles'>().notNull(),
    path: text().notNull(),
    /** The agent's own id of the session, as the path tells it. */
    nativeId: text('native_id').notNull(),
    parentFromPath: text('parent_from_path'),
    /** Of two objects of one session on one machine the higher rank leads. */
    rank: integer().notNull(),
    /** Read to its end as of `etag`. */
    complete: integer({ mode: 'boolean' }).notNull(),
    offset: integer().notNull(),
    proofLength: integer('proof_length'),
    proofHash: text('proof_hash'),
    resume: text({ mode: 'json' }).$type<Json>(),
    /** Rows of this generation are shown; a re-read fills the next one first. */
    generation: integer().notNull(),
    staged: text({ mode: 'json' }).$type<StagedCursor | null>(),
    /** Raised by every commit; two programs that read the same object notice each other by it. */
    revision: integer().notNull(),
    goneAt: integer('gone_at'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    errorHint: text('error_hint'),
    errorAt: integer('error_at'),
    readAt: integer('read_at').notNull(),
  },
  (table) => [uniqueIndex('objects_by_key').on(table.remote, table.bucket, table.key)],
)

/**
 * What one object tells of one session. The same session may stand in several objects of a machine:
 * the row with `lead` is shown, the others are further places of it. Only `live` rows exist for readers.
 * The id people see is `<machine>~<native_id>`.
 */
export const sessions = sqliteTable(
  'sessions',
  {
    id: integer().primaryKey(),
    objectId: integer('object_id').notNull(),
    generation: integer().notNull(),
    live: integer({ mode: 'boolean' }).notNull(),
    lead: integer({ mode: 'boolean' }).notNull(),
    machine: text().notNull(),
    agent: text().notNull(),
    nativeId: text('native_id').notNull(),
    /** How many objects of this machine hold this session. */
    places: integer().notNull(),
    messageCount: integer('message_count').notNull(),
    userMessageCount: integer('user_message_count').notNull(),
    badLines: integer('bad_lines').notNull(),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
    project: text(),
    /** Title the log gives; null when it gives none (then the first prompt names the session). */
    title: text(),
    /** First prompt, one line, at most 300 characters and `...`. */
    firstPrompt: text('first_prompt'),
    /** Native id of the parent, on the same machine. */
    parentId: text('parent_id'),
    relationship: text().$type<'subagent' | 'fork' | 'continuation' | null>(),
    agentLabel: text('agent_label'),
    cwd: text(),
    branch: text(),
    agentVersion: text('agent_version'),
    entrypoint: text(),
    endState: text('end_state').$type<'truncated' | 'tool_call_pending' | 'awaiting_user' | 'clean' | null>(),
    isTruncated: integer('is_truncated', { mode: 'boolean' }).notNull(),
    /** What the parser said, before settling. */
    facts: text({ mode: 'json' }).$type<SessionFields>().notNull(),
    /** Byte ranges that are a copy of another session's history: `[[from, to|null], …]`. */
    hiddenRanges: text('hidden_ranges', { mode: 'json' })
      .$type<readonly (readonly [number, number | null])[]>()
      .notNull(),
    /** Byte ranges that are hidden, but charged. */
    chargedRanges: text('charged_ranges', { mode: 'json' })
      .$type<readonly (readonly [number, number | null])[]>()
      .notNull()
      .default([]),
    /** The row of the session this one was split from: a fork within one object. */
    baseId: integer('base_id'),
    /** Byte ranges whose rows are a split session's own. */
    ownRanges: text('own_ranges', { mode: 'json' }).$type<readonly (readonly [number, number | null])[]>(),
  },
  (table) => [
    index('sessions_by_base')
      .on(table.baseId)
      .where(sql`base_id is not null`),
    uniqueIndex('sessions_by_object').on(table.objectId, table.nativeId, table.generation),
    index('sessions_by_native').on(table.nativeId, table.machine),
    index('sessions_by_end')
      .on(table.endedAt)
      .where(sql`live = 1 and lead = 1`),
    index('sessions_by_parent')
      .on(table.parentId)
      .where(sql`parent_id is not null`),
  ],
)

/** Messages in the order of `pos`, then `offset`, then `part`; `hidden` ones are copied history. */
export const messages = sqliteTable(
  'messages',
  {
    id: integer().primaryKey(),
    sessionId: integer('session_id').notNull(),
    offset: integer().notNull(),
    part: integer().notNull(),
    /** Place in the transcript: the offset, but for prompts that were queued while a tool ran. */
    pos: real().notNull(),
    role: text().$type<'user' | 'assistant' | 'system'>().notNull(),
    subtype: text(),
    at: integer(),
    hidden: integer({ mode: 'boolean' }).notNull(),
    isUserTurn: integer('is_user_turn', { mode: 'boolean' }).notNull(),
    isPrompt: integer('is_prompt', { mode: 'boolean' }).notNull(),
    isSidechain: integer('is_sidechain', { mode: 'boolean' }).notNull(),
    model: text(),
    uuid: text(),
    text: text().notNull(),
    thinking: text().notNull(),
  },
  (table) => [
    uniqueIndex('messages_by_place').on(table.sessionId, table.offset, table.part),
    index('messages_queued')
      .on(table.sessionId)
      .where(sql`subtype = 'queued'`),
  ],
)

/** Tool calls of the message at (`session_id`, `offset`, `part`), in the order of `idx`. */
export const toolCalls = sqliteTable(
  'tool_calls',
  {
    id: integer().primaryKey(),
    sessionId: integer('session_id').notNull(),
    offset: integer().notNull(),
    part: integer().notNull(),
    idx: integer().notNull(),
    hidden: integer({ mode: 'boolean' }).notNull(),
    callId: text('call_id'),
    name: text().notNull(),
    category: text().notNull(),
    input: text().notNull(),
  },
  (table) => [uniqueIndex('tool_calls_by_place').on(table.sessionId, table.offset, table.part, table.idx)],
)

/** What tools gave back; belongs to the call with the same `call_id` in the session. */
export const toolResults = sqliteTable(
  'tool_results',
  {
    id: integer().primaryKey(),
    sessionId: integer('session_id').notNull(),
    offset: integer().notNull(),
    part: integer().notNull(),
    isError: integer('is_error', { mode: 'boolean' }).notNull(),
    at: integer(),
    callId: text('call_id').notNull(),
    text: text().notNull(),
    /** The `ref` of the output that stands for `text` when it is there. */
    outputRef: text('output_ref'),
  },
  (table) => [
    uniqueIndex('tool_results_by_call').on(table.sessionId, table.callId, table.offset, table.part),
    index('tool_results_failed')
      .on(table.sessionId)
      .where(sql`is_error = 1`),
  ],
)

/**
 * Every charged response as each object tells it. Of the rows with one `dedupe_key` exactly one
 * `counts`; `owner_id` on it is the session (a lead row) that the response is booked on. A sum over
 * `counts = 1` is therefore the truth, whatever was copied where.
 */
export const usage = sqliteTable(
  'usage',
  {
    id: integer().primaryKey(),
    sessionId: integer('session_id').notNull(),
    offset: integer().notNull(),
    part: integer().notNull(),
    counts: integer({ mode: 'boolean' }).notNull(),
    /** The key stands on several rows. */
    shared: integer({ mode: 'boolean' }).notNull(),
    hidden: integer({ mode: 'boolean' }).notNull(),
    /** Told by another session's log than the one that had the response. */
    relayed: integer({ mode: 'boolean' }).notNull().default(false),
    ownerId: integer('owner_id').notNull(),
    at: integer(),
    input: integer().notNull(),
    output: integer().notNull(),
    cacheRead: integer('cache_read').notNull(),
    cacheWrite5m: integer('cache_write_5m').notNull(),
    cacheWrite1h: integer('cache_write_1h').notNull(),
    reasoning: integer().notNull(),
    webSearches: integer('web_searches').notNull(),
    /** Price of the tokens in nano-dollars; null when the model has no price. */
    tokensCost: integer('tokens_cost'),
    /** Fees in nano-dollars that do not depend on the model (web searches). */
    feeCost: integer('fee_cost').notNull(),
    reportedCost: integer('reported_cost'),
    model: text().notNull(),
    tier: text(),
    dedupeKey: text('dedupe_key').notNull(),
  },
  (table) => [
    uniqueIndex('usage_by_place').on(table.sessionId, table.offset, table.part),
    index('usage_by_key').on(table.dedupeKey),
    // Holds all that is summed, in the order it is summed in: by session, model and quarter of an hour.
    index('usage_by_owner')
      .on(
        table.ownerId,
        table.model,
        sql`"at" / 900000`,
        table.at,
        table.input,
        table.output,
        table.cacheRead,
        table.cacheWrite5m,
        table.cacheWrite1h,
        table.tokensCost,
        table.feeCost,
      )
      .where(sql`counts = 1`),
  ],
)

/** Small facts for settling, made by an object about a session (its own or another object's). */
export const marks = sqliteTable(
  'marks',
  {
    objectId: integer('object_id').notNull(),
    generation: integer().notNull(),
    nativeId: text('native_id').notNull(),
    offset: integer().notNull(),
    name: text().notNull(),
    key: text().notNull(),
    value: text(),
  },
  (table) => [
    primaryKey({ columns: [table.objectId, table.generation, table.nativeId, table.offset, table.name, table.key] }),
    index('marks_by_native').on(table.nativeId),
    index('marks_by_value')
      .on(table.name, table.value)
      .where(sql`name in ('spawn', 'relative', 'peer')`),
  ],
)

/**
 * Outputs of tools that are objects of their own, in pieces by offset. `ref` is the path inside the
 * agent's folder that results name; the folder itself is the object's key without its path.
 */
export const outputs = sqliteTable(
  'outputs',
  {
    objectId: integer('object_id').notNull(),
    generation: integer().notNull(),
    offset: integer().notNull(),
    ref: text().notNull(),
    text: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.objectId, table.generation, table.offset] }),
    index('outputs_by_ref').on(table.ref),
  ],
)

/** Lines that could not be used, with their place in the object. */
export const badLines = sqliteTable(
  'bad_lines',
  {
    objectId: integer('object_id').notNull(),
    generation: integer().notNull(),
    offset: integer().notNull(),
    length: integer().notNull(),
    reason: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.objectId, table.generation, table.offset] })],
)

/** Machines ever seen, by the name their sessions carry. */
export const machines = sqliteTable('machines', {
  name: text().primaryKey(),
  firstSeenAt: integer('first_seen_at').notNull(),
})

/** Objects that a running collector reads, so that others leave them alone. */
export const claims = sqliteTable(
  'claims',
  {
    remote: text().notNull(),
    bucket: text().notNull(),
    key: text().notNull(),
    /** Random id of one run of a collector. */
    owner: text().notNull(),
    /** Where `pid` is the id of its process. */
    host: text().notNull(),
    pid: integer().notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.remote, table.bucket, table.key] })],
)

/** The account of each run of `sync`. */
export const syncRuns = sqliteTable('sync_runs', {
  id: integer().primaryKey(),
  startedAt: integer('started_at').notNull(),
  endedAt: integer('ended_at').notNull(),
  durationMs: real('duration_ms').notNull(),
  summary: text({ mode: 'json' }).notNull(),
})

/** Single values of the archive: the version of the prices its costs were made with, … */
export const meta = sqliteTable('meta', {
  key: text().primaryKey(),
  value: text().notNull(),
})
