import type { EpochMs } from '../../base/index.ts'

const pattern = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,12}))?([Zz]|[+-]\d\d:\d\d)?$/
const earliest = Date.UTC(2000, 0, 1)
const latest = Date.UTC(2101, 0, 1) - 1

/**
 * A log's timestamp: RFC 3339, or the same without a zone, which is taken as UTC. Fractions are cut
 * to milliseconds. Null for anything else, for days that do not exist and for years outside 2000–2100.
 */
export function timeOf(value: unknown): EpochMs | null {
  if (typeof value !== 'string' || value.length < 19 || value.length > 40) return null
  return usualTime(value) ?? anyTime(value)
}

/** `2026-01-31T12:34:56.789Z`, which nearly every line has; null for any other form. */
function usualTime(value: string): EpochMs | null {
  if (value.length !== 24 || value[10] !== 'T' || value[23] !== 'Z' || value[19] !== '.') return null
  if (value[4] !== '-' || value[7] !== '-' || value[13] !== ':' || value[16] !== ':') return null
  const year = digits(value, 0, 4)
  const month = digits(value, 5, 2)
  const day = digits(value, 8, 2)
  const hour = digits(value, 11, 2)
  const minute = digits(value, 14, 2)
  const second = digits(value, 17, 2)
  const ms = digits(value, 20, 3)
  // Days that some month has not, and all that is no digit, are for the long way.
  const isUsual = year >= 2000 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 28
  if (!isUsual || !(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59 && ms >= 0)) {
    return null
  }
  return Date.UTC(year, month - 1, day, hour, minute, second, ms)
}

/** The number that `count` digits stand for; NaN when one of them is none. */
function digits(text: string, from: number, count: number): number {
  let number = 0
  for (let at = from; at < from + count; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

function anyTime(value: string): EpochMs | null {
  const match = pattern.exec(value)
  if (match === null) return null
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  if (Number(month) < 1 || new Date(time).getUTCDate() !== Number(day) || Number(month) > 12) return null
  const offset = zoneMs(zone)
  if (offset === null) return null
  const at = time + Number((fraction ?? '0').padEnd(3, '0').slice(0, 3)) - offset
  return at >= earliest && at <= latest ? at : null
}

function zoneMs(zone: string | undefined): number | null {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4, 6))
  if (hours > 23 || minutes > 59) return null
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
