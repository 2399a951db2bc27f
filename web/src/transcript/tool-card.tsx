import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'

import type { ApiToolCall } from '../../../src/server/api.ts'
import { bytes } from '../base/format.ts'
import { sessionHref } from '../base/router.ts'
import { t } from '../i18n/index.ts'
import { Tag } from '../parts/chips.tsx'
import { CopyButton } from '../parts/controls.tsx'
import { Icon } from '../parts/icon.tsx'
import { readJson } from '../text/exact-json.ts'
import { withoutPictures } from '../text/pictures.ts'
import { firstLine, visible } from '../text/visible.ts'
import { DiffView } from './diff-view.tsx'
import { JsonTree } from './json-tree.tsx'
import type { PicturePlace } from './pictures.tsx'
import { FoundPictures, Pictures } from './pictures.tsx'
import { Code, Plain, Prose } from './text.tsx'
import type { ToolView } from './tool-facts.ts'
import { makesPicture, mayHavePictures, toolIcon, toolSubject, toolView } from './tool-facts.ts'
import { isOpen, layout, openTools, setOpen } from './view-state.ts'

const openRows = 24

/** One tool call with what it gave back: a line to unfold. */
export function ToolCard({
  call,
  place,
  pictures,
  subagent,
}: {
  readonly call: ApiToolCall
  readonly place: string
  /** Where pictures that it gave back stand. */
  readonly pictures: PicturePlace
  /** Draws what a subagent did; null where it should only be linked. */
  readonly subagent: ((id: string) => JSX.Element) | null
}): JSX.Element {
  const view = useMemo(() => toolView(call), [call])
  const subject = useMemo(() => toolSubject(call), [call])
  const { text, pictures: count } = useMemo(() => picturesOf(call), [call])
  const shown = useMemo(() => (count === 0 ? call : { ...call, result: text }), [call, text, count])
  const standard = openTools.value ?? (layout.value === 'full' && opensByItself(view))
  const [byHand, setByHand] = useState(0)
  const isShown = isOpen(place, standard)
  return (
    <details
      class={`tool${call.isError ? ' is-error' : ''}`}
      open={isShown}
      data-turn={byHand}
      onToggle={(event) => {
        const now = event.currentTarget.open
        if (now === isOpen(place, standard)) return
        setOpen(place, now)
        setByHand(byHand + 1)
      }}
    >
      <summary>
        <Icon name={toolIcon(call)} />
        <span class="tool-name">{visible(call.name)}</span>
        <span class="tool-subject">{firstLine(subject, 220)}</span>
        {count > 0 && <Tag tone="info">{t('tool.pictures', { count })}</Tag>}
        <Outcome call={call} view={view} />
      </summary>
      {isShown && (
        <div class="tool-body">
          <Body call={shown} view={view} subagent={subagent} />
          {count > 0 && <Pictures place={pictures} count={count} />}
          {count === 0 && call.id !== null && mayHavePictures(call) && <FoundPictures place={pictures} />}
        </div>
      )}
    </details>
  )
}

/** A call that makes a picture has no result besides it. */
function picturesOf(call: ApiToolCall): { readonly text: string | null; readonly pictures: number } {
  if (call.result === null) return { text: null, pictures: makesPicture(call) ? 1 : 0 }
  return withoutPictures(call.result)
}

function opensByItself(view: ToolView): boolean {
  if (view.kind === 'todo') return true
  return view.kind === 'diff' && view.files.reduce((sum, { rows }) => sum + rows.length, 0) <= openRows
}

function Outcome({ call, view }: { readonly call: ApiToolCall; readonly view: ToolView }): JSX.Element {
  const exitCode = view.kind === 'shell' ? view.exitCode : null
  return (
    <span class="tool-outcome">
      {view.kind === 'diff' && <DiffCount view={view} />}
      {call.subagentId !== null && <Tag tone="info">{t('tool.subagent')}</Tag>}
      {exitCode !== null && <Tag tone={exitCode === 0 ? 'good' : 'bad'}>{t('tool.exit', { code: exitCode })}</Tag>}
      {call.isError && exitCode === null && <Tag tone="bad">{t('tool.error')}</Tag>}
      {call.result === null && !makesPicture(call) && <Tag tone="warn">{t('tool.noResult')}</Tag>}
      {call.result !== null && call.result.length > 2000 && (
        <span class="mute number">{bytes(call.result.length)}</span>
      )}
    </span>
  )
}

function DiffCount({ view }: { readonly view: ToolView & { readonly kind: 'diff' } }): JSX.Element {
  const rows = view.files.flatMap((file) => file.rows)
  const added = rows.filter(({ kind }) => kind === 'added').length
  const removed = rows.filter(({ kind }) => kind === 'removed').length
  return (
    <span class="diff-count number">
      <span class="plus">+{added}</span> <span class="minus">−{removed}</span>
    </span>
  )
}

function Body({
  call,
  view,
  subagent,
}: {
  readonly call: ApiToolCall
  readonly view: ToolView
  readonly subagent: ((id: string) => JSX.Element) | null
}): JSX.Element {
  switch (view.kind) {
    case 'diff':
      return (
        <>
          {view.files.map((file, at) => (
            <div key={at} class="tool-file">
              {view.files.length > 1 && <p class="path">{visible(file.path)}</p>}
              <DiffView rows={file.rows} />
            </div>
          ))}
          {call.isError && <Result call={call} />}
        </>
      )
    case 'shell':
      return (
        <>
          <div class="with-copy">
            <Code text={view.command} language="bash" />
            <CopyButton text={view.command} label={t('tool.copyCommand')} />
          </div>
          {view.output !== '' && <Plain text={view.output} />}
        </>
      )
    case 'todo':
      return (
        <ul class="todo">
          {view.items.map((item, at) => (
            <li key={at} class={`is-${item.state}`}>
              <span class="todo-mark" role="img" aria-label={t(`todo.${item.state}`)} />
              {visible(item.text)}
            </li>
          ))}
        </ul>
      )
    case 'task':
      return (
        <>
          {call.subagentId !== null && (
            <p>
              <a href={sessionHref(call.subagentId)}>{t('tool.openSubagent')}</a>
            </p>
          )}
          <Prose text={view.prompt} />
          {call.subagentId !== null && subagent?.(call.subagentId)}
          <Result call={call} />
        </>
      )
    case 'file':
      return <Result call={call} />
    case 'other':
      return (
        <>
          {typeof view.input === 'string' ? <Plain text={view.input} /> : <JsonTree value={view.input} />}
          <Result call={call} />
        </>
      )
    default:
      return view satisfies never
  }
}

function Result({ call }: { readonly call: ApiToolCall }): JSX.Element | null {
  const { result } = call
  const json = useMemo(() => (result !== null && /^\s*[[{]/.test(result) ? readJson(result) : undefined), [result])
  if (result === null || result === '') return null
  return (
    <div class="tool-result">
      <p class="tool-label">{call.isError ? t('tool.error') : t('tool.result')}</p>
      {json === undefined ? <Plain text={result} /> : <JsonTree value={json} />}
    </div>
  )
}
