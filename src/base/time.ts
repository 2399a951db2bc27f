/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number

/** Gives the present moment; the only source of "now", so that tests can fix it. */
export type Clock = () => EpochMs

/** The clock of the machine. */
export const systemClock: Clock = () => Date.now()

/** RFC 3339 in UTC, as every JSON output shows a time; null stays null. */
export function toRfc3339(at: EpochMs | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
