/** The middle one of some numbers; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  if (low === undefined || high === undefined) throw new RangeError('no median of nothing')
  return (low + high) / 2
}

/** Results of two programs that were run in turns, in the order they ran. */
export interface Pairs<A, B> {
  readonly ours: readonly A[]
  readonly theirs: readonly B[]
}

/**
 * Runs two programs in turns, so that whatever else happens on the machine meets both alike.
 * @param runs  pairs; each program runs once a pair, the yardstick first
 */
export async function inPairs<A, B>(
  runs: number,
  ours: (round: number) => Promise<A>,
  theirs: (round: number) => Promise<B>,
): Promise<Pairs<A, B>> {
  const results: { ours: A[]; theirs: B[] } = { ours: [], theirs: [] }
  for (let round = 0; round < runs; round += 1) {
    results.theirs.push(await theirs(round))
    results.ours.push(await ours(round))
  }
  return results
}

/** The median over the pairs of how many times as long ours took. */
export function ratioOf(pairs: Pairs<{ readonly wallMs: number }, { readonly wallMs: number }>): number {
  return median(pairs.ours.map(({ wallMs }, round) => wallMs / (pairs.theirs[round]?.wallMs ?? Number.NaN)))
}
