import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

import { path } from '../base/router.ts'
import { withFilters } from '../base/filters.ts'
import type { Key } from '../i18n/index.ts'
import { t } from '../i18n/index.ts'
import { IconButton } from './controls.tsx'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'
import { ConnectionMark, LiveStrip } from './live-strip.tsx'
import { openHelp, openPalette } from './palette.tsx'
import { Banners } from './states.tsx'

/** The pages, in the order of the keys 1 to 6. */
export const pages: readonly { readonly href: string; readonly name: Key; readonly icon: IconName }[] = [
  { href: '/sessions', name: 'nav.sessions', icon: 'sessions' },
  { href: '/search', name: 'nav.search', icon: 'search' },
  { href: '/analytics', name: 'nav.analytics', icon: 'chart' },
  { href: '/remotes', name: 'nav.remotes', icon: 'remote' },
  { href: '/machines', name: 'nav.machines', icon: 'machine' },
  { href: '/settings', name: 'nav.settings', icon: 'settings' },
]

const keepsFilters = new Set(['/sessions', '/search', '/analytics'])

function Nav({ place }: { readonly place: 'head' | 'foot' }): JSX.Element {
  const here = path.value === '/' || path.value.startsWith('/s/') ? '/sessions' : path.value
  return (
    <nav class={`nav nav-${place}`} aria-label={t('nav.label')}>
      {pages.map(({ href, name, icon }) => (
        <a
          key={href}
          href={keepsFilters.has(href) && keepsFilters.has(here) ? withFilters(href) : href}
          aria-current={here === href ? 'page' : undefined}
        >
          <Icon name={icon} />
          <span>{t(name)}</span>
        </a>
      ))}
    </nav>
  )
}

/** Head, navigation and live strip around a page. */
export function Frame({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const main = useRef<HTMLElement>(null)
  const page = path.value
  const isFirst = useRef(true)
  useEffect(() => {
    // The browser places the focus of the first page itself.
    if (isFirst.current) isFirst.current = false
    else main.current?.focus({ preventScroll: true })
  }, [page])
  return (
    <>
      <a class="skip" href="#main" onClick={() => main.current?.focus()}>
        {t('nav.skip')}
      </a>
      <header class="head">
        <a class="brand" href="/sessions">
          <img src="/icon.svg" width="22" height="22" alt="" />
          <span>agentsview</span>
        </a>
        <Nav place="head" />
        <div class="head-end">
          <button type="button" class="palette-button" onClick={() => openPalette()} title={t('palette.open')}>
            <Icon name="search" />
            <span>{t('palette.prompt')}</span>
            <kbd aria-hidden="true">⌘K</kbd>
          </button>
          <ConnectionMark />
          <IconButton icon="list" label={t('help.title')} hint="?" onClick={openHelp} />
        </div>
      </header>
      <LiveStrip />
      <Banners />
      <main id="main" class="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      <Nav place="foot" />
    </>
  )
}

/** The line over a page: its name, how much there is, and its controls. */
export function PageHead({
  title,
  note,
  children,
}: {
  readonly title: string
  readonly note?: ComponentChildren
  readonly children?: ComponentChildren
}): JSX.Element {
  useEffect(() => {
    document.title = `${title} · agentsview`
  }, [title])
  return (
    <div class="page-head">
      <h1>{title}</h1>
      {note !== undefined && <span class="mute page-note">{note}</span>}
      <div class="page-controls">{children}</div>
    </div>
  )
}
