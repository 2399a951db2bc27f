import type * as Query from '../../query/index.ts'
import type { UsageDimension, UsageSums, UsageUnit } from '../../query/index.ts'
import { noteEmpty, withArchive } from '../archive.ts'
import type { Command } from '../command.ts'
import { defineCommand, listOption } from '../command.ts'
import { AgentsviewError } from '../../base/index.ts'
import { filterOptions, readFilters } from '../filter-options.ts'
import type { GlobalOptions } from '../global-options.ts'
import type { Column } from '../output/index.ts'
import { paint } from '../output/index.ts'
import { noteUnpriced, sumColumns } from './usage-columns.ts'

/** One line of the table: a span, a group of a span, or the totals. */
type Line = UsageSums & { readonly period: string } & { readonly [dimension in UsageDimension]?: string | null }

/** `usage daily`, `weekly` and `monthly`, which differ in the length of their spans alone. */
export function usagePeriodCommand(shape: {
  readonly word: string
  readonly unit: UsageUnit
  readonly kind: string
  readonly describe: string
}): Command {
  return defineCommand({
    command: shape.word,
    describe: shape.describe,
    exits: [3, 10],
    examples: [
      [`usage ${shape.word} --since 30d`, 'the last 30 days'],
      [`usage ${shape.word} --by machine,model --json`, 'each span split, for a script'],
    ],
    options: (yargs) =>
      filterOptions(yargs).option('by', listOption('Split by machine, remote, project, agent, model; one or more')),
    run: async (args, context) =>
      await withArchive(context, async (asking) => {
        const { ask, query } = asking
        const { globals, out } = context
        const by = dimensionsOf(args.by ?? [], query)
        const filters = await readFilters(args, context, query, ask)
        const { periods: all, totals } = await query.usageReport(ask, {
          unit: shape.unit,
          filters,
          by,
          timezone: globals.timezone,
        })
        const periods = latestOf(all, globals)
        if (periods.length === 0) await noteEmpty(context, asking, 'usage')
        if (out.format === 'json' || out.format === 'ndjson') {
          out.rows({
            kind: shape.kind,
            key: shape.word,
            rows: periods,
            columns: [],
            json: (row) => ({ ...row }),
            extra: { totals, total: all.length, timezone: globals.timezone },
          })
          return
        }
        if (periods.length === 0 && out.format === 'table') return
        const isForPeople = out.format === 'table' || out.format === 'md'
        const lines = periods.flatMap((period): readonly Line[] =>
          period.groups === undefined ? [period] : period.groups.map((group) => ({ ...group, period: period.period })),
        )
        out.rows({
          kind: shape.kind,
          key: shape.word,
          rows: isForPeople ? [...lines, { ...totals, period: 'Total' }] : lines,
          columns: [periodColumn(shape.unit), ...by.map(dimensionColumn), ...sumColumns<Line>(query, out)],
        })
        noteUnpriced(totals, out)
        if (periods.length < all.length)
          out.note(`The latest ${periods.length} of ${all.length}; the totals are of all. All: --limit 0`)
        if (isForPeople) out.note(paint('dim', `Days of ${globals.timezone}.`))
      }),
  })
}

/** The latest spans, as many as `--limit` says; all of them when it is not said. */
function latestOf<T>(periods: readonly T[], { hasLimit, limit }: GlobalOptions): readonly T[] {
  return hasLimit && limit > 0 ? periods.slice(-limit) : periods
}

function periodColumn(unit: UsageUnit): Column<Line> {
  const title = { day: 'DAY', week: 'WEEK OF', month: 'MONTH' }[unit]
  const show = (row: Line) => (row.period === 'Total' ? paint('bold', 'Total') : row.period)
  return { key: 'period', title, value: (row) => row.period, show }
}

function dimensionColumn(dimension: UsageDimension): Column<Line> {
  return {
    key: dimension,
    title: dimension.toUpperCase(),
    value: (row) => row[dimension] ?? null,
    show: (row) => row[dimension] ?? (row.period === 'Total' ? '' : '–'),
    canShrink: true,
  }
}

function dimensionsOf(given: readonly string[], query: typeof Query): readonly UsageDimension[] {
  const known = query.usageDimensions
  const unknown = given.find((name) => !known.some((one) => one === name))
  if (unknown === undefined)
    return known
      .filter((name) => given.includes(name))
      .toSorted((one, other) => given.indexOf(one) - given.indexOf(other))
  throw new AgentsviewError({
    code: 'usage.option',
    message: `--by "${unknown}" is nothing usage can be split by`,
    hint: `Choose from: ${known.join(', ')}.`,
  })
}
