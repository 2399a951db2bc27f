import type { JSX } from 'preact'

import type { ApiSessionDetail, SessionUsageAnswer } from '../../../src/server/api.ts'
import { bytes, count, duration, exactly, modelShort, moment, percent, short, usd } from '../base/format.ts'
import { sessionHref } from '../base/router.ts'
import { ContextCurve } from '../charts/context-curve.tsx'
import { t, wordFor } from '../i18n/index.ts'
import { MachineChip, Tag } from '../parts/chips.tsx'
import { CopyButton } from '../parts/controls.tsx'
import { firstLine, visible } from '../text/visible.ts'

const tokenKinds = ['inputTokens', 'cacheReadTokens', 'cacheCreationTokens', 'outputTokens'] as const

/** Numbers of a session beside its messages. */
export function Vitals({
  session,
  usage,
  go,
}: {
  readonly session: ApiSessionDetail
  readonly usage: SessionUsageAnswer | null
  readonly go: (ordinal: number) => void
}): JSX.Element {
  return (
    <aside class="vitals" aria-label={t('vitals.label')} tabIndex={0}>
      <Cost session={session} usage={usage} />
      {usage !== null && usage.steps.length > 1 && (
        <section>
          <h2>{t('vitals.context')}</h2>
          <ContextCurve steps={usage.steps} total={usage.stepCount} go={go} />
        </section>
      )}
      <Tools session={session} />
      <Subagents session={session} usage={usage} />
      <Places session={session} />
      <About session={session} />
    </aside>
  )
}

function Cost({
  session,
  usage,
}: {
  readonly session: ApiSessionDetail
  readonly usage: SessionUsageAnswer | null
}): JSX.Element {
  const sums = usage ?? session
  const shown = sums.inputTokens + sums.cacheReadTokens + sums.cacheCreationTokens
  const models = usage?.models ?? session.modelBreakdowns
  return (
    <section>
      <h2>{t('vitals.usage')}</h2>
      <p class="big number">
        {usd(sums.costUSD)} <span class="mute">{t('vitals.tokens', { count: short(sums.totalTokens) })}</span>
      </p>
      <div class="stack" role="img" aria-label={t('vitals.split')}>
        {tokenKinds.map((kind) => (
          <span key={kind} class={`stack-part token-${kind}`} style={{ flexGrow: String(sums[kind]) }} />
        ))}
      </div>
      <dl class="facts tight">
        {tokenKinds.map((kind) => (
          <div key={kind}>
            <dt>
              <span class={`dot token-${kind}`} aria-hidden="true" /> {t(`tokens.${kind}`)}
            </dt>
            <dd class="number">{count(sums[kind])}</dd>
          </div>
        ))}
        <div>
          <dt>{t('vitals.cacheHits')}</dt>
          <dd class="number">{shown === 0 ? '–' : percent(sums.cacheReadTokens / shown)}</dd>
        </div>
      </dl>
      {models.length > 0 && (
        <table class="mini">
          <tbody>
            {models.map((model) => (
              <tr key={model.modelName}>
                <th scope="row" title={visible(model.modelName)}>
                  {visible(modelShort(model.modelName))}
                </th>
                <td class="number">{usd(model.cost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {sums.unpricedModels.length > 0 && (
        <p class="banner tone-warn small">
          {t('vitals.unpriced', { models: sums.unpricedModels.map(visible).join(', ') })}
        </p>
      )}
    </section>
  )
}

function Tools({ session }: { readonly session: ApiSessionDetail }): JSX.Element | null {
  if (session.tools.length === 0) return null
  const most = Math.max(...session.tools.map(({ calls }) => calls))
  return (
    <section>
      <h2>{t('vitals.tools')}</h2>
      <table class="mini bars">
        <tbody>
          {session.tools.slice(0, 12).map((tool) => (
            <tr key={tool.name}>
              <th scope="row" title={visible(tool.name)}>
                {visible(tool.name)}
              </th>
              <td class="bar-cell" aria-hidden="true">
                <span class="bar" style={{ width: `${(tool.calls / most) * 100}%` }} />
              </td>
              <td class="number">
                {count(tool.calls)}
                {tool.errors > 0 && <span class="minus"> {t('vitals.errors', { count: tool.errors })}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Subagents({
  session,
  usage,
}: {
  readonly session: ApiSessionDetail
  readonly usage: SessionUsageAnswer | null
}): JSX.Element | null {
  if (session.children.length === 0) return null
  const costs = new Map((usage?.parts ?? []).map((part) => [part.sessionId, part]))
  return (
    <section>
      <h2>
        {t('vitals.children')} <span class="mute">{session.children.length}</span>
      </h2>
      <ul class="plain links">
        {session.children.map((child) => (
          <li key={child.id}>
            <a href={sessionHref(child.id)}>{firstLine(child.title, 80)}</a>
            <span class="mute">
              {child.relationship !== null && wordFor('relationship', child.relationship)}{' '}
              <span class="number">{usd(costs.get(child.id)?.costUSD)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Places({ session }: { readonly session: ApiSessionDetail }): JSX.Element {
  return (
    <section>
      <h2>
        {t('vitals.places')} <span class="mute">{session.places.length}</span>
      </h2>
      <ul class="plain places">
        {session.places.map((place) => (
          <li key={`${place.machine} ${place.source}`}>
            <span class="place-head">
              <MachineChip machine={place.machine} />
              <Tag>{place.remote}</Tag>
              {place.state === 'gone' && <Tag tone="warn">{t('session.gone')}</Tag>}
              <CopyButton text={place.source} label={t('vitals.copySource')} />
            </span>
            <span class="mono path">{visible(place.source)}</span>
            <span class="mute number">
              {bytes(place.bytes)} · {moment(place.modifiedAt)}
            </span>
          </li>
        ))}
      </ul>
      {session.otherMachines.length > 0 && (
        <p class="mute">
          {t('vitals.otherMachines')}{' '}
          {session.otherMachines.map((other) => (
            <a key={other.id} href={sessionHref(other.id)}>
              {visible(other.id.split('~')[0] ?? other.id)}
            </a>
          ))}
        </p>
      )}
    </section>
  )
}

function About({ session }: { readonly session: ApiSessionDetail }): JSX.Element {
  const facts: readonly (readonly [string, string | null])[] = [
    [t('facts.id'), session.id],
    [t('facts.cwd'), session.cwd],
    [t('dimension.branch'), session.branch],
    [t('facts.started'), exactly(session.startedAt)],
    [t('facts.ended'), exactly(session.endedAt)],
    [t('facts.duration'), session.durationMs === null ? null : duration(session.durationMs)],
    [t('facts.version'), session.agentVersion],
    [t('facts.entrypoint'), session.entrypoint],
    [t('facts.badLines'), session.badLines === 0 ? null : count(session.badLines)],
  ]
  return (
    <section>
      <h2>{t('vitals.about')}</h2>
      <dl class="facts">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="mono">{visible(value)}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  )
}
