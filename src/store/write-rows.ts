import { cleanText } from '../base/index.ts'
import type { Part, PricedUsage, SortedRecords } from './batch.ts'
import { bulkInto } from './bulk-into.ts'
import type { BulkInsert, SqlValue, Statement, Transaction } from './driver.ts'
import * as schema from './schema.ts'
import { cutForIndex, needsCut } from './search-text.ts'
import type { TextBytes } from './unpack-records.ts'
import { textOf } from './unpack-records.ts'

/** A part whose object and sessions have their row ids. */
export interface PlacedPart {
  readonly part: Part
  readonly sorted: SortedRecords
  readonly objectId: number
  /** Row ids of its sessions by native id. */
  readonly sessionIds: ReadonlyMap<string, number>
}

type Cell = BulkInsert['rows'][number][number]

/** A text as a cell: its bytes, which the database takes as they are. */
function cell({ bytes }: TextBytes): Cell {
  // Bytes of no length would be nothing at all.
  return bytes.length === 0 ? '' : bytes
}

/** The statements that write the rows of parts; message ids are given out from `firstMessageId` on. */
export function rowStatements(
  parts: readonly PlacedPart[],
  firstMessageId: number,
): readonly (Statement | BulkInsert)[] {
  const messages: Cell[][] = []
  const toolCalls: Cell[][] = []
  const toolResults: Cell[][] = []
  const usage: Cell[][] = []
  const marks: Cell[][] = []
  const badLines: Cell[][] = []
  const outputs: Cell[][] = []
  const cutWords: Cell[][] = []
  let messageId = firstMessageId

  for (const placed of parts) {
    const { part, sorted, objectId } = placed
    const id = (nativeId: string): number => placed.sessionIds.get(nativeId) ?? missing(nativeId)
    for (const row of sorted.messages) {
      const key = id(row.sessionId)
      messages.push([
        messageId,
        key,
        row.offset,
        row.part,
        row.offset,
        row.role,
        row.subtype,
        row.at,
        0,
        Number(row.isUserTurn),
        Number(row.isPrompt),
        Number(row.isSidechain),
        row.model,
        row.uuid,
        cell(row.text),
        cell(row.thinking),
      ])
      if (!row.text.isAscii || !row.thinking.isAscii) {
        const [text, thinking] = [textOf(row.text), textOf(row.thinking)]
        if (needsCut(text) || needsCut(thinking)) cutWords.push([messageId, cutForIndex(text), cutForIndex(thinking)])
      }
      messageId += 1
    }
    for (const row of sorted.toolCalls) {
      const key = id(row.sessionId)
      toolCalls.push([key, row.offset, row.part, row.index, 0, row.callId, row.name, row.category, cell(row.input)])
    }
    for (const row of sorted.toolResults) {
      const key = id(row.sessionId)
      const ref = row.outputRef ?? null
      toolResults.push([key, row.offset, row.part, Number(row.isError), row.at, row.callId, cell(row.text), ref])
    }
    for (const row of sorted.usage) {
      const key = id(row.sessionId)
      usage.push([
        key,
        row.offset,
        row.part,
        1,
        0,
        0,
        Number(row.isRelayed),
        key,
        row.at,
        row.input,
        row.output,
        row.cacheRead,
        row.cacheWrite5m,
        row.cacheWrite1h,
        row.reasoning,
        row.webSearches,
        row.tokensCost,
        row.feeCost,
        row.reportedCost,
        row.model,
        row.tier,
        usageKey(part, row),
      ])
    }
    for (const row of sorted.marks) {
      marks.push([objectId, part.generation, row.sessionId, row.offset, row.name, cleanText(row.key), row.value])
    }
    for (const row of sorted.outputs) outputs.push([objectId, part.generation, row.offset, row.ref, cell(row.text)])
    for (const row of sorted.badLines) badLines.push([objectId, part.generation, row.offset, row.length, row.reason])
  }

  return [
    bulkInto(schema.messages, messageColumns, messages),
    bulkInto(schema.toolCalls, toolCallColumns, toolCalls),
    bulkInto(schema.toolResults, toolResultColumns, toolResults),
    bulkInto(schema.usage, usageColumns, usage),
    bulkInto(schema.marks, markColumns, marks, 'ON CONFLICT DO UPDATE SET value = excluded.value'),
    bulkInto(schema.badLines, badLineColumns, badLines, 'ON CONFLICT DO NOTHING'),
    bulkInto(schema.outputs, outputColumns, outputs),
    ...linearStatements(parts),
    ...wordStatements(firstMessageId, messageId - 1, cutWords),
  ]
}

