import type { JSX } from 'preact'

import type { ApiSessionDetail, SessionUsageAnswer } from '../../../src/server/api.ts'
import { count, duration, exactly, moment, short, usd } from '../base/format.ts'
import { sessionHref } from '../base/router.ts'
import { isStarred, toggleStar } from '../base/stars.ts'
import { t, wordFor } from '../i18n/index.ts'
import { AgentChip, MachineChip, Models, Tag } from '../parts/chips.tsx'
import { CopyButton, IconButton, Menu } from '../parts/controls.tsx'
import { Icon } from '../parts/icon.tsx'
import { documentForms, saveSessions } from '../parts/save-sessions.ts'
import { StateDot } from '../sessions/session-row.tsx'
import { firstLine, visible } from '../text/visible.ts'
import { BranchSwitcher } from './branch-switcher.tsx'
import { layout, layouts } from './view-state.ts'

/** What the buttons over a transcript do. */
export interface HeadActions {
  readonly find: () => void
  readonly follow: () => void
  readonly isFollowing: boolean
}

/** Title, origin and numbers of a session, and what can be done with it. */
export function SessionHead({
  session,
  usage,
  actions,
}: {
  readonly session: ApiSessionDetail
  readonly usage: SessionUsageAnswer | null
  readonly actions: HeadActions
}): JSX.Element {
  const cost = usage?.costUSD ?? session.costUSD
  const tokens = usage?.totalTokens ?? session.totalTokens
  return (
    <header class="session-head">
      <nav class="crumbs" aria-label={t('transcript.crumbs')}>
        <a href="/sessions">{t('nav.sessions')}</a>
        {session.project !== null && (
          <>
            <Icon name="right" />
            <a href={`/sessions?project=${encodeURIComponent(session.project)}`}>{visible(session.project)}</a>
          </>
        )}
        {session.parents.map((parent) => (
          <span key={parent.id} class="crumb">
            <Icon name="right" />
            <a href={sessionHref(parent.id)}>{firstLine(parent.title, 40)}</a>
          </span>
        ))}
      </nav>
      <div class="session-head-line">
        <h1 title={visible(session.title)}>
          <StateDot session={session} />
          {firstLine(session.title, 160)}
        </h1>
        <Buttons session={session} actions={actions} />
      </div>
      <BranchSwitcher session={session} />
      <div class="session-facts">
        <MachineChip machine={session.machine} href={`/sessions?machine=${encodeURIComponent(session.machine)}`} />
        <Tag title={t('dimension.remote')}>{visible(session.remote)}</Tag>
        <AgentChip agent={session.agent} />
        <Models models={session.models} />
        {session.relationship !== null && (
          <Tag tone="info">
            {wordFor('relationship', session.relationship)}
            {session.agentLabel !== null && `: ${visible(session.agentLabel)}`}
          </Tag>
        )}
        {session.branch !== null && (
          <span class="session-branch">
            <Icon name="branch" />
            {visible(session.branch)}
          </span>
        )}
        <span class="number" title={exactly(session.startedAt)}>
          {moment(session.startedAt)}
        </span>
        {session.durationMs !== null && <span class="number">{duration(session.durationMs)}</span>}
        <span class="number">{t('session.messages', { count: count(session.messageCount) })}</span>
        <span class="number">{t('vitals.tokens', { count: short(tokens) })}</span>
        <strong class="number">{usd(cost)}</strong>
        {session.sourceState === 'gone' && <Tag tone="warn">{t('session.gone')}</Tag>}
        {session.isTruncated && <Tag tone="warn">{t('sessionState.truncated')}</Tag>}
        <span class="source mono" title={session.source}>
          {visible(session.source)}
        </span>
      </div>
    </header>
  )
}

function Buttons({
  session,
  actions,
}: {
  readonly session: ApiSessionDetail
  readonly actions: HeadActions
}): JSX.Element {
  const star = isStarred(session.id)
  return (
    <div class="head-buttons">
      {session.resumeCommand !== null && (
        <CopyButton text={session.resumeCommand} label={t('transcript.copyResume', { command: session.resumeCommand })}>
          <code class="resume">{firstLine(session.resumeCommand, 60)}</code>
        </CopyButton>
      )}
      <IconButton
        icon="star"
        filled={star}
        isOn={star}
        label={t('transcript.star')}
        hint="s"
        onClick={() => toggleStar({ id: session.id, title: session.title })}
      />
      <IconButton icon="search" label={t('find.title')} hint="/" onClick={actions.find} />
      <IconButton
        icon="down"
        label={t('transcript.follow')}
        hint="f"
        isOn={actions.isFollowing}
        onClick={actions.follow}
      />
      <label class="choice">
        <span class="reader-only">{t('layout.label')}</span>
        <select
          value={layout.value}
          onChange={(event) => {
            layout.value = layouts.find((one) => one === event.currentTarget.value) ?? 'full'
          }}
        >
          {layouts.map((one) => (
            <option key={one} value={one}>
              {t(`layout.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <Menu name="export" label={t('transcript.export')} button={<Icon name="download" />}>
        {(close) => (
          <ul class="plain menu-list">
            {[...documentForms, 'raw' as const].map((form) => (
              <li key={form}>
                <button type="button" onClick={() => (close(), void saveSessions([session.id], form))}>
                  {t(`export.${form}`)}
                </button>
              </li>
            ))}
            <li>
              <a href={`/compare?a=${encodeURIComponent(session.id)}`}>{t('transcript.compare')}</a>
            </li>
          </ul>
        )}
      </Menu>
    </div>
  )
}
