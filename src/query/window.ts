import type { EpochMs } from '../base/index.ts'
import { AgentsviewError } from '../base/index.ts'
import type { Day } from './zone.ts'
import { addDays, dayOf, startOfDay } from './zone.ts'

/** A span of time: `from <= t < before`; null is open. */
export interface Window {
  readonly from: EpochMs | null
  readonly before: EpochMs | null
}

const instant = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/
const spans: Readonly<Record<string, number>> = { d: 1, w: 7 }

/**
 * Reads `--since` and `--until`, both inclusive.
 *
 * `today`, `yesterday`, `7d` and `2w` ago, `2026-08-01`, `20260801` and `2026-08` mean whole days of
 * the zone; `12h` and `30m` ago and RFC 3339 times mean that moment.
 * @throws AgentsviewError `usage.date` for anything else, or when the span ends before it begins
 */
export function readWindow(
  since: string | null | undefined,
  until: string | null | undefined,
  zone: string,
  now: EpochMs,
): Window {
  const from = since === null || since === undefined ? null : spanOf('--since', since, zone, now).from
  const before = until === null || until === undefined ? null : spanOf('--until', until, zone, now).before
  if (from !== null && before !== null && from >= before) {
    throw new AgentsviewError({
      code: 'usage.date',
      message: `--since ${since} is later than --until ${until}`,
      hint: 'Give the earlier one to --since.',
    })
  }
  return { from, before }
}

function spanOf(option: string, given: string, zone: string, now: EpochMs): { from: EpochMs; before: EpochMs } {
  const text = given.trim()
  const ago = /^(\d{1,5})([mhdw])$/.exec(text)
  const unit = ago?.[2] ?? ''
  const count = Number(ago?.[1] ?? 0)
  if (unit === 'h' || unit === 'm') {
    const at = now - count * (unit === 'h' ? 3_600_000 : 60_000)
    return { from: at, before: at + 1 }
  }
  const today = dayOf(now, zone)
  if (ago !== null) return wholeDays(addDays(today, -count * (spans[unit] ?? 1)), 1, zone)
  if (text === 'today') return wholeDays(today, 1, zone)
  if (text === 'yesterday') return wholeDays(addDays(today, -1), 1, zone)
  if (instant.test(text)) {
    const at = Date.parse(text.toUpperCase().replace(' ', 'T'))
    if (Number.isFinite(at)) return { from: at, before: at + 1 }
  }
  const date = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text) ?? /^(\d{4})-(\d\d)$/.exec(text)
  const day = date === null ? null : realDay(`${date[1]}-${date[2]}-${date[3] ?? '01'}`)
  if (day !== null) return wholeDays(day, date?.[3] === undefined ? daysInMonth(day) : 1, zone)
  throw new AgentsviewError({
    code: 'usage.date',
    message: `${option} "${given}" is not a date`,
    hint: 'Use today, yesterday, 7d, 2w, 12h, 2026-08-01 or a full time such as 2026-08-01T09:30:00+02:00.',
  })
}

function wholeDays(first: Day, days: number, zone: string): { from: EpochMs; before: EpochMs } {
  return { from: startOfDay(first, zone), before: startOfDay(addDays(first, days), zone) }
}

/** The day itself when the calendar has it; null for the 31st of February. */
function realDay(day: string): Day | null {
  const at = Date.parse(`${day}T00:00:00Z`)
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(day) ? day : null
}

function daysInMonth(day: Day): number {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).getUTCDate()
}
