import type { ComponentType, JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'

import { useKeys } from './base/keys.ts'
import { ApiError } from './base/request.ts'
import { navigate, path } from './base/router.ts'
import { t } from './i18n/index.ts'
import { notice, startSync } from './parts/actions.ts'
import { Frame, pages } from './parts/frame.tsx'
import { openHelp, openPalette, Overlays } from './parts/palette.tsx'
import { Empty, Failure, Skeleton } from './parts/states.tsx'
import { SessionsPage } from './pages/sessions.tsx'
import { TranscriptPage } from './pages/transcript.tsx'

/** Pages that are fetched when they are first opened. */
const late: Readonly<Record<string, () => Promise<ComponentType>>> = {
  '/search': () => import('./pages/search.tsx').then((page) => page.SearchPage),
  '/analytics': () => import('./pages/analytics.tsx').then((page) => page.AnalyticsPage),
  '/remotes': () => import('./pages/remotes.tsx').then((page) => page.RemotesPage),
  '/machines': () => import('./pages/machines.tsx').then((page) => page.MachinesPage),
  '/settings': () => import('./pages/settings.tsx').then((page) => page.SettingsPage),
  '/compare': () => import('./pages/compare.tsx').then((page) => page.ComparePage),
}

const loaded = new Map<string, ComponentType>()

/** The whole view: frame, page, and what lies over them. */
export function App(): JSX.Element {
  const keys = {
    'mod+k': openPalette,
    '?': openHelp,
    '/': () => navigate('/search'),
    r: () => void startSync([]),
    ...Object.fromEntries(pages.map(({ href }, at) => [String(at + 1), () => navigate(href)])),
  }
  useKeys(keys, true)
  return (
    <>
      <Frame>
        <Page />
      </Frame>
      <Overlays />
      <div class="notices" role="status" aria-live="polite">
        {notice.value !== null && <p class={`notice tone-${notice.value.tone}`}>{notice.value.text}</p>}
      </div>
    </>
  )
}

function Page(): JSX.Element {
  const here = path.value
  if (here === '/' || here === '/sessions') return <SessionsPage />
  if (/^\/s\/.+/.test(here)) return <TranscriptPage />
  const fetchPage = late[here]
  if (fetchPage !== undefined) return <LatePage key={here} name={here} fetchPage={fetchPage} />
  return (
    <Empty icon="search" title={t('page.unknown')}>
      <a class="button" href="/sessions">
        {t('nav.sessions')}
      </a>
    </Empty>
  )
}

function LatePage({
  name,
  fetchPage,
}: {
  readonly name: string
  readonly fetchPage: () => Promise<ComponentType>
}): JSX.Element {
  const [, redraw] = useState(0)
  const [error, setError] = useState<ApiError | null>(null)
  const Content = loaded.get(name)
  useEffect(() => {
    if (Content !== undefined || error !== null) return
    fetchPage().then(
      (component) => {
        loaded.set(name, component)
        redraw((turn) => turn + 1)
      },
      // No answer: the server is gone, or it was replaced by another version meanwhile.
      (cause: unknown) =>
        setError(new ApiError({ code: 'offline', message: 'no answer', hint: null, status: 0, cause })),
    )
  }, [name, error])
  if (error !== null) return <Failure error={error} retry={() => window.location.reload()} />
  return Content === undefined ? <Skeleton kind="card" rows={4} /> : <Content />
}
