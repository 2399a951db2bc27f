import type { ComponentChildren, JSX } from 'preact'

import { connection } from '../base/events.ts'
import { ago } from '../base/format.ts'
import type { ApiError } from '../base/request.ts'
import { about, failingRemotes, remotes } from '../base/shared.ts'
import { t } from '../i18n/index.ts'
import { visible } from '../text/visible.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'

/** Grey bars where rows will be; told to readers as one word. */
export function Skeleton({
  rows = 8,
  kind = 'row',
}: {
  readonly rows?: number
  readonly kind?: 'row' | 'card'
}): JSX.Element {
  return (
    <div class={`skeleton ${kind}s`} role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} class="bone" aria-hidden="true" />
      ))}
    </div>
  )
}

/** Nothing to show, and what to do about it. */
export function Empty({
  icon = 'sessions',
  title,
  children,
}: {
  readonly icon?: IconName
  readonly title: string
  readonly children?: ComponentChildren
}): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p class="empty-title">{title}</p>
      {children}
    </div>
  )
}

/** Nothing is in the archive at all: how to begin. */
export function EmptyArchive(): JSX.Element {
  const declared = (remotes.value ?? []).filter(({ config }) => config !== null)
  return (
    <Empty icon="remote" title={t('empty.archive')}>
      <p>
        {declared.length === 0
          ? t('empty.noRemote')
          : t('empty.notRead', { names: declared.map(({ name }) => name).join(', ') })}
      </p>
      <pre class="command">{declared.length === 0 ? 'agentsview remotes add' : 'agentsview sync --remote'}</pre>
    </Empty>
  )
}

/** When each remote was read last, for lists that came out empty. */
export function LastSynced(): JSX.Element | null {
  const known = (remotes.value ?? []).filter(({ lastOkAt }) => lastOkAt !== null)
  const latest = known.toSorted((one, other) => (other.lastOkAt ?? '').localeCompare(one.lastOkAt ?? ''))[0]
  if (latest === undefined) return null
  return <p class="mute">{t('empty.lastSynced', { name: latest.name, ago: ago(latest.lastOkAt) })}</p>
}

/** A question that was not answered, with the server's own advice and another try. */
export function Failure({ error, retry }: { readonly error: ApiError; readonly retry?: () => void }): JSX.Element {
  const isOffline = error.isOffline && error.code === 'offline'
  return (
    <div class="failure" role="alert">
      <Icon name="warn" />
      <div>
        <p class="failure-title">{isOffline ? t('state.offline') : visible(error.message)}</p>
        <p>{isOffline ? t('state.offlineHint') : visible(error.hint ?? '')}</p>
        <p class="row-gap">
          {retry !== undefined && (
            <button type="button" class="button" onClick={retry}>
              {t('state.retry')}
            </button>
          )}
          <code class="mute">{error.code}</code>
        </p>
      </div>
    </div>
  )
}

/** Told above every page while what it shows may lack something. */
export function Banners(): JSX.Element | null {
  const failing = failingRemotes.value
  const isOffline = connection.value === 'offline' && about.value !== null
  const mistake = about.value?.configProblem ?? null
  if (failing.length === 0 && !isOffline && mistake === null) return null
  return (
    <div class="banners">
      {mistake !== null && (
        <p class="banner tone-warn" role="status">
          <Icon name="warn" />
          <span class="banner-lines">
            {[`${t('state.config')} ${visible(mistake.message)}`, visible(mistake.hint ?? '')]
              .join(mistake.message.includes('\n') ? '\n' : ' ')
              .trim()}
          </span>
        </p>
      )}
      {isOffline && (
        <p class="banner tone-bad" role="status">
          <Icon name="warn" /> {t('state.offlineBanner')}
        </p>
      )}
      {failing.length > 0 && (
        <p class="banner tone-warn" role="status">
          <Icon name="warn" />
          <span>
            {t('state.partial', { names: failing.map(({ name }) => name).join(', ') })}{' '}
            {visible(failing[0]?.error?.message ?? '')}
          </span>
          <a href="/remotes">{t('state.partialLink')}</a>
        </p>
      )}
    </div>
  )
}
