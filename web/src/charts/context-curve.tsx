import type { JSX } from 'preact'

import type { ApiStep } from '../../../src/server/api.ts'
import { short } from '../base/format.ts'
import { t } from '../i18n/index.ts'

const width = 256
const height = 64

/** How many tokens the model was shown at each step; a click goes to the message. */
export function ContextCurve({
  steps,
  total,
  go,
}: {
  readonly steps: readonly ApiStep[]
  /** How many steps there are; the curve may have fewer. */
  readonly total: number
  readonly go: (ordinal: number) => void
}): JSX.Element {
  const most = Math.max(1, ...steps.map(({ contextTokens }) => contextTokens))
  const x = (at: number): number => (steps.length < 2 ? 0 : (at / (steps.length - 1)) * width)
  const y = (value: number): number => height - (value / most) * (height - 4)
  const line = steps.map((step, at) => `${x(at).toFixed(1)},${y(step.contextTokens).toFixed(1)}`).join(' ')
  const onClick = (event: MouseEvent): void => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect()
    const at = Math.round(((event.clientX - box.left) / box.width) * (steps.length - 1))
    const ordinal = steps[at]?.ordinal
    if (ordinal !== null && ordinal !== undefined) go(ordinal)
  }
  return (
    <figure class="curve">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('curve.label', { most: short(most) })}
        onClick={onClick}
      >
        <polygon class="curve-area" points={`0,${height} ${line} ${width},${height}`} />
        <polyline class="curve-line" points={line} />
      </svg>
      <figcaption class="mute number">{t('curve.most', { most: short(most), steps: total })}</figcaption>
    </figure>
  )
}
