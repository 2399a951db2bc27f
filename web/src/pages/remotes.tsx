import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

import type { ApiRemote, RemoteTestAnswer } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { isSyncing, syncEvent } from '../base/events.ts'
import { ago, bytes, count, duration, exactly } from '../base/format.ts'
import { ApiError } from '../base/request.ts'
import { query, setQuery } from '../base/router.ts'
import { about, remotes, sharedError } from '../base/shared.ts'
import { Sparkline } from '../charts/sparkline.tsx'
import { t, wordFor } from '../i18n/index.ts'
import { startSync } from '../parts/actions.ts'
import { Tag } from '../parts/chips.tsx'
import { PageHead } from '../parts/frame.tsx'
import { Icon } from '../parts/icon.tsx'
import { EmptyArchive, Failure, Skeleton } from '../parts/states.tsx'
import { BadLines, Objects } from '../remotes/drill-down.tsx'
import { visible } from '../text/visible.ts'

/** Every place sessions are read from: how it stands, what it cost to ask, and what went wrong. */
export function RemotesPage(): JSX.Element {
  const all = remotes.value
  const chosen = query.value.get('remote')
  const remote = all?.find(({ name }) => name === chosen)
  return (
    <div class="page remotes">
      <PageHead title={t('nav.remotes')} note={all === null ? undefined : t('remotes.count', { count: all.length })}>
        <SyncButton names={[]} label={t('remotes.syncAll')} />
      </PageHead>
      {all === null && sharedError.value === null && <Skeleton kind="card" rows={3} />}
      {all === null && sharedError.value !== null && (
        <Failure error={sharedError.value} retry={() => window.location.reload()} />
      )}
      {all !== null && all.length === 0 && <EmptyArchive />}
      <div class="remote-grid">
        {(all ?? []).map((one) => (
          <RemoteCard key={one.name} remote={one} isChosen={one.name === chosen} />
        ))}
      </div>
      {remote !== undefined && <DrillDown remote={remote} />}
    </div>
  )
}

function SyncButton({ names, label }: { readonly names: readonly string[]; readonly label: string }): JSX.Element {
  const isAllowed = about.value?.hasActions === true
  return (
    <button
      type="button"
      class="button"
      disabled={!isAllowed || isSyncing.value}
      title={isAllowed ? label : t('sync.notAllowed')}
      onClick={() => void startSync(names)}
    >
      <Icon name="sync" /> {label}
    </button>
  )
}

const tones = {
  ok: 'good',
  lagging: 'warn',
  failing: 'bad',
  new: 'info',
  disabled: 'plain',
  undeclared: 'plain',
} as const

function RemoteCard({ remote, isChosen }: { readonly remote: ApiRemote; readonly isChosen: boolean }): JSX.Element {
  const { config } = remote
  const event = syncEvent.value
  const progress = isSyncing.value && event?.kind === 'sync-progressed' && event.remote === remote.name ? event : null
  return (
    <section class={`card remote-card${isChosen ? ' chosen' : ''}`} aria-label={remote.name}>
      <header class="card-head">
        <h2>{visible(remote.name)}</h2>
        <Tag tone={tones[remote.state]}>{t(`remoteState.${remote.state}`)}</Tag>
        <Runs remote={remote} />
      </header>
      {config !== null && <Where config={config} />}
      {remote.error !== null && (
        <div class="remote-error" role="status">
          <p>
            <Icon name="warn" /> {visible(remote.error.message)}
          </p>
          {remote.error.hint !== null && <p class="mute">{visible(remote.error.hint)}</p>}
        </div>
      )}
      <Notices notices={remote.notices} />
      {progress !== null && (
        <p class="number" role="status">
          {t('remotes.progress', {
            done: progress.doneObjects,
            all: progress.plannedObjects,
            bytes: bytes(progress.readBytes),
          })}
        </p>
      )}
      <Facts remote={remote} />
      <footer class="card-foot">
        <button
          type="button"
          class="button"
          aria-expanded={isChosen}
          onClick={() => setQuery({ remote: isChosen ? null : remote.name, list: null })}
        >
          <Icon name="list" /> {t('remotes.objects')}
        </button>
        <SyncButton names={[remote.name]} label={t('remotes.sync')} />
        <TestButton remote={remote} />
      </footer>
    </section>
  )
}

/** Where a remote is: bucket and prefixes, or folders of this machine. */
function Where({ config }: { readonly config: NonNullable<ApiRemote['config']> }): JSX.Element {
  const isBucket = config.bucket !== '' && !config.bucket.startsWith('/')
  const prefixes = config.prefixes.map(visible).join(' · ')
  return (
    <p class="mono path">
      {isBucket ? `s3://${visible(config.bucket)}/${prefixes}` : prefixes}
      <span class="mute"> {isBucket ? visible(config.endpoint ?? config.provider) : t('remotes.files')}</span>
    </p>
  )
}

