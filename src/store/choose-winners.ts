/** One place where a charged response is told. */
export interface Occurrence {
  readonly id: number
  readonly key: string
  readonly output: number
  readonly at: number | null
  readonly webSearches: number
  /** Part of a session that readers see, and not copied history within it. */
  readonly isEligible: boolean
  /** Told by another session's log than the one that had the response. */
  readonly isRelayed: boolean
  readonly offset: number
  readonly part: number
  /** Lead row of the session it stands in. */
  readonly leadId: number
  readonly sessionStartedAt: number | null
  readonly sessionEndedAt: number | null
  /** `<machine>~<native id>`. */
  readonly publicId: string
  /** Remote, bucket and key of the object it stands in: tells places of one session apart. */
  readonly place: string
}

export interface Verdict {
  readonly id: number
  readonly counts: boolean
  readonly shared: boolean
  readonly ownerId: number
  /** Searches to charge on this row: the most that any occurrence tells. */
  readonly webSearches: number
}

/**
 * Decides which of several tellings of one response counts, and on whose account: the fullest one
 * (most output, then latest) gives the numbers; the session where it stood first pays. Both depend
 * on the rows alone, so any order of arrival gives the same answer.
 * @param occurrences  all rows of one or more keys
 */
export function chooseWinners(occurrences: readonly Occurrence[]): readonly Verdict[] {
  const byKey = groupByKey(occurrences)
  return [...byKey.values()].flatMap((rows) => {
    const eligible = rows.filter((row) => row.isEligible)
    const winner = eligible.toSorted(fuller)[0]
    const owner = eligible.toSorted(earlier)[0]
    const webSearches = Math.max(0, ...eligible.map((row) => row.webSearches))
    return rows.map((row) => ({
      id: row.id,
      counts: row.id === winner?.id,
      shared: rows.length > 1,
      ownerId: row.id === winner?.id ? (owner?.leadId ?? row.leadId) : row.leadId,
      webSearches: row.id === winner?.id ? webSearches : row.webSearches,
    }))
  })
}

function groupByKey(occurrences: readonly Occurrence[]): Map<string, Occurrence[]> {
  const groups = new Map<string, Occurrence[]>()
  for (const row of occurrences) {
    const group = groups.get(row.key)
    if (group === undefined) groups.set(row.key, [row])
    else group.push(row)
  }
  return groups
}

function fuller(a: Occurrence, b: Occurrence): number {
  return (
    b.output - a.output ||
    Number(a.isRelayed) - Number(b.isRelayed) ||
    (b.at ?? -Infinity) - (a.at ?? -Infinity) ||
    compare(b.publicId, a.publicId) ||
    b.offset - a.offset ||
    b.part - a.part ||
    compare(a.place, b.place)
  )
}

function earlier(a: Occurrence, b: Occurrence): number {
  return (
    Number(a.isRelayed) - Number(b.isRelayed) ||
    order(a.at, b.at) ||
    order(a.sessionStartedAt, b.sessionStartedAt) ||
    order(a.sessionEndedAt, b.sessionEndedAt) ||
    compare(a.publicId, b.publicId) ||
    a.offset - b.offset ||
    a.part - b.part ||
    compare(a.place, b.place)
  )
}

/** Known times before unknown ones. */
function order(a: number | null, b: number | null): number {
  return a === b ? 0 : (a ?? Infinity) - (b ?? Infinity)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
