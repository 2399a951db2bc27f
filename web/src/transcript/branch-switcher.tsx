import type { JSX } from 'preact'

import type { ApiSessionDetail, ApiSessionLink } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { useLoad } from '../base/load.ts'
import { sessionHref } from '../base/router.ts'
import { t } from '../i18n/index.ts'
import { Icon } from '../parts/icon.tsx'
import { firstLine } from '../text/visible.ts'

/** Goes between the branches of a conversation: the one that was forked, and its forks by their start. */
export function BranchSwitcher({ session }: { readonly session: ApiSessionDetail }): JSX.Element | null {
  const origin = session.relationship === 'fork' ? (session.parents.at(-1) ?? null) : null
  const key = origin === null ? null : `session ${origin.id}`
  const parent = useLoad(key, (signal) => api.session(origin?.id ?? '', signal)).data?.session ?? null
  if (origin !== null && parent === null) return null
  const trunk = parent ?? session
  const forks = trunk.children.filter(({ relationship }) => relationship === 'fork')
  if (forks.length === 0) return null
  const branches: readonly Pick<ApiSessionLink, 'id' | 'title'>[] = [trunk, ...forks]
  const at = branches.findIndex(({ id }) => id === session.id)
  if (at < 0) return null
  return (
    <nav class="branches" aria-label={t('branches.label')}>
      <Icon name="branch" />
      <Step to={branches[at - 1]} icon="left" name="branches.previous" />
      <span class="number">{t('branches.count', { at: at + 1, count: branches.length })}</span>
      <Step to={branches[at + 1]} icon="right" name="branches.next" />
      {origin !== null && (
        <a href={sessionHref(origin.id)}>{t('branches.origin', { title: firstLine(origin.title, 40) })}</a>
      )}
    </nav>
  )
}

function Step({
  to,
  icon,
  name,
}: {
  readonly to: Pick<ApiSessionLink, 'id' | 'title'> | undefined
  readonly icon: 'left' | 'right'
  readonly name: 'branches.previous' | 'branches.next'
}): JSX.Element | null {
  if (to === undefined) return null
  const label = t(name, { title: firstLine(to.title, 60) })
  return (
    <a class="button quiet square" href={sessionHref(to.id)} aria-label={label} title={label}>
      <Icon name={icon} />
    </a>
  )
}
