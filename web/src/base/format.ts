import { settings, zone } from './settings.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** A format is dear to make and cheap to use: each is made once. */
function timeFormat(
  options: Intl.DateTimeFormatOptions,
  timeZone = zone(),
  language: string = settings.value.language,
): Intl.DateTimeFormat {
  const key = `${language}|${timeZone}|${JSON.stringify(options)}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, { timeZone, ...options })
    formats.set(key, format)
  }
  return format
}

const relativeFormats = new Map<string, Intl.RelativeTimeFormat>()

function relativeFormat(language: string): Intl.RelativeTimeFormat {
  let format = relativeFormats.get(language)
  if (format === undefined) {
    format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'narrow' })
    relativeFormats.set(language, format)
  }
  return format
}

const wholeNumber = new Intl.NumberFormat('en-US')

/** Money: `$12.30`, `$0.0042`; a dash where nothing has a price. */
export function usd(amount: number | null | undefined): string {
  if (amount === null || amount === undefined) return '–'
  const size = Math.abs(amount)
  if (size === 0) return '$0'
  if (size >= 1000) return `$${wholeNumber.format(Math.round(amount))}`
  if (size >= 1) return `$${amount.toFixed(2)}`
  if (size >= 0.01) return `$${amount.toFixed(3)}`
  return size < 0.0001 ? '<$0.0001' : `$${amount.toFixed(4)}`
}

/** A count in full: `12,345`. */
export function count(value: number): string {
  return wholeNumber.format(value)
}

/** A count in few characters: `980`, `12.3k`, `4.5M`, `1.2B`. */
export function short(value: number): string {
  const steps: readonly (readonly [number, string])[] = [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ]
  for (const [size, unit] of steps) {
    if (value < size * 0.9995) continue
    const scaled = value / size
    return `${scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)}${unit}`
  }
  return String(Math.round(value))
}

/** Bytes in powers of 1024. */
export function bytes(value: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let step = 0
  let left = value
  while (left >= 1024 && step < names.length - 1) {
    left /= 1024
    step += 1
  }
  return `${step === 0 || left >= 100 ? Math.round(left) : left.toFixed(1)} ${names[step] ?? 'B'}`
}

/** A share as `12%`, `0.4%`. */
export function percent(share: number): string {
  const value = share * 100
  return `${value !== 0 && Math.abs(value) < 10 ? value.toFixed(1) : Math.round(value)}%`
}

/** A length of time: `850 ms`, `12 s`, `4 min`, `2 h 05 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${ms < 10_000 ? (ms / 1000).toFixed(1) : seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** How long ago, in words of the chosen language. */
export function ago(at: string | null, now: number = Date.now()): string {
  if (at === null) return '–'
  const ms = now - Date.parse(at)
  const words = relativeFormat(settings.value.language)
  const size = Math.abs(ms)
  const sign = ms < 0 ? 1 : -1
  if (size < 60_000) return words.format(0, 'second')
  if (size < 3_600_000) return words.format(sign * Math.floor(size / 60_000), 'minute')
  if (size < 86_400_000) return words.format(sign * Math.floor(size / 3_600_000), 'hour')
  if (size < 60 * 86_400_000) return words.format(sign * Math.floor(size / 86_400_000), 'day')
  return words.format(sign * Math.floor(size / (30.4 * 86_400_000)), 'month')
}

/** Day and clock in the chosen zone. */
export function moment(at: string | null): string {
  if (at === null) return '–'
  return timeFormat({ dateStyle: 'medium', timeStyle: 'short' }).format(Date.parse(at))
}

/** Day, clock with seconds and the zone, for titles and tooltips. */
export function exactly(at: string | null): string {
  return at === null
    ? '–'
    : `${timeFormat({ dateStyle: 'full', timeStyle: 'medium' }).format(Date.parse(at))} ${zone()}`
}

/** The clock alone. */
export function clock(at: string | null): string {
  return at === null ? '' : timeFormat({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(Date.parse(at))
}

/** The day of a moment in the chosen zone, `YYYY-MM-DD`. */
export function dayOf(at: string | number): string {
  const time = typeof at === 'string' ? Date.parse(at) : at
  // The one locale whose days are written this way.
  return timeFormat({ year: 'numeric', month: '2-digit', day: '2-digit' }, zone(), 'en-CA').format(time)
}

/** A day (`YYYY-MM-DD`) for people, with its weekday. */
export function dayName(day: string): string {
  const parts = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const
  return timeFormat(parts, 'UTC').format(Date.parse(`${day}T00:00:00Z`))
}

/** A day in few characters: `Aug 18`. */
export function dayShort(day: string): string {
  const parts = { day: 'numeric', month: 'short' } as const
  return timeFormat(parts, 'UTC').format(Date.parse(`${day.length === 7 ? `${day}-01` : day}T00:00:00Z`))
}

/** The day so many days later, or earlier for a negative number. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** A model's name without the vendor's prefix and the date at its end. */
export function modelShort(model: string): string {
  return model.replace(/^claude-/, '').replace(/-20\d{6}$/, '')
}
