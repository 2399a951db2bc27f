import type * as Query from '../../query/index.ts'
import type { UsageSums } from '../../query/index.ts'
import type { Column, Output } from '../output/index.ts'

/** Columns of tokens and money, the same in every usage table; short numbers on a narrow terminal. */
export function sumColumns<Row extends UsageSums>(query: typeof Query, out: Output): readonly Column<Row>[] {
  const isShort = out.width !== null && out.width < 110
  const tokens = (key: keyof Query.TokenSums, title: string, leaveOut: number): Column<Row> => ({
    key,
    title,
    value: (row) => row[key],
    show: (row) => query.showCount(row[key], isShort),
    align: 'right',
    leaveOut,
  })
  return [
    tokens('inputTokens', 'INPUT', 4),
    tokens('outputTokens', 'OUTPUT', 3),
    tokens('cacheCreationTokens', isShort ? 'CACHE+' : 'CACHE WRITE', 5),
    tokens('cacheReadTokens', isShort ? 'CACHE' : 'CACHE READ', 6),
    tokens('totalTokens', 'TOTAL', 1),
    {
      key: 'totalCost',
      title: 'COST',
      value: (row) => row.totalCost,
      show: (row) => query.showUsd(row.totalCost),
      align: 'right',
    },
  ]
}

/** Says on stderr which models add tokens but no money. */
export function noteUnpriced(sums: UsageSums, out: Output): void {
  if (sums.unpricedModels.length === 0 || out.format === 'json') return
  out.note(`No price is known for ${sums.unpricedModels.join(', ')}: their tokens are counted, their cost is not.`)
}
