import type { JSX } from 'preact'

import type { ApiSession } from '../../../src/server/api.ts'
import { ago, count, exactly, short, usd } from '../base/format.ts'
import { sessionHref } from '../base/router.ts'
import { isStarred } from '../base/stars.ts'
import { t, wordFor } from '../i18n/index.ts'
import { AgentChip, MachineChip, Models, Tag } from '../parts/chips.tsx'
import { Icon } from '../parts/icon.tsx'
import { firstLine, visible } from '../text/visible.ts'
import { chosen, toggleChosen } from './chosen.ts'

const liveMs = 15 * 60_000

/** How a session stands: running, waiting, cut off, ended. */
export function stateOf(session: ApiSession, now: number = Date.now()): string {
  if (session.endedAt !== null && now - Date.parse(session.endedAt) < liveMs) return 'live'
  return session.endState ?? 'unknown'
}

/** The state as a dot with a name. */
export function StateDot({ session }: { readonly session: ApiSession }): JSX.Element {
  const state = stateOf(session)
  const name = wordFor('sessionState', state)
  return <span class={`state-dot is-${state}`} role="img" aria-label={name} title={name} />
}

/** While sessions are chosen, a row is a box to tick rather than a link. */
function choosing(id: string, isChosen: boolean) {
  return {
    role: 'checkbox' as const,
    'aria-checked': isChosen,
    onClick: (event: Event) => {
      event.preventDefault()
      toggleChosen(id)
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== ' ') return
      event.preventDefault()
      toggleChosen(id)
    },
  }
}

/** One session in a list: a link over the whole row. */
export function SessionRow({
  session,
  isNarrow = false,
}: {
  readonly session: ApiSession
  readonly isNarrow?: boolean
}): JSX.Element {
  const tokens = session.inputTokens + session.outputTokens + session.cacheCreationTokens + session.cacheReadTokens
  return (
    <a
      class={`session-row${isNarrow ? ' narrow' : ''}`}
      href={sessionHref(session.id)}
      data-session={session.id}
      {...(chosen.value === null || isNarrow ? {} : choosing(session.id, chosen.value.has(session.id)))}
    >
      {chosen.value === null || isNarrow ? (
        <StateDot session={session} />
      ) : (
        <span class="choice-mark" aria-hidden="true">
          {chosen.value.has(session.id) && <Icon name="check" />}
        </span>
      )}
      <span class="session-main">
        <span class="session-title">
          {isStarred(session.id) && <Icon name="star" filled />}
          {firstLine(session.title)}
        </span>
        <span class="session-sub">
          <span class="session-project">{visible(session.project ?? t('value.none'))}</span>
          {session.branch !== null && (
            <span class="session-branch">
              <Icon name="branch" />
              {visible(session.branch)}
            </span>
          )}
          {session.relationship !== null && <Tag tone="info">{wordFor('relationship', session.relationship)}</Tag>}
          {session.copies > 1 && (
            <Tag title={t('session.copiesTitle')}>{t('session.copies', { count: session.copies })}</Tag>
          )}
          {session.sourceState === 'gone' && <Tag title={t('session.goneTitle')}>{t('session.gone')}</Tag>}
          {session.badLines > 0 && <Tag tone="bad">{t('session.badLines', { count: session.badLines })}</Tag>}
          {session.unpricedModels.length > 0 && <Tag tone="warn">{t('session.unpriced')}</Tag>}
        </span>
      </span>
      <span class="cell cell-machine">
        <MachineChip machine={session.machine} />
      </span>
      <span class="cell cell-agent">
        <AgentChip agent={session.agent} />
      </span>
      <span class="cell cell-model">
        <Models models={session.models} />
      </span>
      <span
        class="cell number cell-messages"
        title={t('session.messagesTitle', {
          count: count(session.messageCount),
          prompts: count(session.userMessageCount),
        })}
      >
        {short(session.messageCount)}
      </span>
      <span class="cell number cell-tokens" title={t('session.tokensTitle', { count: count(tokens) })}>
        {short(tokens)}
      </span>
      <span class="cell number cell-cost">{usd(session.costUSD)}</span>
      <span class="cell number cell-age" title={exactly(session.endedAt)}>
        {ago(session.endedAt)}
      </span>
    </a>
  )
}

/** What the columns of the list are. */
export function SessionColumns(): JSX.Element {
  return (
    <div class="session-row session-columns" aria-hidden="true">
      <span />
      <span>{t('column.session')}</span>
      <span class="cell cell-machine">{t('dimension.machine')}</span>
      <span class="cell cell-agent">{t('dimension.agent')}</span>
      <span class="cell cell-model">{t('dimension.model')}</span>
      <span class="cell number cell-messages">{t('column.messages')}</span>
      <span class="cell number cell-tokens">{t('column.tokens')}</span>
      <span class="cell number cell-cost">{t('column.cost')}</span>
      <span class="cell number cell-age">{t('column.age')}</span>
    </div>
  )
}
