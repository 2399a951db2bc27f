import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'

import { api } from '../api.ts'
import { bytes, count } from '../base/format.ts'
import { useLoad } from '../base/load.ts'
import { t } from '../i18n/index.ts'
import { CopyButton, Dialog, Segments } from '../parts/controls.tsx'
import { Failure, Skeleton } from '../parts/states.tsx'
import { readJson } from '../text/exact-json.ts'
import { visible } from '../text/visible.ts'
import { JsonTree } from './json-tree.tsx'
import { rawAsked } from './message-head.tsx'
import { Plain } from './text.tsx'

/** The line of the log a message was read from, straight from the bucket: proof of where it comes from. */
export function RawDialog(): JSX.Element | null {
  const asked = rawAsked.value
  if (asked === null) return null
  return (
    <Dialog
      label={t('raw.title')}
      size="large"
      onClose={() => {
        rawAsked.value = null
      }}
    >
      <RawLine key={`${asked.sessionId}/${asked.offset}`} sessionId={asked.sessionId} offset={asked.offset} />
    </Dialog>
  )
}

const views = ['tree', 'text'] as const

function RawLine({ sessionId, offset }: { readonly sessionId: string; readonly offset: number }): JSX.Element {
  const { data, error, reload } = useLoad(
    `raw ${sessionId} ${offset}`,
    (signal) => api.raw(sessionId, offset, signal),
    true,
  )
  const [view, setView] = useState<(typeof views)[number]>('tree')
  const value = useMemo(() => (data === null ? undefined : readJson(data.text)), [data])
  if (error !== null) return <Failure error={error} retry={reload} />
  if (data === null) return <Skeleton rows={5} />
  const source = data.bucket === '' ? data.key : `s3://${data.bucket}/${data.key}`
  return (
    <>
      <div class="dialog-head">
        <h2>{t('raw.title')}</h2>
        <Segments
          label={t('raw.view')}
          values={views}
          value={view}
          names={(one) => t(`raw.${one}`)}
          onChange={setView}
        />
        <CopyButton text={data.text} label={t('raw.copy')} />
        <form method="dialog">
          <button class="button" autofocus>
            {t('help.close')}
          </button>
        </form>
      </div>
      <dl class="facts">
        <dt>{t('raw.source')}</dt>
        <dd class="mono">{visible(source)}</dd>
        <dt>{t('raw.place')}</dt>
        <dd class="number">
          {t('raw.bytes', { from: count(data.offset), to: count(data.offset + data.length), size: bytes(data.length) })}
          {data.isCut && ` · ${t('raw.cut')}`}
        </dd>
      </dl>
      {data.hasGrown && <p class="mute">{t('raw.grown')}</p>}
      {view === 'tree' && value !== undefined ? <JsonTree value={value} /> : <Plain text={data.text} most={200} />}
    </>
  )
}
