import { describe, expect, it } from 'vitest'

import { readWindow } from './window.ts'
import { addDays, dayOf, mondayOf, startOfDay, dayOfNumber, offsetSpans, spansBefore, spansFrom } from './zone.ts'

const now = Date.parse('2026-08-05T21:30:00Z')
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

describe('days in a zone', () => {
  it('begin at local midnight, on either side of UTC and of a quarter-hour offset', () => {
    expect(iso(startOfDay('2026-08-01', 'America/New_York'))).toBe('2026-08-01T04:00:00.000Z')
    expect(iso(startOfDay('2026-08-01', 'Asia/Kathmandu'))).toBe('2026-07-31T18:15:00.000Z')
    expect(iso(startOfDay('2026-08-01', 'Pacific/Kiritimati'))).toBe('2026-07-31T10:00:00.000Z')
    expect(iso(startOfDay('2026-08-01', 'Etc/GMT+12'))).toBe('2026-08-01T12:00:00.000Z')
  })

  it('are 23 and 25 hours long when the clocks change', () => {
    const hours = (day: string): number =>
      (startOfDay(addDays(day, 1), 'Europe/Berlin') - startOfDay(day, 'Europe/Berlin')) / 3_600_000
    expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-08-01')]).toEqual([23, 25, 24])
  })

  it('begin after midnight where midnight is skipped', () => {
    expect(iso(startOfDay('2018-11-04', 'America/Sao_Paulo'))).toBe('2018-11-04T03:00:00.000Z')
  })

  it('know their date and their Monday', () => {
    expect(dayOf(Date.parse('2026-08-01T23:30:00Z'), 'Asia/Tokyo')).toBe('2026-08-02')
    expect(mondayOf('2026-08-02')).toBe('2026-07-27')
    expect(mondayOf('2026-07-27')).toBe('2026-07-27')
    expect(mondayOf('2026-01-01')).toBe('2025-12-29')
  })
})

describe('offsetSpans', () => {
  it('knows every change of the clocks, to the quarter of an hour', () => {
    const spans = offsetSpans('Europe/Berlin')
    expect(spans.find(({ from }) => from <= now)).toEqual({
      from: Date.parse('2026-03-29T01:00:00Z'),
      offsetMs: 7_200_000,
    })
    expect(offsetSpans('UTC')).toHaveLength(1)
    expect(offsetSpans('Asia/Kathmandu')[0]?.offsetMs).toBe(5.75 * 3_600_000)
  })

  it.each(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'Africa/Casablanca', 'Australia/Lord_Howe'])(
    'tells the same days as the calendar of %s',
    (zone) => {
      const spans = offsetSpans(zone)
      const quarter = 900_000
      // Odd steps, so that they fall on every quarter of a day in turn.
      for (let at = spansFrom; at < spansBefore; at += 97 * quarter) {
        const offset = spans.find(({ from }) => from <= at)?.offsetMs ?? Number.NaN
        expect(dayOfNumber(Math.floor((at + offset) / 86_400_000))).toBe(dayOf(at, zone))
      }
    },
  )
})

describe('readWindow', () => {
  const window = (since: string | null, until: string | null, zone = 'Europe/Berlin'): (string | null)[] => {
    const { from, before } = readWindow(since, until, zone, now)
    return [iso(from), iso(before)]
  }

  it('takes days as whole days of the zone, both ends included', () => {
    expect(window('2026-08-01', '2026-08-01')).toEqual(['2026-07-31T22:00:00.000Z', '2026-08-01T22:00:00.000Z'])
    expect(window('20260801', '2026-08')).toEqual(['2026-07-31T22:00:00.000Z', '2026-08-31T22:00:00.000Z'])
  })

  it('counts back from today where the zone is', () => {
    expect(window('today', 'today')).toEqual(['2026-08-04T22:00:00.000Z', '2026-08-05T22:00:00.000Z'])
    expect(window('yesterday', 'yesterday', 'Asia/Tokyo')).toEqual([
      '2026-08-04T15:00:00.000Z',
      '2026-08-05T15:00:00.000Z',
    ])
    expect(window('7d', null)).toEqual(['2026-07-28T22:00:00.000Z', null])
    expect(window('2w', null)[0]).toBe('2026-07-21T22:00:00.000Z')
    expect(window('12h', null)[0]).toBe('2026-08-05T09:30:00.000Z')
  })

  it('takes a full time as that moment, which is still inside', () => {
    expect(window(null, '2026-08-01T09:30:00+02:00')).toEqual([null, '2026-08-01T07:30:00.001Z'])
  })

  it.each(['2026-02-31', 'soon', '', '2026-13-01', '7x', '2026-08-01T10:00'])('refuses "%s"', (text) => {
    expect(() => window(text, null)).toThrow(expect.objectContaining({ code: 'usage.date' }))
  })

  it('refuses a span that ends before it begins', () => {
    expect(() => window('today', 'yesterday')).toThrow(expect.objectContaining({ code: 'usage.date' }))
  })
})
