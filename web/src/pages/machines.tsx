import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

import type { ApiMachine } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { ago, bytes, count, exactly, usd } from '../base/format.ts'
import { useLoad } from '../base/load.ts'
import { about, colourOf } from '../base/shared.ts'
import { t } from '../i18n/index.ts'
import { RenameDialog } from '../machines/rename-dialog.tsx'
import { AgentChip, Tag } from '../parts/chips.tsx'
import { IconButton } from '../parts/controls.tsx'
import { PageHead } from '../parts/frame.tsx'
import { EmptyArchive, Failure, Skeleton } from '../parts/states.tsx'
import { visible } from '../text/visible.ts'

/** Every machine whose sessions are here: when it last pushed, what it ran, what it cost. */
export function MachinesPage(): JSX.Element {
  const { data, error, reload } = useLoad(`machines`, (signal) => api.machines(signal))
  const machines = data?.machines ?? []
  const canRename = about.value?.canRename === true
  const [renamed, setRenamed] = useState<ApiMachine | null>(null)
  const stale = machines.filter((machine) => machine.stale).length
  return (
    <div class="page machines">
      <PageHead
        title={t('nav.machines')}
        note={data === null ? undefined : t('machines.count', { count: machines.length, stale })}
      >
        {machines.length > 1 && (
          <a
            class="button"
            href={`/compare?by=machine&a=${encodeURIComponent(machines[0]?.name ?? '')}&b=${encodeURIComponent(machines[1]?.name ?? '')}`}
          >
            {t('nav.compare')}
          </a>
        )}
      </PageHead>
      {error !== null && <Failure error={error} retry={reload} />}
      {data === null && error === null && <Skeleton rows={6} />}
      {data !== null && machines.length === 0 && <EmptyArchive />}
      {machines.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-label={t('nav.machines')}>
          <table class="table machine-table">
            <thead>
              <tr>
                <th scope="col">{t('dimension.machine')}</th>
                <th scope="col" class="number">
                  {t('machines.lastPush')}
                </th>
                <th scope="col" class="number">
                  {t('machines.lastSession')}
                </th>
                <th scope="col" class="number">
                  {t('nav.sessions')}
                </th>
                <th scope="col" class="number">
                  {t('machines.cost7')}
                </th>
                <th scope="col" class="number">
                  {t('machines.cost30')}
                </th>
                <th scope="col" class="number">
                  {t('remotes.objects')}
                </th>
                <th scope="col">{t('nav.remotes')}</th>
                <th scope="col">{t('machines.versions')}</th>
              </tr>
            </thead>
            <tbody>
              {machines.map((machine) => (
                <MachineRow
                  key={machine.name}
                  machine={machine}
                  rename={canRename ? () => setRenamed(machine) : null}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {renamed !== null && (
        <RenameDialog
          machine={renamed}
          others={machines.flatMap(({ name }) => (name === renamed.name ? [] : [name]))}
          onDone={reload}
          onClose={() => setRenamed(null)}
        />
      )}
    </div>
  )
}

function MachineRow({
  machine,
  rename,
}: {
  readonly machine: ApiMachine
  /** Null where this server does not allow it. */
  readonly rename: (() => void) | null
}): JSX.Element {
  const query = encodeURIComponent(machine.name)
  return (
    <tr>
      <th scope="row">
        <span class={`dot series-${colourOf('machine', machine.name)}`} aria-hidden="true" />
        <a href={`/sessions?machine=${query}`}>{visible(machine.name)}</a>
        {rename !== null && (
          <IconButton icon="edit" label={t('rename.title', { name: visible(machine.name) })} onClick={rename} />
        )}
        {machine.stale && (
          <Tag tone="warn" title={t('machines.staleTitle')}>
            {t('machines.stale')}
          </Tag>
        )}
        {machine.sharedSessions > 0 && <Tag>{t('machines.shared', { count: machine.sharedSessions })}</Tag>}
      </th>
      <td class="number" title={exactly(machine.lastPushAt)}>
        {ago(machine.lastPushAt)}
      </td>
      <td class="number" title={`${exactly(machine.firstSessionAt)} – ${exactly(machine.lastSessionAt)}`}>
        {ago(machine.lastSessionAt)}
      </td>
      <td class="number">{count(machine.sessions)}</td>
      <td class="number">{usd(machine.cost7dUSD)}</td>
      <td class="number">
        <a href={`/analytics?machine=${query}&since=30d`}>{usd(machine.cost30dUSD)}</a>
      </td>
      <td class="number" title={bytes(machine.bytes)}>
        {count(machine.objects)}
      </td>
      <td>
        {machine.remotes.map((name) => (
          <Tag key={name}>{visible(name)}</Tag>
        ))}
      </td>
      <td class="versions">
        {machine.agentVersions.slice(0, 3).map(({ agent, version, lastAt }) => (
          <span key={`${agent} ${version}`} title={exactly(lastAt)}>
            <AgentChip agent={agent} /> <span class="number mute">{visible(version)}</span>
          </span>
        ))}
      </td>
    </tr>
  )
}
