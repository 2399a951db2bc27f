import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

import type { ApiMessage } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { clock, count, short } from '../base/format.ts'
import { useLoad } from '../base/load.ts'
import { sessionHref } from '../base/router.ts'
import { t } from '../i18n/index.ts'
import { Icon } from '../parts/icon.tsx'
import { Failure, Skeleton } from '../parts/states.tsx'
import { withoutPictures } from '../text/pictures.ts'
import { firstLine } from '../text/visible.ts'
import type { Kind } from './message-head.tsx'
import { kindOf, MessageHead } from './message-head.tsx'
import { Pictures } from './pictures.tsx'
import { Prose } from './text.tsx'
import { ToolCard } from './tool-card.tsx'
import { isOpen, isThinkingOpen, layout, setOpen } from './view-state.ts'

const foldedText = 6000
/** Subagents of subagents unfold in place so deep; deeper ones are links. */
const mostDepth = 3
const inlineMessages = 30

/** One message of a transcript, with its thinking and its tools. */
export function MessageView({
  message,
  sessionId,
  depth = 0,
  isTarget = false,
}: {
  readonly message: ApiMessage
  readonly sessionId: string
  readonly depth?: number
  readonly isTarget?: boolean
}): JSX.Element {
  const place = `${sessionId}/${message.ordinal}`
  if (message.subtype === 'compact_boundary') return <Boundary message={message} />
  const kind = kindOf(message)
  const hasTools = message.toolCalls.length > 0 && layout.value !== 'talk'
  const { text, pictures } = withoutPictures(message.text)
  const isBare = message.text.trim() === '' && message.thinking === ''
  return (
    <article
      class={`message is-${kind}${isTarget ? ' is-target' : ''}${isBare ? ' is-bare' : ''}`}
      aria-label={t(`role.${kind}`)}
      data-ordinal={message.ordinal}
    >
      <MessageHead message={message} kind={kind} sessionId={sessionId} depth={depth} />
      {message.thinking !== '' && layout.value !== 'talk' && <Thinking text={message.thinking} place={`${place}/t`} />}
      {text.trim() !== '' && <Text text={text} kind={kind} place={`${place}/x`} />}
      <Pictures place={{ sessionId, ordinal: message.ordinal, callId: null }} count={pictures} />
      {hasTools && (
        <div class="tools">
          {message.toolCalls.map((call, at) => (
            <ToolCard
              key={call.id ?? at}
              call={call}
              place={`${place}/${at}`}
              pictures={{ sessionId, ordinal: message.ordinal, callId: call.id }}
              subagent={depth < mostDepth ? (id) => <InlineSubagent id={id} depth={depth + 1} /> : null}
            />
          ))}
        </div>
      )}
      {!hasTools && message.toolCalls.length > 0 && (
        <p class="mute tool-count">
          <Icon name="tool" /> {t('message.tools', { count: message.toolCalls.length })}
        </p>
      )}
    </article>
  )
}

function Text({
  text,
  kind,
  place,
}: {
  readonly text: string
  readonly kind: Kind
  readonly place: string
}): JSX.Element {
  const isFolded = (kind === 'harness' || kind === 'system') && text.length > 280
  const isLong = text.length > foldedText && kind !== 'model'
  if (!isFolded && !isLong) return <Prose text={text} />
  return (
    <Fold
      place={place}
      isOpenAtFirst={false}
      summary={<span class="fold-line">{firstLine(text, 160)}</span>}
      size={text.length}
    >
      <Prose text={text} />
    </Fold>
  )
}

function Thinking({ text, place }: { readonly text: string; readonly place: string }): JSX.Element {
  return (
    <Fold
      place={place}
      isOpenAtFirst={isThinkingOpen.value}
      summary={
        <>
          <Icon name="thought" />
          <span>{t('message.thinking')}</span>
          <span class="mute fold-line">{firstLine(text, 120)}</span>
        </>
      }
      size={text.length}
      look="thinking"
    >
      <Prose text={text} />
    </Fold>
  )
}

function Fold({
  place,
  isOpenAtFirst,
  summary,
  size,
  look = 'text',
  children,
}: {
  readonly place: string
  readonly isOpenAtFirst: boolean
  readonly summary: JSX.Element
  readonly size: number
  readonly look?: 'text' | 'thinking'
  readonly children: JSX.Element
}): JSX.Element {
  const [, redraw] = useState(0)
  const shown = isOpen(place, isOpenAtFirst)
  return (
    <details
      class={`fold-part look-${look}`}
      open={shown}
      onToggle={(event) => {
        const now = event.currentTarget.open
        if (now === isOpen(place, isOpenAtFirst)) return
        setOpen(place, now)
        redraw((turn) => turn + 1)
      }}
    >
      <summary>
        {summary}
        <span class="mute number">{t('fold.characters', { count: short(size) })}</span>
      </summary>
      {shown && children}
    </details>
  )
}

function Boundary({ message }: { readonly message: ApiMessage }): JSX.Element {
  return (
    <div class="boundary" role="separator" aria-label={t('subtype.compact_boundary')}>
      <span>
        <Icon name="compare" /> {t('subtype.compact_boundary')}
        {message.timestamp !== null && <span class="mute"> · {clock(message.timestamp)}</span>}
      </span>
    </div>
  )
}

/** What a subagent did, under the call that started it; fetched when it is unfolded. */
function InlineSubagent({ id, depth }: { readonly id: string; readonly depth: number }): JSX.Element {
  const [isUnfolded, setUnfolded] = useState(false)
  return (
    <details class="inline-subagent" open={isUnfolded} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
      <summary>{t('subagent.inline')}</summary>
      {isUnfolded && <Steps id={id} depth={depth} />}
    </details>
  )
}

function Steps({ id, depth }: { readonly id: string; readonly depth: number }): JSX.Element {
  const { data, error, reload } = useLoad(`inline ${id}`, (signal) =>
    api.messages(id, { limit: inlineMessages }, signal),
  )
  if (error !== null) return <Failure error={error} retry={reload} />
  if (data === null) return <Skeleton rows={3} />
  return (
    <div class="inline-steps">
      {data.messages.map((message) => (
        <MessageView key={message.ordinal} message={message} sessionId={id} depth={depth} />
      ))}
      <p>
        <a href={sessionHref(id)}>{t('subagent.open', { count: count(data.total) })}</a>
      </p>
    </div>
  )
}