const messageColumns = [
  'id',
  'sessionId',
  'offset',
  'part',
  'pos',
  'role',
  'subtype',
  'at',
  'hidden',
  'isUserTurn',
  'isPrompt',
  'isSidechain',
  'model',
  'uuid',
  'text',
  'thinking',
] as const
const toolCallColumns = ['sessionId', 'offset', 'part', 'idx', 'hidden', 'callId', 'name', 'category', 'input'] as const
const toolResultColumns = ['sessionId', 'offset', 'part', 'isError', 'at', 'callId', 'text', 'outputRef'] as const
const outputColumns = ['objectId', 'generation', 'offset', 'ref', 'text'] as const
const usageColumns = [
  'sessionId',
  'offset',
  'part',
  'counts',
  'shared',
  'hidden',
  'relayed',
  'ownerId',
  'at',
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'reasoning',
  'webSearches',
  'tokensCost',
  'feeCost',
  'reportedCost',
  'model',
  'tier',
  'dedupeKey',
] as const
const markColumns = ['objectId', 'generation', 'nativeId', 'offset', 'name', 'key', 'value'] as const
const badLineColumns = ['objectId', 'generation', 'offset', 'length', 'reason'] as const

/**
 * The key under which a response is counted once. One that the log gives no identity is one wherever the
 * same line of the same session stands: copies of the object share this key, nothing else does.
 */
export function usageKey({ place }: Part, { dedupeKey, sessionId, offset, part }: PricedUsage): string {
  return dedupeKey ?? `@${place.agent}:${sessionId}:${offset}:${part}`
}

/** A log that is known not to be a tree needs the marks of its entries no longer. */
function linearStatements(parts: readonly PlacedPart[]): Statement[] {
  return parts.flatMap(({ part, sorted, objectId }) =>
    sorted.marks.some(({ name }) => name === 'linear')
      ? [
          {
            sql: `DELETE FROM marks WHERE object_id = ? AND generation = ? AND name = 'entry'`,
            args: [objectId, part.generation],
          },
        ]
      : [],
  )
}

/** Words go in by one statement that never leaves the database, but for the few texts that are cut here. */
function wordStatements(first: number, last: number, cut: readonly (readonly Cell[])[]): (Statement | BulkInsert)[] {
  if (last < first) return []
  const cutIds: SqlValue = JSON.stringify(cut.map(([id]) => id))
  return [
    {
      sql: `INSERT INTO message_words (rowid, text, thinking)
            SELECT id, text, thinking FROM messages
            WHERE id BETWEEN ?1 AND ?2 AND (text <> '' OR thinking <> '')
              AND id NOT IN (SELECT value FROM json_each(?3))`,
      args: [first, last, cutIds],
    },
    { table: 'message_words', columns: ['rowid', 'text', 'thinking'], rows: cut },
  ]
}

function missing(nativeId: string): never {
  throw new Error(`no row for session ${nativeId}`)
}

const sessionsOf = 'SELECT value FROM json_each(?1)'

/** The statements that drop sessions with all their rows. */
export function dropSessions(ids: readonly number[]): readonly Statement[] {
  if (ids.length === 0) return []
  const args = [JSON.stringify(ids)]
  return [
    {
      sql: `DELETE FROM message_words WHERE rowid IN
              (SELECT id FROM messages WHERE session_id IN (${sessionsOf}) AND (text <> '' OR thinking <> ''))`,
      args,
    },
    ...['messages', 'tool_calls', 'tool_results', 'usage'].map((table) => ({
      sql: `DELETE FROM ${table} WHERE session_id IN (${sessionsOf})`,
      args,
    })),
    { sql: `DELETE FROM sessions WHERE id IN (${sessionsOf})`, args },
  ]
}

