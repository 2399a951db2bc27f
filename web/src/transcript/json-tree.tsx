import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

import { count } from '../base/format.ts'
import { t } from '../i18n/index.ts'
import { ExactNumber } from '../text/exact-json.ts'
import { visible } from '../text/visible.ts'

const mostDepth = 12
const childrenAtFirst = 50
const longText = 600

/** A JSON value to unfold; bounded in depth and in how much it shows at once. */
export function JsonTree({
  value,
  name = null,
  depth = 0,
}: {
  readonly value: unknown
  readonly name?: string | null
  readonly depth?: number
}): JSX.Element {
  const label = name === null ? null : <span class="json-key">{visible(name)}: </span>
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) {
    return (
      <div class="json-leaf">
        {label}
        <Leaf value={value} />
      </div>
    )
  }
  return <Branch value={value} label={label} depth={depth} />
}

function Branch({
  value,
  label,
  depth,
}: {
  readonly value: object
  readonly label: JSX.Element | null
  readonly depth: number
}): JSX.Element {
  const [isOpen, setOpen] = useState(depth < 2)
  const [most, setMost] = useState(childrenAtFirst)
  const entries = Object.entries(value)
  const brackets = Array.isArray(value) ? '[]' : '{}'
  if (depth >= mostDepth || entries.length === 0) {
    return (
      <div class="json-leaf">
        {label}
        <span class="mute">{entries.length === 0 ? brackets : t('json.deeper', { count: count(entries.length) })}</span>
      </div>
    )
  }
  return (
    <details class="json-branch" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {label}
        <span class="mute">
          {brackets[0]}
          {count(entries.length)}
          {brackets[1]}
        </span>
      </summary>
      {isOpen && (
        <div class="json-children">
          {entries.slice(0, most).map(([key, child]) => (
            <JsonTree key={key} name={key} value={child} depth={depth + 1} />
          ))}
          {entries.length > most && (
            <button type="button" class="button quiet" onClick={() => setMost(most + 500)}>
              {t('fold.moreEntries', { count: count(entries.length - most) })}
            </button>
          )}
        </div>
      )}
    </details>
  )
}

function Leaf({ value }: { readonly value: unknown }): JSX.Element {
  const [isWhole, setWhole] = useState(false)
  if (typeof value === 'string') {
    const isCut = value.length > longText && !isWhole
    return (
      <span class="json-text">
        {visible(isCut ? `${value.slice(0, longText)}…` : value)}
        {isCut && (
          <button type="button" class="button quiet" onClick={() => setWhole(true)}>
            {t('fold.whole', { count: count(value.length) })}
          </button>
        )}
      </span>
    )
  }
  return <span class="json-word">{value instanceof ExactNumber ? value.digits : String(value)}</span>
}
