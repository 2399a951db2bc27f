import type { EpochMs } from '../base/index.ts'

/** A calendar day as `YYYY-MM-DD`. */
export type Day = string

/** Every zone's offset from UTC is a multiple of this, so no bin ever lies across a midnight. */
export const binMs = 900_000
const dayMs = 86_400_000

type ClockParts = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute', string>>

const formats = new Map<string, Intl.DateTimeFormat>()

/** The day a moment falls on in a zone (IANA name). */
export function dayOf(at: EpochMs, zone: string): Day {
  const { year, month, day } = partsOf(at, zone)
  return `${year}-${month}-${day}`
}

/** A moment as a clock in the zone shows it: `2026-08-01 09:05`. */
export function clockOf(at: EpochMs, zone: string): string {
  const { year, month, day, hour, minute } = partsOf(at, zone)
  return `${year}-${month}-${day} ${hour}:${minute}`
}

/** The hour of the day that a clock in the zone shows, 0 to 23. */
export function hourOf(at: EpochMs, zone: string): number {
  return Number(partsOf(at, zone).hour)
}

/** The day of the week, 0 for Monday. */
export function weekdayOf(day: Day): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
}

/** The first moment of a day in a zone; of a day the zone never had, that of the next one. */
export function startOfDay(day: Day, zone: string): EpochMs {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  // Zones lie between UTC-12 and UTC+14; days only go forward, so halving finds the border.
  let before = Math.floor((midnight - 15 * 3_600_000) / binMs)
  let after = Math.floor((midnight + 13 * 3_600_000) / binMs)
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayOf(middle * binMs, zone) < day) before = middle
    else after = middle
  }
  return after * binMs
}

/** How far a zone's clocks are ahead of UTC from a moment on, until the next such moment. */
export interface OffsetSpan {
  readonly from: EpochMs
  readonly offsetMs: number
}

/** Nearly all logs tell times in here; a wider range would take longer than it saves. */
export const spansFrom = Date.UTC(2023, 0)
export const spansBefore = Date.UTC(2031, 0)
/** Shorter than any time a zone keeps an offset within those years. */
const offsetStep = 21 * dayMs

/**
 * Every change of a zone's offset between `spansFrom` and `spansBefore`, newest first; the last one is the offset
 * at `spansFrom`. With them a query can tell days by itself.
 */
export function offsetSpans(zone: string): readonly OffsetSpan[] {
  let span = { from: spansFrom, offsetMs: offsetAt(spansFrom, zone) }
  const spans = [span]
  for (let at = spansFrom + offsetStep; at < spansBefore + offsetStep; at += offsetStep) {
    if (offsetAt(at, zone) === span.offsetMs) continue
    let [before, after] = [(at - offsetStep) / binMs, at / binMs]
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (offsetAt(middle * binMs, zone) === span.offsetMs) before = middle
      else after = middle
    }
    span = { from: after * binMs, offsetMs: offsetAt(after * binMs, zone) }
    spans.push(span)
  }
  return spans.toReversed()
}

/** The day that begins so many whole days after 1970-01-01. */
export function dayOfNumber(number: number): Day {
  return new Date(number * dayMs).toISOString().slice(0, 10)
}

function offsetAt(at: EpochMs, zone: string): number {
  const { year, month, day, hour, minute } = partsOf(at, zone)
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)) - at
}

/** The day so many days later, or earlier for a negative number. */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/** The Monday of a day's ISO week. */
export function mondayOf(day: Day): Day {
  return addDays(day, -weekdayOf(day))
}

/** The month of a day, `YYYY-MM`. */
export function monthOf(day: Day): string {
  return day.slice(0, 7)
}

function partsOf(at: EpochMs, zone: string): ClockParts {
  return (zone === 'UTC' ? utcPartsOf(at) : null) ?? zonePartsOf(at, zone)
}

/** UTC needs no tables, which take Node 10 ms to load; null for years that are not four digits. */
function utcPartsOf(at: EpochMs): ClockParts | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(new Date(at).toISOString())
  if (found === null) return null
  const [, year = '', month = '', day = '', hour = '', minute = ''] = found
  return { year, month, day, hour, minute }
}

function zonePartsOf(at: EpochMs, zone: string): ClockParts {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(zone, format)
  }
  const parts = { year: '', month: '', day: '', hour: '', minute: '' }
  for (const { type, value } of format.formatToParts(at)) if (type in parts) parts[type as keyof typeof parts] = value
  return parts
}
