import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

import { api } from '../api.ts'
import { useKeys } from '../base/keys.ts'
import { useLoad } from '../base/load.ts'
import { navigate, path, query, sessionHref } from '../base/router.ts'
import { choose, settings } from '../base/settings.ts'
import { toggleStar } from '../base/stars.ts'
import { t } from '../i18n/index.ts'
import { say } from '../parts/actions.ts'
import { copyText, openMenu } from '../parts/controls.tsx'
import { Failure, Skeleton } from '../parts/states.tsx'
import { FindBar } from '../transcript/find-bar.tsx'
import type { ListHandle } from '../transcript/message-list.tsx'
import { MessageList } from '../transcript/message-list.tsx'
import { Outline } from '../transcript/outline.tsx'
import { RawDialog } from '../transcript/raw-dialog.tsx'
import { SessionHead } from '../transcript/session-head.tsx'
import { useMessages } from '../transcript/use-messages.ts'
import { findText, isThinkingOpen, layout, layouts, openAllTools, openTools } from '../transcript/view-state.ts'
import { Vitals } from '../transcript/vitals.tsx'

/** One session: what was asked at the left, all messages in the middle, its numbers at the right. */
export function TranscriptPage(): JSX.Element {
  const id = decodeURIComponent(path.value.slice('/s/'.length))
  return <Transcript key={id} id={id} />
}

function targetOf(): number | null {
  const given = Number(query.value.get('m') ?? Number.NaN)
  return Number.isSafeInteger(given) && given >= 0 ? given : null
}

function Transcript({ id }: { readonly id: string }): JSX.Element {
  const target = targetOf()
  // First, since it is what people came for.
  const messages = useMessages(id, target ?? 0)
  const { data, error, reload } = useLoad(`session ${id}`, (signal) => api.session(id, signal))
  const usage = useLoad(`usage ${id}`, (signal) => api.sessionUsage(id, signal)).data
  const outline = useLoad(`outline ${id}`, (signal) => api.outline(id, signal)).data
  const [first, setFirst] = useState(0)
  const [isFinding, setFinding] = useState(query.value.has('find'))
  const [isFollowing, setFollowing] = useState(false)
  const [hasSides, setSides] = useState(true)
  const handle = useRef<ListHandle | null>(null)
  const session = data?.session ?? null
  useEffect(() => {
    // Words of the search that led here stay marked.
    const words = (query.peek().get('q') ?? '').split(/\s+/).filter((word) => word !== 'OR' && word !== 'NOT')
    findText.value = (words.find((word) => !word.startsWith('-')) ?? '').replace(/["*]/g, '')
  }, [id])
  useEffect(() => {
    if (session !== null) document.title = `${session.title.slice(0, 80)} · agentsview`
  }, [session?.title])

  const go = (ordinal: number): void => {
    handle.current?.go(ordinal)
    navigate(sessionHref(id, ordinal), true)
  }
  useKeys({
    '/': () => setFinding(true),
    l: () => {
      layout.value = layouts[(layouts.indexOf(layout.value) + 1) % layouts.length] ?? 'full'
      say(t(`layout.${layout.value}`))
    },
    t: () => {
      isThinkingOpen.value = !isThinkingOpen.value
    },
    x: () => openAllTools(openTools.value !== true),
    d: () => choose({ diff: settings.peek().diff === 'split' ? 'unified' : 'split' }),
    f: () => setFollowing(!isFollowing),
    b: () => setSides(!hasSides),
    e: () => openMenu('export'),
    s: () => session !== null && toggleStar({ id: session.id, title: session.title }),
    c: () => {
      if (session === null || session.resumeCommand === null) return
      void copyText(session.resumeCommand).then((done) =>
        say(done ? t('copy.done') : t('copy.refused'), done ? 'good' : 'bad'),
      )
    },
    '[': () => session !== null && void goBeside(session.id, -1),
    ']': () => session !== null && void goBeside(session.id, 1),
  })

  if (error !== null && session === null) return <Failure error={error} retry={reload} />
  const prompts = (outline?.entries ?? []).filter(({ kind }) => kind === 'prompt').map(({ ordinal }) => ordinal)
  return (
    <div class={`transcript${hasSides ? '' : ' without-sides'}`}>
      {session === null ? (
        <Skeleton rows={2} />
      ) : (
        <SessionHead
          session={session}
          usage={usage}
          actions={{
            find: () => setFinding(true),
            follow: () => setFollowing(!isFollowing),
            isFollowing,
          }}
        />
      )}
      {isFinding && <FindBar sessionId={id} go={go} close={() => setFinding(false)} />}
      <div class="transcript-body">
        {hasSides && outline !== null && <Outline entries={outline.entries} sessionId={id} first={first} go={go} />}
        <MessageList
          sessionId={id}
          messages={messages}
          target={target}
          prompts={prompts}
          isFollowing={isFollowing}
          setFirst={setFirst}
          handle={handle}
        />
        {hasSides && session !== null && <Vitals session={session} usage={usage} go={go} />}
      </div>
      <RawDialog />
    </div>
  )
}

/** Goes to the session before or after this one in the order of the list. */
async function goBeside(id: string, step: 1 | -1): Promise<void> {
  const { sessions } = await api.sessions({ limit: 500 }, undefined)
  const at = sessions.findIndex((session) => session.id === id)
  const next = at < 0 ? undefined : sessions[at + step]
  if (next !== undefined) navigate(sessionHref(next.id))
}
