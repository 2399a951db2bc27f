import type { JSX } from 'preact'

import { choose, densities, isZone, languages, settings, themes } from '../base/settings.ts'
import { about } from '../base/shared.ts'
import { duration } from '../base/format.ts'
import { t } from '../i18n/index.ts'
import { Choice, Segments, Toggle } from '../parts/controls.tsx'
import { PageHead } from '../parts/frame.tsx'
import { openHelp } from '../parts/palette.tsx'

const languageNames = { en: 'English', 'zh-CN': '简体中文' } as const

function zones(): readonly string[] {
  return ['', 'UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')]
}

/** How this browser shows things; nothing here changes the archive. */
export function SettingsPage(): JSX.Element {
  const now = settings.value
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <div class="page settings">
      <PageHead title={t('nav.settings')} note={t('settings.note')} />
      <section class="card settings-card" aria-label={t('settings.look')}>
        <Row name={t('settings.theme')}>
          <Segments
            label={t('settings.theme')}
            values={themes}
            value={now.theme}
            names={(one) => t(`theme.${one}`)}
            onChange={(theme) => choose({ theme })}
          />
        </Row>
        <Row name={t('settings.density')}>
          <Segments
            label={t('settings.density')}
            values={densities}
            value={now.density}
            names={(one) => t(`density.${one}`)}
            onChange={(density) => choose({ density })}
          />
        </Row>
        <Row name={t('settings.language')}>
          <Segments
            label={t('settings.language')}
            values={languages}
            value={now.language}
            names={(one) => languageNames[one]}
            onChange={(language) => choose({ language })}
          />
        </Row>
        <Row name={t('settings.zone')}>
          <Choice
            label={t('settings.zone')}
            isLabelShown={false}
            values={zones()}
            value={isZone(now.zone) ? now.zone : ''}
            names={(one) => (one === '' ? t('settings.ownZone', { zone: own }) : one)}
            onChange={(zone) => choose({ zone })}
          />
        </Row>
        <Row name={t('settings.diff')}>
          <Segments
            label={t('settings.diff')}
            values={['unified', 'split'] as const}
            value={now.diff}
            names={(one) => t(`diffView.${one}`)}
            onChange={(diff) => choose({ diff })}
          />
        </Row>
        <Row name={t('settings.keys')}>
          <Toggle label={t('settings.hasKeys')} isOn={now.hasKeys} onChange={(hasKeys) => choose({ hasKeys })} />
          <button type="button" class="button" onClick={openHelp}>
            {t('help.title')}
          </button>
        </Row>
      </section>
      <ServerCard />
    </div>
  )
}

function Row({
  name,
  children,
}: {
  readonly name: string
  readonly children: JSX.Element | readonly JSX.Element[]
}): JSX.Element {
  return (
    <div class="setting">
      <span class="setting-name">{name}</span>
      <div class="setting-value">{children}</div>
    </div>
  )
}

function ServerCard(): JSX.Element | null {
  const server = about.value
  if (server === null) return null
  const facts: readonly (readonly [string, string])[] = [
    [t('settings.version'), server.version],
    [t('settings.serverZone'), server.timezone],
    [t('settings.prices'), server.priceVersion ?? '–'],
    [t('settings.actions'), server.hasActions ? t('settings.yes') : t('settings.noActions')],
    [t('settings.raw'), server.hasRaw ? t('settings.yes') : t('settings.no')],
    [t('settings.watch'), server.watchIntervalMs === null ? t('settings.noWatch') : duration(server.watchIntervalMs)],
    [t('settings.agents'), server.agents.map(({ name }) => name).join(', ')],
  ]
  return (
    <section class="card settings-card" aria-label={t('settings.server')}>
      <h2>{t('settings.server')}</h2>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="number">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
