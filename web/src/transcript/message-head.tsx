import { signal } from '@preact/signals'
import type { JSX } from 'preact'

import type { ApiMessage } from '../../../src/server/api.ts'
import { clock, count, exactly, modelShort, short, usd } from '../base/format.ts'
import { sessionHref } from '../base/router.ts'
import { isKey, t } from '../i18n/index.ts'
import { Icon } from '../parts/icon.tsx'
import { visible } from '../text/visible.ts'

/** The message whose raw line is asked for. */
export const rawAsked = signal<{ readonly sessionId: string; readonly offset: number } | null>(null)

/** Who speaks. */
export type Kind = 'person' | 'harness' | 'model' | 'system'

/** A person, the program around the model, the model, or the log itself. */
export function kindOf(message: ApiMessage): Kind {
  if (message.role === 'user') return message.isUserTurn ? 'person' : 'harness'
  return message.role === 'assistant' ? 'model' : 'system'
}

/** Who, when, at what price, and where it stands in the log. */
export function MessageHead({
  message,
  kind,
  sessionId,
  depth,
}: {
  readonly message: ApiMessage
  readonly kind: Kind
  readonly sessionId: string
  readonly depth: number
}): JSX.Element {
  const { usage, model, subtype, ordinal } = message
  return (
    <header class="message-head">
      <span class="message-who">
        {t(`role.${kind}`)}
        {model !== null && kind === 'model' && <span class="mute message-model">{visible(modelShort(model))}</span>}
        {subtype !== null && <span class="tag tone-plain">{subtypeName(subtype)}</span>}
      </span>
      <span class="message-facts">
        {usage !== null && (
          <span
            class={`number step${usage.isCounted ? '' : ' is-elsewhere'}`}
            title={t(usage.isCounted ? 'step.title' : 'step.elsewhere', {
              input: count(usage.inputTokens),
              read: count(usage.cacheReadTokens),
              write: count(usage.cacheCreationTokens),
              output: count(usage.outputTokens),
            })}
          >
            {t('step.short', {
              context: short(usage.inputTokens + usage.cacheReadTokens + usage.cacheCreationTokens),
              output: short(usage.outputTokens),
            })}
            {usage.costUSD !== null && usage.isCounted && ` · ${usd(usage.costUSD)}`}
          </span>
        )}
        {message.timestamp !== null && (
          <time class="number" dateTime={message.timestamp} title={exactly(message.timestamp)}>
            {clock(message.timestamp)}
          </time>
        )}
        {depth === 0 && (
          <>
            <a
              class="message-link"
              href={sessionHref(sessionId, ordinal)}
              aria-label={t('message.link', { ordinal })}
              title={t('message.link', { ordinal })}
            >
              #{ordinal}
            </a>
            <button
              type="button"
              class="button quiet square raw-button"
              aria-label={t('message.raw')}
              title={t('message.raw')}
              onClick={() => {
                rawAsked.value = { sessionId, offset: message.offset }
              }}
            >
              <Icon name="raw" />
            </button>
          </>
        )}
      </span>
    </header>
  )
}

function subtypeName(subtype: string): string {
  const key = `subtype.${subtype}`
  return isKey(key) ? t(key) : visible(subtype)
}
