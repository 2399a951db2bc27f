import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

import type { ApiCount } from '../../../src/server/api.ts'
import type { Dimension } from '../base/filters.ts'
import { filterParams, filters } from '../base/filters.ts'
import { count } from '../base/format.ts'
import type { Params } from '../base/request.ts'
import { colourOf, valuesOf } from '../base/shared.ts'
import { t } from '../i18n/index.ts'
import { valueName } from '../parts/filter-bar.tsx'
import { Icon } from '../parts/icon.tsx'
import { Failure, Skeleton } from '../parts/states.tsx'
import { SessionRow } from './session-row.tsx'
import { useSessionList } from './use-session-list.ts'

const openAtFirst = 6
const rowsAtFirst = 8

/** Sessions by machine, remote or project: a section for each, filled from the archive when it is opened. */
export function SessionGroups({
  dimension,
  params,
}: {
  readonly dimension: Dimension
  readonly params: Params
}): JSX.Element {
  const chosen = filters.value.lists[dimension]
  const values = valuesOf(dimension).filter(
    ({ value }) => value !== null && (chosen.length === 0 || chosen.includes(value)),
  )
  return (
    <div class="groups">
      {values.map((value, at) => (
        <Group key={value.value} dimension={dimension} value={value} params={params} isOpenAtFirst={at < openAtFirst} />
      ))}
    </div>
  )
}

function Group({
  dimension,
  value,
  params,
  isOpenAtFirst,
}: {
  readonly dimension: Dimension
  readonly value: ApiCount
  readonly params: Params
  readonly isOpenAtFirst: boolean
}): JSX.Element {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  const name = value.value ?? ''
  return (
    <section class="group">
      <h2 class="group-head">
        <button type="button" class="group-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Icon name={isOpen ? 'down' : 'right'} />
          {dimension === 'machine' && <span class={`dot series-${colourOf('machine', name)}`} aria-hidden="true" />}
          {valueName(dimension, name)}
        </button>
      </h2>
      {isOpen && <GroupRows params={{ ...filterParams.value, ...params, [dimension]: name }} />}
    </section>
  )
}

function GroupRows({ params }: { readonly params: Params }): JSX.Element {
  const pages = useSessionList(params)
  const [most, setMost] = useState(rowsAtFirst)
  if (pages.error !== null && pages.sessions.length === 0) return <Failure error={pages.error} retry={pages.reload} />
  if (pages.total === null) return <Skeleton rows={3} />
  const shown = pages.sessions.slice(0, most)
  return (
    <>
      <ul class="plain">
        {shown.map((session) => (
          <li key={session.id}>
            <SessionRow session={session} />
          </li>
        ))}
      </ul>
      {pages.total > shown.length && (
        <button
          type="button"
          class="button quiet more-button"
          onClick={() => {
            setMost(most + 50)
            if (most + 50 > pages.sessions.length) pages.more()
          }}
        >
          {t('sessions.more', { count: count(pages.total - shown.length) })}
        </button>
      )}
      {pages.total === 0 && <p class="mute group-none">{t('sessions.noneHere')}</p>}
    </>
  )
}
