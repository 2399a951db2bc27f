import type { JSX } from 'preact'

/** A few numbers as small bars; failed ones are red. */
export function Sparkline({
  values,
  label,
}: {
  readonly values: readonly { readonly value: number; readonly isBad: boolean; readonly title: string }[]
  readonly label: string
}): JSX.Element {
  const most = Math.max(1, ...values.map(({ value }) => value))
  const height = 28
  const step = 6
  return (
    <svg class="sparkline" width={Math.max(1, values.length) * step} height={height} role="img" aria-label={label}>
      {values.map(({ value, isBad, title }, at) => {
        const size = Math.max(2, (Math.sqrt(value) / Math.sqrt(most)) * height)
        return (
          <rect
            key={at}
            class={isBad ? 'bad' : 'good'}
            x={at * step}
            y={height - size}
            width={step - 2}
            height={size}
            rx={1}
          >
            <title>{title}</title>
          </rect>
        )
      })}
    </svg>
  )
}
