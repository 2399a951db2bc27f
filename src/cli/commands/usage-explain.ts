import type { JsonObject } from '../../base/index.ts'
import type { ChargedRow, ChargedRows } from '../../query/index.ts'
import type * as Query from '../../query/index.ts'
import type { CostLine, PriceExplanation } from '../../pricing/index.ts'
import { noteMore, withArchive } from '../archive.ts'
import { defineCommand } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { paint } from '../output/index.ts'
import { pricesInForce } from '../prices.ts'

/** `usage explain`: every response a session is charged for, and how its cost came about. */
export const usageExplainCommand = defineCommand({
  command: 'explain <id>',
  describe: 'Show how the cost of a session came about, response by response',
  exits: [3, 10],
  examples: [
    ['usage explain 0f3a', 'counts, rates, rules and copies elsewhere'],
    ['usage explain 0f3a --limit 0 --format csv', 'all of it for a spreadsheet'],
  ],
  options: (yargs) => yargs.positional('id', { type: 'string', demandOption: true, describe: 'Id, or its beginning' }),
  run: async (args, context) =>
    await withArchive(context, async ({ ask, query }) => {
      const { globals, out } = context
      const found = await query.findSession(ask, args.id)
      const charged = await query.chargedRows(ask, found, { limit: globals.limit, cursor: globals.cursor })
      const { explainUsage, searchFeeNanoUsd, prices } = await pricesInForce(context)
      const rows = charged.rows.map((row) => {
        // The fee is for the most searches that any telling of the response has.
        const webSearches = row.feeNanoUSD / searchFeeNanoUsd
        return { row, why: explainUsage(prices, { ...row, webSearches }) }
      })
      if (out.format === 'table') showRows(rows, charged, query, context)
      else printRows(rows, charged, context, { source: prices.source, date: prices.date, version: prices.version })
      noteMore(context, rows.length, charged)
    }),
})

interface Explained {
  readonly row: ChargedRow
  readonly why: PriceExplanation
}

function printRows(
  rows: readonly Explained[],
  { sessionId, elsewhere, totals, total, nextCursor }: ChargedRows,
  { out }: CommandContext,
  prices: JsonObject,
): void {
  out.rows({
    kind: 'usageExplain',
    key: 'rows',
    rows,
    columns: [
      { key: 'at', title: 'TIME', value: ({ row }) => row.at },
      { key: 'model', title: 'MODEL', value: ({ row }) => row.model },
      { key: 'tier', title: 'TIER', value: ({ row }) => row.tier },
      { key: 'inputTokens', title: 'INPUT', value: ({ row }) => row.input, align: 'right' },
      { key: 'outputTokens', title: 'OUTPUT', value: ({ row }) => row.output, align: 'right' },
      { key: 'cacheReadTokens', title: 'CACHE READ', value: ({ row }) => row.cacheRead, align: 'right' },
      { key: 'cacheWrite5mTokens', title: 'WRITE 5M', value: ({ row }) => row.cacheWrite5m, align: 'right' },
      { key: 'cacheWrite1hTokens', title: 'WRITE 1H', value: ({ row }) => row.cacheWrite1h, align: 'right' },
      {
        key: 'price',
        title: 'PRICE',
        value: ({ why }) => (why.finding.kind === 'found' ? why.finding.price.name : null),
      },
      { key: 'bandAboveTokens', title: 'BAND', value: ({ why }) => why.bandAbove, align: 'right' },
      { key: 'costUSD', title: 'COST', value: ({ row }) => dollars(costOf(row)), align: 'right' },
      { key: 'copies', title: 'COPIES', value: ({ row }) => row.copies.length, align: 'right' },
      { key: 'sessionId', title: 'TOLD BY', value: ({ row }) => row.place.sessionId, isExtra: true },
      { key: 'source', title: 'SOURCE', value: ({ row }) => row.place.source, isExtra: true },
      { key: 'offset', title: 'OFFSET', value: ({ row }) => row.place.offset, isExtra: true },
    ],
    json: toJson,
    extra: { sessionId, prices, elsewhere, totals, total, nextCursor },
  })
}

