import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'

import type { ApiObject } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { bytes, count, exactly, ago } from '../base/format.ts'
import { useLoad } from '../base/load.ts'
import { sessionHref } from '../base/router.ts'
import { t } from '../i18n/index.ts'
import { Tag } from '../parts/chips.tsx'
import { Choice } from '../parts/controls.tsx'
import { Failure, Skeleton } from '../parts/states.tsx'
import { visible } from '../text/visible.ts'
import { rawAsked } from '../transcript/message-head.tsx'
import { RawDialog } from '../transcript/raw-dialog.tsx'

const pageSize = 50
const states = ['', 'complete', 'partial', 'failing', 'gone'] as const
const tones = { complete: 'good', partial: 'warn', failing: 'bad', gone: 'plain' } as const

/** Objects of a remote and how far each is read. */
export function Objects({ remote }: { readonly remote: string }): JSX.Element {
  const [state, setState] = useState<(typeof states)[number]>('')
  const [part, setPart] = useState('')
  const [asked, setAsked] = useState('')
  const [cursors, setCursors] = useState<readonly string[]>([])
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setAsked(part)
      setCursors([])
    }, 250)
    return () => window.clearTimeout(timer)
  }, [part])
  const params = { state, q: asked, limit: pageSize, cursor: cursors.at(-1) ?? null }
  const { data, error, reload } = useLoad(`objects ${remote} ${JSON.stringify(params)}`, (signal) =>
    api.objects(remote, params, signal),
  )
  return (
    <>
      <div class="table-controls">
        <input
          type="search"
          value={part}
          placeholder={t('objects.find')}
          aria-label={t('objects.find')}
          onInput={(event) => setPart(event.currentTarget.value)}
        />
        <Choice
          label={t('objects.state')}
          values={states}
          value={state}
          names={(one) => (one === '' ? t('objects.all') : t(`objectState.${one}`))}
          onChange={(one) => {
            setState(one)
            setCursors([])
          }}
        />
      </div>
      {error !== null && <Failure error={error} retry={reload} />}
      {data === null && error === null && <Skeleton rows={6} />}
      {data !== null && (
        <>
          <div class="table-scroll" tabIndex={0} role="region" aria-label={t('remotes.objects')}>
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">{t('objects.key')}</th>
                  <th scope="col">{t('objects.state')}</th>
                  <th scope="col" class="number">
                    {t('objects.read')}
                  </th>
                  <th scope="col">{t('dimension.machine')}</th>
                  <th scope="col" class="number">
                    {t('objects.modified')}
                  </th>
                  <th scope="col">ETag</th>
                </tr>
              </thead>
              <tbody>
                {data.objects.map((object) => (
                  <ObjectRow key={object.key} object={object} />
                ))}
              </tbody>
            </table>
          </div>
          <Pager
            total={data.total}
            page={cursors.length}
            next={data.nextCursor}
            back={() => setCursors(cursors.slice(0, -1))}
            forward={(cursor) => setCursors([...cursors, cursor])}
          />
        </>
      )}
    </>
  )
}

function ObjectRow({ object }: { readonly object: ApiObject }): JSX.Element {
  const [session] = object.sessionIds
  return (
    <tr>
      <td class="mono key-cell">
        {session === undefined ? visible(object.key) : <a href={sessionHref(session)}>{visible(object.key)}</a>}
        {object.error !== null && (
          <span class="minus">
            {visible(object.error.message)} {visible(object.error.hint ?? '')}
          </span>
        )}
      </td>
      <td>
        <Tag tone={tones[object.state]}>{t(`objectState.${object.state}`)}</Tag>
        {object.badLines > 0 && <Tag tone="bad">{t('session.badLines', { count: object.badLines })}</Tag>}
      </td>
      <td class="number" title={`${count(object.offset)} / ${count(object.size)}`}>
        {object.offset === object.size ? bytes(object.size) : `${bytes(object.offset)} / ${bytes(object.size)}`}
      </td>
      <td>{visible(object.machine)}</td>
      <td class="number" title={exactly(object.modifiedAt)}>
        {ago(object.modifiedAt)}
      </td>
      <td class="mono mute etag">{visible(object.etag)}</td>
    </tr>
  )
}

/** Lines that could not be used, and why; the line itself is one click away. */
export function BadLines({ remote }: { readonly remote: string }): JSX.Element {
  const [cursors, setCursors] = useState<readonly string[]>([])
  const params = { limit: pageSize, cursor: cursors.at(-1) ?? null }
  const { data, error, reload } = useLoad(`bad ${remote} ${JSON.stringify(params)}`, (signal) =>
    api.badLines(remote, params, signal),
  )
  if (error !== null) return <Failure error={error} retry={reload} />
  if (data === null) return <Skeleton rows={4} />
  if (data.total === 0) return <p class="mute card-empty">{t('badLines.none')}</p>
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={t('remotes.badLines')}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t('objects.key')}</th>
              <th scope="col" class="number">
                {t('badLines.offset')}
              </th>
              <th scope="col" class="number">
                {t('badLines.length')}
              </th>
              <th scope="col">{t('badLines.reason')}</th>
              <th scope="col">
                <span class="reader-only">{t('message.raw')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.badLines.map((line) => (
              <tr key={`${line.key} ${line.offset}`}>
                <td class="mono key-cell">{visible(line.key)}</td>
                <td class="number">{count(line.offset)}</td>
                <td class="number">{bytes(line.length)}</td>
                <td>{visible(line.reason)}</td>
                <td>
                  {line.sessionId !== null && (
                    <button
                      type="button"
                      class="button quiet"
                      onClick={() => {
                        rawAsked.value = { sessionId: line.sessionId ?? '', offset: line.offset }
                      }}
                    >
                      {t('message.raw')}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager
        total={data.total}
        page={cursors.length}
        next={data.nextCursor}
        back={() => setCursors(cursors.slice(0, -1))}
        forward={(cursor) => setCursors([...cursors, cursor])}
      />
      <RawDialog />
    </>
  )
}

function Pager({
  total,
  page,
  next,
  back,
  forward,
}: {
  readonly total: number
  readonly page: number
  readonly next: string | null
  readonly back: () => void
  readonly forward: (cursor: string) => void
}): JSX.Element {
  const first = page * pageSize + 1
  return (
    <p class="pager">
      <span class="mute number">
        {total === 0
          ? t('objects.none')
          : t('pager.shown', {
              from: count(first),
              to: count(Math.min(total, first + pageSize - 1)),
              of: count(total),
            })}
      </span>
      <button type="button" class="button" disabled={page === 0} onClick={back}>
        {t('pager.back')}
      </button>
      <button type="button" class="button" disabled={next === null} onClick={() => next !== null && forward(next)}>
        {t('pager.next')}
      </button>
    </p>
  )
}