/** The statements that drop the rows of sessions from an offset on. */
export function dropRowsFrom(ids: readonly number[], offset: number): readonly Statement[] {
  if (ids.length === 0) return []
  const args = [JSON.stringify(ids), offset]
  return [
    {
      sql: `DELETE FROM message_words WHERE rowid IN
              (SELECT id FROM messages WHERE session_id IN (${sessionsOf}) AND "offset" >= ?2
                 AND (text <> '' OR thinking <> ''))`,
      args,
    },
    ...['messages', 'tool_calls', 'tool_results', 'usage'].map((table) => ({
      sql: `DELETE FROM ${table} WHERE session_id IN (${sessionsOf}) AND "offset" >= ?2`,
      args,
    })),
  ]
}

/** Tables whose rows belong to an object as a whole. */
export const objectTables = ['marks', 'outputs', 'bad_lines']

/** The statements that drop marks, outputs and bad lines of one generation of an object from an offset on. */
export function dropObjectRowsFrom(objectId: number, generation: number, offset: number): readonly Statement[] {
  return objectTables.map((table) => ({
    sql: `DELETE FROM ${table} WHERE object_id = ? AND generation = ? AND "offset" >= ?`,
    args: [objectId, generation, offset],
  }))
}

/** The dedupe keys of usage rows, before they are dropped or after they changed. */
export async function usageKeys(
  transaction: Transaction,
  ids: readonly number[],
  isSharedOnly: boolean,
): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await transaction.all({
    sql: `SELECT dedupe_key FROM usage WHERE session_id IN (${sessionsOf}) ${isSharedOnly ? 'AND shared = 1' : ''}`,
    args: [JSON.stringify(ids)],
  })
  return rows.map(([key]) => String(key))
}

/** Tables whose rows stand at a place (session, offset, part) and may be replaced there. */
const placedTables = {
  messages: 'messages',
  toolCalls: 'tool_calls',
  toolResults: 'tool_results',
  usage: 'usage',
} as const

/**
 * Drops rows of earlier commits that records of these parts replace: a later line may correct what an
 * earlier one said.
 * @returns dedupe keys of the usage rows that went
 */
export async function dropCorrected(
  transaction: Transaction,
  parts: readonly PlacedPart[],
): Promise<readonly string[]> {
  const keys: string[] = []
  const splits = await splitsOf(
    transaction,
    parts.flatMap(({ part, sessionIds }) => (part.from === 0 ? [] : [...sessionIds.values()])),
  )
  for (const { part, sorted, sessionIds } of parts) {
    if (part.from === 0) continue
    for (const [kind, table] of Object.entries(placedTables) as [keyof typeof placedTables, string][]) {
      const late = sorted[kind].filter((record) => record.offset < part.from)
      if (late.length === 0) continue
      const places = JSON.stringify(
        late.flatMap((record) => {
          const base = sessionIds.get(record.sessionId) ?? missing(record.sessionId)
          return [base, ...(splits.get(base) ?? [])].map((id) => [id, record.offset, record.part])
        }),
      )
      const where = `(session_id, "offset", part) IN
        (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))`
      if (kind === 'usage') {
        const rows = await transaction.all({ sql: `SELECT dedupe_key FROM usage WHERE ${where}`, args: [places] })
        keys.push(...rows.map(([key]) => String(key)))
      }
      const words: Statement = {
        sql: `DELETE FROM message_words WHERE rowid IN
                (SELECT id FROM messages WHERE ${where} AND (text <> '' OR thinking <> ''))`,
        args: [places],
      }
      await transaction.run([
        ...(kind === 'messages' ? [words] : []),
        { sql: `DELETE FROM ${table} WHERE ${where}`, args: [places] },
      ])
    }
  }
  return keys
}

/** Row ids of the sessions that were split from these, by the row they were split from. */
async function splitsOf(
  transaction: Transaction,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const splits = new Map<number, number[]>()
  if (ids.length === 0) return splits
  const rows = await transaction.all({
    sql: `SELECT base_id, id FROM sessions WHERE base_id IN (${sessionsOf})`,
    args: [JSON.stringify(ids)],
  })
  for (const [base, id] of rows) splits.set(Number(base), [...(splits.get(Number(base)) ?? []), Number(id)])
  return splits
}
