import { signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import { api } from '../api.ts'
import { ago } from '../base/format.ts'
import { keyList } from '../base/keys.ts'
import { useLoad } from '../base/load.ts'
import { navigate, sessionHref } from '../base/router.ts'
import { choose, settings } from '../base/settings.ts'
import { valuesOf } from '../base/shared.ts'
import { stars } from '../base/stars.ts'
import { t } from '../i18n/index.ts'
import { firstLine, visible } from '../text/visible.ts'
import { startSync } from './actions.ts'
import { Dialog } from './controls.tsx'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'

/** A window over the page, each opening of its own. */
interface Overlay {
  readonly kind: 'palette' | 'help'
  readonly opening: number
}

const open = signal<Overlay | null>(null)
let openings = 0

function show(kind: Overlay['kind']): void {
  if (open.peek()?.kind === kind && document.querySelector('dialog[open]') !== null) return
  openings += 1
  open.value = { kind, opening: openings }
}

export function openPalette(): void {
  show('palette')
}

export function openHelp(): void {
  show('help')
}

/** The window over the page, if any. */
export function Overlays(): JSX.Element | null {
  const shown = open.value
  if (shown === null) return null
  // A browser tells of a closed dialog a little later: by then the next one may be open, and is not to be closed with it.
  const close = (): void => {
    if (open.peek() === shown) open.value = null
  }
  return shown.kind === 'palette' ? (
    <Palette key={shown.opening} close={close} />
  ) : (
    <Help key={shown.opening} close={close} />
  )
}

interface Entry {
  readonly id: string
  readonly icon: IconName
  readonly text: string
  readonly note: string
  readonly run: () => void
}

const waitMs = 150

function usePlaces(): readonly Entry[] {
  const go = (href: string) => () => navigate(href)
  return useMemo(
    () => [
      { id: 'sessions', icon: 'sessions', text: t('nav.sessions'), note: t('palette.page'), run: go('/sessions') },
      { id: 'search', icon: 'search', text: t('nav.search'), note: t('palette.page'), run: go('/search') },
      { id: 'analytics', icon: 'chart', text: t('nav.analytics'), note: t('palette.page'), run: go('/analytics') },
      { id: 'remotes', icon: 'remote', text: t('nav.remotes'), note: t('palette.page'), run: go('/remotes') },
      { id: 'machines', icon: 'machine', text: t('nav.machines'), note: t('palette.page'), run: go('/machines') },
      { id: 'compare', icon: 'compare', text: t('nav.compare'), note: t('palette.page'), run: go('/compare') },
      { id: 'settings', icon: 'settings', text: t('nav.settings'), note: t('palette.page'), run: go('/settings') },
      {
        id: 'theme',
        icon: 'moon',
        text: t('palette.theme'),
        note: t('palette.action'),
        run: () => choose({ theme: settings.peek().theme === 'dark' ? 'light' : 'dark' }),
      },
      { id: 'sync', icon: 'sync', text: t('palette.sync'), note: t('palette.action'), run: () => void startSync([]) },
    ],
    [settings.value.language],
  )
}

function useEntries(text: string): readonly Entry[] {
  const places = usePlaces()
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = window.setTimeout(() => setAsked(text.trim()), waitMs)
    return () => window.clearTimeout(timer)
  }, [text])
  const found = useLoad(`palette ${asked}`, (stop) => api.sessions({ q: asked, limit: 12 }, stop))
  const small = text.trim().toLowerCase()
  const has = (value: string): boolean => small === '' || value.toLowerCase().includes(small)
  const starred = stars.value.filter(({ title }) => has(title)).slice(0, 5)
  const machines =
    small === ''
      ? []
      : valuesOf('machine')
          .filter(({ value }) => has(value ?? ''))
          .slice(0, 4)
  const projects =
    small === ''
      ? []
      : valuesOf('project')
          .filter(({ value }) => has(value ?? ''))
          .slice(0, 4)
  const search: readonly Entry[] =
    small === ''
      ? []
      : [
          {
            id: 'full-text',
            icon: 'search',
            text: t('palette.searchFor', { text: text.trim() }),
            note: t('nav.search'),
            run: () => navigate(`/search?q=${encodeURIComponent(text.trim())}`),
          },
        ]
  return [
    ...starred.map(({ id, title }): Entry => ({
      id: `star ${id}`,
      icon: 'star',
      text: firstLine(title, 90),
      note: t('palette.starred'),
      run: () => navigate(sessionHref(id)),
    })),
    ...places.filter(({ text: name }) => small !== '' && has(name)),
    ...machines.map(({ value }): Entry => ({
      id: `machine ${value}`,
      icon: 'machine',
      text: visible(value ?? ''),
      note: t('dimension.machine'),
      run: () => navigate(`/sessions?machine=${encodeURIComponent(value ?? '')}`),
    })),
    ...projects.map(({ value }): Entry => ({
      id: `project ${value}`,
      icon: 'folder',
      text: visible(value ?? ''),
      note: t('dimension.project'),
      run: () => navigate(`/sessions?project=${encodeURIComponent(value ?? '')}`),
    })),
    ...search,
    ...(found.data?.sessions ?? []).map((session): Entry => ({
      id: session.id,
      icon: 'sessions',
      text: firstLine(session.title, 90),
      note: `${session.machine} · ${ago(session.endedAt)}`,
      run: () => navigate(sessionHref(session.id)),
    })),
    ...(small === '' ? places : []),
  ]
}

function Palette({ close }: { readonly close: () => void }): JSX.Element {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLUListElement>(null)
  const entries = useEntries(text)
  const chosen = Math.min(at, Math.max(0, entries.length - 1))
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return
    close()
    entry.run()
  }
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) setAt((chosen + step + entries.length) % Math.max(1, entries.length))
    else if (event.key === 'Enter') run(entries[chosen])
    else return
    event.preventDefault()
  }
  return (
    <Dialog label={t('palette.title')} onClose={close}>
      <input
        class="palette-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={entries.length > 0 ? `palette-${chosen}` : undefined}
        aria-label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        value={text}
        autofocus
        onInput={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKey}
      />
      <ul id="palette-list" class="palette-list" role="listbox" aria-label={t('palette.title')} ref={list}>
        {entries.map((entry, index) => (
          <li
            key={entry.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === chosen}
            onClick={() => run(entry)}
            onPointerMove={() => setAt(index)}
          >
            <Icon name={entry.icon} />
            <span class="palette-text">{entry.text}</span>
            <span class="mute">{entry.note}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function Help({ close }: { readonly close: () => void }): JSX.Element {
  return (
    <Dialog label={t('help.title')} onClose={close}>
      <h2>{t('help.title')}</h2>
      <dl class="key-list">
        {keyList.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
      <p class="mute">{t('help.note')}</p>
      <form method="dialog">
        <button class="button" autofocus>
          {t('help.close')}
        </button>
      </form>
    </Dialog>
  )
}
