import type { JSX } from 'preact'

import { addDays, dayName } from '../base/format.ts'
import { settings } from '../base/settings.ts'
import { t } from '../i18n/index.ts'
import { levelsOf } from './scale.ts'

function weekdayNames(style: 'short' | 'narrow'): readonly string[] {
  const format = new Intl.DateTimeFormat(settings.value.language, { weekday: style, timeZone: 'UTC' })
  // 2024-01-01 was a Monday.
  return Array.from({ length: 7 }, (_, at) => format.format(Date.UTC(2024, 0, 1 + at)))
}

const cell = 11
const gap = 2
const leftMargin = 28
const topMargin = 16

/** A year as weeks of days, Monday first; a click chooses a day. */
export function YearGrid({
  year,
  values,
  show,
  choose,
  label,
}: {
  readonly year: number
  readonly values: ReadonlyMap<string, number>
  readonly show: (value: number) => string
  readonly choose: (day: string) => void
  readonly label: string
}): JSX.Element {
  const first = `${year}-01-01`
  const offset = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7
  const length = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1 ? 366 : 365
  const level = levelsOf([...values.values()])
  const weeks = Math.ceil((offset + length) / 7)
  const months = new Intl.DateTimeFormat(settings.value.language, { month: 'short', timeZone: 'UTC' })
  const names = weekdayNames('short')
  const days = Array.from({ length }, (_, at) => addDays(first, at))
  const place = (at: number): { x: number; y: number } => ({
    x: leftMargin + Math.floor((at + offset) / 7) * (cell + gap),
    y: topMargin + ((at + offset) % 7) * (cell + gap),
  })
  return (
    <div class="grid-scroll" tabIndex={0} role="group" aria-label={label}>
      <svg
        class="year-grid"
        viewBox={`0 0 ${leftMargin + weeks * (cell + gap)} ${topMargin + 7 * (cell + gap)}`}
        role="img"
        aria-label={label}
      >
        {days.map((day, at) =>
          day.endsWith('-01') ? (
            <text key={day} class="axis" x={place(at).x} y={10}>
              {months.format(Date.parse(day))}
            </text>
          ) : null,
        )}
        {[0, 2, 4].map((row) => (
          <text key={row} class="axis" x={0} y={topMargin + row * (cell + gap) + 9}>
            {names[row]}
          </text>
        ))}
        {days.map((day, at) => {
          const value = values.get(day) ?? 0
          return (
            <rect
              key={day}
              class={`heat-${level(value)}${value > 0 ? ' can' : ''}`}
              {...place(at)}
              width={cell}
              height={cell}
              rx={2}
              onClick={() => value > 0 && choose(day)}
            >
              <title>{`${dayName(day)}: ${value > 0 ? show(value) : t('chart.nothing')}`}</title>
            </rect>
          )
        })}
      </svg>
    </div>
  )
}

/** Hours of the day by days of the week. */
export function HourGrid({
  cells,
  show,
  label,
}: {
  readonly cells: readonly { readonly weekday: number; readonly hour: number; readonly value: number }[]
  readonly show: (value: number) => string
  readonly label: string
}): JSX.Element {
  const values = new Map(cells.map(({ weekday, hour, value }) => [`${weekday}/${hour}`, value]))
  const level = levelsOf([...values.values()])
  const names = weekdayNames('short')
  const wide = 18
  const high = 18
  return (
    <div class="grid-scroll" tabIndex={0} role="group" aria-label={label}>
      <svg
        class="hour-grid"
        viewBox={`0 0 ${34 + 24 * (wide + gap)} ${16 + 7 * (high + gap)}`}
        role="img"
        aria-label={label}
      >
        {Array.from({ length: 8 }, (_, at) => (
          <text key={at} class="axis" x={34 + at * 3 * (wide + gap)} y={10}>
            {String(at * 3).padStart(2, '0')}
          </text>
        ))}
        {names.map((name, weekday) => (
          <g key={weekday}>
            <text class="axis" x={0} y={16 + weekday * (high + gap) + 13}>
              {name}
            </text>
            {Array.from({ length: 24 }, (_, hour) => {
              const value = values.get(`${weekday}/${hour}`) ?? 0
              return (
                <rect
                  key={hour}
                  class={`heat-${level(value)}`}
                  x={34 + hour * (wide + gap)}
                  y={16 + weekday * (high + gap)}
                  width={wide}
                  height={high}
                  rx={2}
                >
                  <title>{`${name} ${String(hour).padStart(2, '0')}:00: ${value > 0 ? show(value) : t('chart.nothing')}`}</title>
                </rect>
              )
            })}
          </g>
        ))}
      </svg>
    </div>
  )
}
