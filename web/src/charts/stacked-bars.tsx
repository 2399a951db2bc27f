import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

import { t } from '../i18n/index.ts'
import { ticksOf } from './scale.ts'

/** One bar: its parts from the bottom up. */
export interface Bar {
  readonly key: string
  readonly label: string
  readonly parts: readonly { readonly name: string; readonly value: number; readonly colour: number }[]
}

const height = 220
const left = 52
const bottom = 22
const top = 8

/** Bars of parts on each other. A click on a part chooses its bar and its series. */
export function StackedBars({
  bars,
  show,
  choose,
  label,
}: {
  readonly bars: readonly Bar[]
  readonly show: (value: number) => string
  readonly choose: (bar: Bar, series: string) => void
  readonly label: string
}): JSX.Element {
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const [over, setOver] = useState<number | null>(null)
  const most = Math.max(1e-9, ...bars.map(sumOf))
  const ticks = ticksOf(most)
  const scale = (height - bottom - top) / (ticks.at(-1) ?? most)
  const step = (width - left - 6) / Math.max(1, bars.length)
  const thick = Math.max(1, Math.min(48, step * 0.78))
  const every = Math.max(1, Math.ceil(64 / step))
  const shown = over === null ? undefined : bars[over]
  return (
    <div class="bars-frame" ref={frame}>
      <svg
        class="bars-chart"
        width={width}
        height={height}
        role="img"
        aria-label={label}
        onPointerLeave={() => setOver(null)}
      >
        {ticks.map((tick) => {
          const y = height - bottom - tick * scale
          return (
            <g key={tick}>
              <line class="grid" x1={left} x2={width} y1={y} y2={y} />
              <text class="axis" x={left - 6} y={y + 3.5} text-anchor="end">
                {show(tick)}
              </text>
            </g>
          )
        })}
        {bars.map((bar, at) => {
          const x = left + at * step + (step - thick) / 2
          let y = height - bottom
          return (
            <g key={bar.key} onPointerEnter={() => setOver(at)}>
              <rect
                class={`bar-hover${over === at ? ' on' : ''}`}
                x={left + at * step}
                y={top}
                width={step}
                height={height - bottom - top}
              />
              {bar.parts.map((part) => {
                const size = part.value * scale
                y -= size
                return (
                  <rect
                    key={part.name}
                    class={`series-fill-${part.colour}`}
                    x={x}
                    y={y}
                    width={thick}
                    height={Math.max(0, size)}
                    onClick={() => choose(bar, part.name)}
                  />
                )
              })}
              {(bars.length - 1 - at) % every === 0 && left + (at + 0.5) * step < width - 18 && (
                <text class="axis" x={left + (at + 0.5) * step} y={height - 6} text-anchor="middle">
                  {bar.label}
                </text>
              )}
            </g>
          )
        })}
      </svg>
      {shown !== undefined && over !== null && (
        <div
          class="tooltip"
          style={{ left: `${Math.min(width - 190, Math.max(0, left + over * step + step))}px` }}
          aria-hidden="true"
        >
          <p class="tooltip-title">
            {shown.key} <strong>{show(sumOf(shown))}</strong>
          </p>
          {shown.parts
            .toReversed()
            .slice(0, 9)
            .map((part) => (
              <p key={part.name}>
                <span class={`dot series-${part.colour}`} />
                <span class="tooltip-name">{part.name}</span> {show(part.value)}
              </p>
            ))}
          <p class="mute">{t('chart.clickHint')}</p>
        </div>
      )}
    </div>
  )
}

function sumOf(bar: Bar): number {
  return bar.parts.reduce((sum, part) => sum + part.value, 0)
}

/** Width of an element, kept up to date. */
function useWidth(frame: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(640)
  useEffect(() => {
    const element = frame.current
    if (element === null) return undefined
    const watch = new ResizeObserver(() => setWidth(Math.max(240, element.clientWidth)))
    watch.observe(element)
    setWidth(Math.max(240, element.clientWidth))
    return () => watch.disconnect()
  }, [])
  return width
}
