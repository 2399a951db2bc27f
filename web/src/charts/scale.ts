const levels = 5

/** Five steps of colour for values from nothing to the most; the steps are even in rank, not in size. */
export function levelsOf(values: readonly number[]): (value: number) => number {
  const sorted = values.filter((value) => value > 0).toSorted((one, other) => one - other)
  return (value) => {
    if (value <= 0 || sorted.length === 0) return 0
    const rank = sorted.findIndex((one) => one >= value)
    const share = sorted.length === 1 ? 1 : (rank < 0 ? sorted.length - 1 : rank) / (sorted.length - 1)
    return Math.min(levels, 1 + Math.floor(share * levels))
  }
}

/** Round steps from 0 to at least the highest value. */
export function ticksOf(most: number): readonly number[] {
  const rough = most / 4
  const size = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * size).find((value) => value >= rough) ?? rough
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, at) => at * step)
}
