import { AgentsviewError } from '../../base/index.ts'
import type { Price, PriceFinding, Rates } from '../../pricing/index.ts'
import { defineCommand } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { pricesInForce } from '../prices.ts'

const columns = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const

/** One line of rates: those of every request, or those above a limit. Dollars for a million tokens. */
interface RateRow {
  readonly above: number | null
  readonly rates: Readonly<Record<(typeof columns)[number], number | null>>
}

const pricesShowCommand = defineCommand({
  command: 'show [model]',
  describe: 'Show where the prices come from, and those of a model',
  exits: [3],
  examples: [
    ['prices show', 'source, date, and the rates you set'],
    ['prices show gpt-5.5', 'its rates, and which entry of the list they are'],
  ],
  options: (yargs) => yargs.positional('model', { type: 'string', describe: 'Model, as the logs name it' }),
  run: async (args, context) => {
    const { prices } = await pricesInForce(context)
    const list = { source: prices.source, date: prices.date, version: prices.version }
    if (args.model === undefined) {
      await showList(list, context)
      return
    }
    const finding = prices.find(args.model)
    if (finding.kind !== 'found') throw unpriced(args.model, finding)
    showModel(args.model, finding, list, context)
  },
})

/** `prices`: what a token costs. */
export const pricesCommand = defineCommand({
  command: 'prices',
  describe: 'Show what tokens cost',
  subcommands: [pricesShowCommand],
})

interface List {
  readonly source: string
  readonly date: string
  readonly version: string
}

async function showList(list: List, context: CommandContext): Promise<void> {
  const { out } = context
  const own = (await context.config()).prices.map(({ model }) => model)
  if (out.format === 'json') {
    out.json('prices', { ...list, setByHand: own })
    return
  }
  out.line(`${list.source}, taken ${list.date}`)
  out.line(own.length === 0 ? 'No rates set by hand.' : `Rates set by hand for: ${own.join(', ')}`)
  out.note('The rates of one model: agentsview prices show <model>')
}

function showModel(
  model: string,
  finding: Extract<PriceFinding, { kind: 'found' }>,
  list: List,
  { out }: CommandContext,
): void {
  const { price } = finding
  const rows = rowsOf(price)
  out.rows({
    kind: 'prices',
    key: 'rates',
    rows,
    columns: [
      {
        key: 'aboveTokens',
        title: 'CONTEXT',
        value: (row) => row.above,
        show: (row) => (row.above === null ? 'any' : `above ${row.above} tokens`),
      },
      ...columns.map((key) => ({
        key,
        title: titles[key],
        value: (row: RateRow) => row.rates[key],
        show: (row: RateRow) => showRate(row.rates[key]),
        align: 'right' as const,
      })),
    ],
    json: (row) => ({ aboveTokens: row.above, ...row.rates }),
    extra: {
      model,
      entry: price.name,
      foundBy: finding.by,
      setByHand: price.byHand,
      fastMultiplier: price.fast === null ? null : price.fast / 1000,
      unit: 'USD per million tokens',
      ...list,
    },
  })
  if (out.format === 'json') return
  const asName = finding.as === model ? '' : ` for "${finding.as}"`
  out.note(`Entry "${price.name}"${asName}, found by: ${finding.by}. ${list.source}, taken ${list.date}.`)
  if (price.byHand.length > 0) out.note(`Set by hand: ${price.byHand.join(', ')}.`)
  out.note(`Dollars per million tokens.${price.fast === null ? '' : ` Fast tier: × ${price.fast / 1000}.`}`)
  if (price.rates.cacheRead === null || price.rates.cacheWrite5m === null)
    out.note(
      price.isAnthropic
        ? 'Rates not listed: cache writes 1.25 × input (2 × for an hour), cache reads 0.1 × input.'
        : 'Cache rates not listed are those of the input.',
    )
}

const titles = {
  input: 'INPUT',
  output: 'OUTPUT',
  cacheRead: 'CACHE READ',
  cacheWrite5m: 'WRITE 5M',
  cacheWrite1h: 'WRITE 1H',
} as const

function rowsOf(price: Price): readonly RateRow[] {
  const bands = price.bands.map(({ above, rates }) => ({ above, rates: dollarsOf(rates) }))
  return [{ above: null, rates: dollarsOf(price.rates) }, ...bands]
}

function dollarsOf(rates: Omit<Rates, 'output'> & { readonly output: number | null }): RateRow['rates'] {
  const dollars = (rate: number | null): number | null => (rate === null ? null : rate / 1e6)
  return {
    input: dollars(rates.input),
    output: dollars(rates.output),
    cacheRead: dollars(rates.cacheRead),
    cacheWrite5m: dollars(rates.cacheWrite5m),
    cacheWrite1h: dollars(rates.cacheWrite1h),
  }
}

function showRate(rate: number | null): string {
  return rate === null ? '–' : `$${rate}`
}

function unpriced(model: string, finding: Exclude<PriceFinding, { kind: 'found' }>): AgentsviewError {
  return new AgentsviewError({
    code: 'not-found.price',
    message:
      finding.kind === 'ambiguous'
        ? `"${model}" fits several entries of the price list equally well: ${finding.keys.join(', ')}`
        : `no price is listed for "${model}"`,
    hint: `Set its rates in agentsview.toml: [prices.${JSON.stringify(model)}] input = "1.25", output = "10"`,
  })
}
