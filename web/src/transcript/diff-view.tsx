import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'

import { count } from '../base/format.ts'
import { settings } from '../base/settings.ts'
import { t } from '../i18n/index.ts'
import type { DiffPart, DiffRow } from '../text/diff-rows.ts'
import { sideBySide } from '../text/diff-rows.ts'
import { visible } from '../text/visible.ts'

const rowsAtFirst = 60
const longLine = 2000

/** Lines of a diff, one under another or side by side as the settings say. */
export function DiffView({ rows }: { readonly rows: readonly DiffRow[] }): JSX.Element {
  const [most, setMost] = useState(rowsAtFirst)
  const isSplit = settings.value.diff === 'split'
  const shown = rows.slice(0, most)
  return (
    <div class="diff" tabIndex={0} role="region" aria-label={t('diff.label')}>
      {isSplit ? <Split rows={shown} /> : <Unified rows={shown} />}
      {rows.length > most && (
        <p class="fold">
          <button type="button" class="button quiet" onClick={() => setMost(most + 1000)}>
            {t('fold.more', { count: count(rows.length - most) })}
          </button>
        </p>
      )}
    </div>
  )
}

const signs = { same: ' ', removed: '−', added: '+', heading: '@' } as const

function Unified({ rows }: { readonly rows: readonly DiffRow[] }): JSX.Element {
  return (
    <table class="diff-table unified">
      <tbody>
        {rows.map((row, at) => (
          <tr key={at} class={`diff-${row.kind}`}>
            <td class="diff-number">{row.before}</td>
            <td class="diff-number">{row.after}</td>
            <td class="diff-sign">{signs[row.kind]}</td>
            <td class="diff-text">
              <Parts parts={row.parts} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Split({ rows }: { readonly rows: readonly DiffRow[] }): JSX.Element {
  const pairs = useMemo(() => sideBySide(rows), [rows])
  return (
    <table class="diff-table split">
      <tbody>
        {pairs.map(([left, right], at) => (
          <tr key={at}>
            <Side row={left} number={left?.before ?? null} />
            <Side row={right} number={right?.after ?? null} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Side({ row, number }: { readonly row: DiffRow | null; readonly number: number | null }): JSX.Element {
  const kind = row === null ? 'diff-none' : `diff-${row.kind}`
  return (
    <>
      <td class={`diff-number ${kind}`}>{number}</td>
      <td class={`diff-text ${kind}`}>{row !== null && <Parts parts={row.parts} />}</td>
    </>
  )
}

function Parts({ parts }: { readonly parts: readonly DiffPart[] }): JSX.Element {
  return (
    <>
      {parts.map((part, at) => {
        const text = visible(part.text.length > longLine ? `${part.text.slice(0, longLine)}…` : part.text)
        return part.isMarked ? <mark key={at}>{text}</mark> : text
      })}
    </>
  )
}