const noticesAtFirst = 2

function Notices({ notices }: { readonly notices: readonly string[] }): JSX.Element {
  const [isAll, setAll] = useState(false)
  const shown = isAll ? notices : notices.slice(0, noticesAtFirst)
  return (
    <>
      {shown.map((notice) => (
        <p key={notice} class="remote-notice">
          {visible(notice)}
        </p>
      ))}
      {shown.length < notices.length && (
        <button type="button" class="button quiet" onClick={() => setAll(true)}>
          {t('remotes.moreNotices', { count: notices.length - shown.length })}
        </button>
      )}
    </>
  )
}

function Runs({ remote }: { readonly remote: ApiRemote }): JSX.Element | null {
  if (remote.runs.length === 0) return null
  return (
    <Sparkline
      label={t('remotes.runs', { count: remote.runs.length })}
      values={remote.runs.map((run) => ({
        value: run.bytesFetched,
        isBad: !run.ok,
        title: t('remotes.run', {
          at: exactly(run.startedAt),
          bytes: bytes(run.bytesFetched),
          requests: run.requests,
          ms: duration(run.ms),
        }),
      }))}
    />
  )
}

function Facts({ remote }: { readonly remote: ApiRemote }): JSX.Element {
  const requests = remote.runs.reduce((sum, run) => sum + run.requests, 0)
  const facts: readonly (readonly [string, string, string])[] = [
    [t('remotes.lastOk'), ago(remote.lastOkAt), exactly(remote.lastOkAt)],
    [t('remotes.lastPush'), ago(remote.lastPushAt), exactly(remote.lastPushAt)],
    [t('nav.machines'), count(remote.machines), ''],
    [t('remotes.objects'), `${count(remote.objects)} · ${bytes(remote.bytes)}`, ''],
    [t('remotes.pending'), `${count(remote.pendingObjects)} · ${bytes(remote.pendingBytes)}`, ''],
    [t('remotes.failed'), count(remote.failedObjects), ''],
    [t('remotes.gone'), count(remote.goneObjects), ''],
    [t('remotes.badLines'), count(remote.badLines), ''],
    [t('remotes.requests', { count: remote.runs.length }), count(requests), ''],
    [t('remotes.credentials'), visible(remote.config?.credentials ?? '–'), ''],
  ]
  return (
    <dl class="facts columns">
      {facts.map(([name, value, title]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="number" title={title}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function TestButton({ remote }: { readonly remote: ApiRemote }): JSX.Element {
  const [state, setState] = useState<'idle' | 'running' | RemoteTestAnswer | ApiError>('idle')
  const isAllowed = about.value?.hasActions === true && remote.config !== null
  const test = (): void => {
    setState('running')
    api.testRemote(remote.name).then(setState, (error: unknown) => {
      setState(error instanceof ApiError ? error : ApiError.ofBug(error))
    })
  }
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={!isAllowed || state === 'running'}
        title={isAllowed ? t('remotes.test') : t('sync.notAllowed')}
        onClick={test}
      >
        <Icon name="check" /> {state === 'running' ? t('remotes.testing') : t('remotes.test')}
      </button>
      {state instanceof ApiError && <Failure error={state} retry={test} />}
      {typeof state === 'object' && !(state instanceof ApiError) && (
        <ul class="plain checks" role="status">
          {state.checks.map((check) => (
            <li key={check.name} class={check.ok ? 'plus' : 'minus'}>
              <Icon name={check.ok ? 'check' : 'close'} />
              <span>
                <strong>{wordFor('check', check.name)}</strong> {visible(check.detail)}
                {check.hint !== null && <span class="mute"> {visible(check.hint)}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

const lists = ['objects', 'bad-lines'] as const

function DrillDown({ remote }: { readonly remote: ApiRemote }): JSX.Element {
  const list = lists.find((one) => one === query.value.get('list')) ?? 'objects'
  return (
    <section class="card wide drill-down" aria-label={t('remotes.drillDown', { name: remote.name })}>
      <div class="tabs" role="tablist" aria-label={t('remotes.drillDown', { name: remote.name })}>
        {lists.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={one === list}
            onClick={() => setQuery({ list: one })}
          >
            {one === 'objects'
              ? t('remotes.objectsOf', { name: remote.name })
              : t('remotes.badLinesOf', { count: count(remote.badLines) })}
          </button>
        ))}
      </div>
      {list === 'objects' ? <Objects remote={remote.name} /> : <BadLines remote={remote.name} />}
    </section>
  )
}
