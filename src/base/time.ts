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

const spanUnits: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Reads `30s`, `2m`, `1h` or `7d` as milliseconds; null when it is not a span of time. */
export function parseTimeSpan(text: string): number | null {
  const [, count = '', unit = ''] = /^(\d{1,6})\s*([smhd])$/.exec(text.trim()) ?? []
  const ms = Number(count) * (spanUnits[unit] ?? Number.NaN)
  return Number.isFinite(ms) ? ms : null
}