function toJson({ row, why }: Explained): JsonObject {
  const { finding } = why
  return {
    at: row.at,
    model: row.model,
    tier: row.tier,
    inputTokens: row.input,
    outputTokens: row.output,
    reasoningTokens: row.reasoning,
    cacheReadTokens: row.cacheRead,
    cacheWrite5mTokens: row.cacheWrite5m,
    cacheWrite1hTokens: row.cacheWrite1h,
    contextTokens: why.contextTokens,
    price: finding.kind === 'found' ? { name: finding.price.name, foundBy: finding.by, for: finding.as } : null,
    bandAboveTokens: why.bandAbove,
    multiplier: why.multiplier / 1000,
    lines: why.lines.map((line) => ({
      what: line.what,
      count: line.count,
      rateUSD: rateOf(line),
      per: line.what === 'webSearches' ? 'search' : 'million tokens',
      from: line.rateFrom,
      costUSD: line.costPicoUsd / 1e12,
    })),
    notes: why.notes,
    costUSD: dollars(costOf(row)),
    costNanoUSD: costOf(row),
    reportedCostUSD: dollars(row.reportedNanoUSD),
    place: row.place,
    copies: row.copies,
  }
}

function showRows(
  rows: readonly Explained[],
  charged: ChargedRows,
  query: typeof Query,
  context: CommandContext,
): void {
  const { out, globals } = context
  const clock = (time: string | null): string =>
    time === null ? 'no time' : query.clockOf(Date.parse(time), globals.timezone)
  for (const { row, why } of rows) {
    const tier = row.tier === null ? '' : `  tier ${row.tier}`
    const cost = query.showUsd(dollars(costOf(row)))
    out.line(paint('bold', `${clock(row.at)}  ${row.model}${tier}  ${cost}`))
    for (const line of why.lines) out.line(lineText(line, query))
    for (const note of why.notes) out.line(`  ${note}`)
    if (row.reportedNanoUSD !== null)
      out.line(`  The log itself says ${query.showUsd(dollars(row.reportedNanoUSD))}; that is not summed.`)
    if (row.place.sessionId !== charged.sessionId) out.line(`  The fullest telling is in ${row.place.sessionId}.`)
    for (const copy of row.copies)
      out.line(`  Not charged again: ${copyWords[copy.why]} ${copy.sessionId}, byte ${copy.offset} of ${copy.source}`)
  }
  const { totals, total } = charged
  const count = (tokens: number): string => query.showCount(tokens, false)
  out.line(
    paint('bold', `Total  ${query.showUsd(totals.totalCost)}`),
    `  ${count(total)} responses: input ${count(totals.inputTokens)}, output ${count(totals.outputTokens)}, ` +
      `cache write ${count(totals.cacheCreationTokens)}, cache read ${count(totals.cacheReadTokens)}`,
  )
  for (const { sessionId, responses } of charged.elsewhere) {
    const whom = sessionId === null ? 'nobody: copied history that its own log does not tell' : sessionId
    out.line(`Also in this log: ${count(responses)} responses charged to ${whom}`)
  }
  if (totals.unpricedModels.length > 0)
    out.note(`No price is known for ${totals.unpricedModels.join(', ')}: their tokens cost nothing here.`)
}

const copyWords = { 'copied-history': 'copied history in', 'told-again': 'told again in' } as const
const lineWords: Readonly<Record<CostLine['what'], string>> = {
  input: 'input',
  output: 'output',
  cacheRead: 'cache read',
  cacheWrite5m: 'cache write, 5 min',
  cacheWrite1h: 'cache write, 1 h',
  webSearches: 'web searches',
}

function lineText(line: CostLine, query: typeof Query): string {
  const what = lineWords[line.what].padEnd(19)
  const per = line.what === 'webSearches' ? 'each' : 'per million'
  const times = `${query.showCount(line.count, false).padStart(11)} × $${rateOf(line)} ${per}`
  return `  ${what}${times.padEnd(34)} = ${query.showUsd(line.costPicoUsd / 1e12).padStart(9)}  ${line.rateFrom}`
}

/** Dollars for a million tokens, or for one search. */
function rateOf(line: CostLine): number {
  return line.ratePicoUsd / (line.what === 'webSearches' ? 1e12 : 1e6)
}

/** Null for a response without a price, whatever searches came with it cost. */
function costOf(row: ChargedRow): number | null {
  return row.tokensNanoUSD === null && row.feeNanoUSD === 0 ? null : (row.tokensNanoUSD ?? 0) + row.feeNanoUSD
}

function dollars(nano: number | null): number | null {
  return nano === null ? null : nano / 1e9
}
