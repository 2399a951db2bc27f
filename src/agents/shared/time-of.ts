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
