import type { JSX } from 'preact'

import type { ApiStep } from '../../../src/server/api.ts'
import { short } from '../base/format.ts'
import { t } from '../i18n/index.ts'

const width = 256
const height = 64
const mostPoints = 400

/** How many tokens the model was shown at each step; a click goes to the message. */
export function ContextCurve({
  steps,
  go,
}: {
  readonly steps: readonly ApiStep[]
  readonly go: (ordinal: number) => void
}): JSX.Element {
  const every = Math.max(1, Math.ceil(steps.length / mostPoints))
  const shown = steps.filter((_, at) => at % every === 0 || at === steps.length - 1)
  const most = Math.max(1, ...shown.map(({ contextTokens }) => contextTokens))
  const x = (at: number): number => (shown.length < 2 ? 0 : (at / (shown.length - 1)) * width)
  const y = (value: number): number => height - (value / most) * (height - 4)
  const line = shown.map((step, at) => `${x(at).toFixed(1)},${y(step.contextTokens).toFixed(1)}`).join(' ')
  const onClick = (event: MouseEvent): void => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect()
    const at = Math.round(((event.clientX - box.left) / box.width) * (shown.length - 1))
    const ordinal = shown[at]?.ordinal
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
      <figcaption class="mute number">{t('curve.most', { most: short(most), steps: steps.length })}</figcaption>
    </figure>
  )
}
