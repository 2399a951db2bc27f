import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

import { imageHref } from '../api.ts'
import { ApiError, request } from '../base/request.ts'
import { t } from '../i18n/index.ts'
import { Dialog } from '../parts/controls.tsx'
import { Icon } from '../parts/icon.tsx'
import { visible } from '../text/visible.ts'

/** Where pictures stand: in a message, or in what one of its calls gave back. */
export interface PicturePlace {
  readonly sessionId: string
  readonly ordinal: number
  readonly callId: string | null
}

/** The pictures of a message or a result, each fetched from the bucket when it comes into view. */
export function Pictures({
  place,
  count,
}: {
  readonly place: PicturePlace
  readonly count: number
}): JSX.Element | null {
  if (count === 0) return null
  return (
    <div class="pictures">
      {Array.from({ length: count }, (_, at) => (
        <Picture key={at} place={place} number={at} />
      ))}
    </div>
  )
}

/** Pictures that nothing tells of before they are looked for: one after the other, until there is none. */
export function FoundPictures({ place }: { readonly place: PicturePlace }): JSX.Element {
  const [shown, setShown] = useState(0)
  return (
    <div class="pictures">
      {Array.from({ length: shown + 1 }, (_, at) => (
        <Picture key={at} place={place} number={at} isGuess={at === shown} onShown={() => setShown(at + 1)} />
      ))}
    </div>
  )
}

function Picture({
  place,
  number,
  isGuess = false,
  onShown,
}: {
  readonly place: PicturePlace
  readonly number: number
  /** There may be no such picture: then nothing is said. */
  readonly isGuess?: boolean
  readonly onShown?: () => void
}): JSX.Element | null {
  const [state, setState] = useState<'waiting' | 'shown' | ApiError>('waiting')
  const [isLarge, setLarge] = useState(false)
  const href = imageHref(place, number)
  const alt = t(place.callId === null ? 'picture.ofMessage' : 'picture.ofResult', {
    number: number + 1,
    ordinal: place.ordinal,
  })
  if (state !== 'shown' && isGuess) {
    if (state !== 'waiting') return null
    const found = (): void => {
      setState('shown')
      onShown?.()
    }
    return <img class="picture-guess" src={href} alt="" onLoad={found} onError={() => setState(noneThere)} />
  }
  if (state instanceof ApiError) return <Missing error={state} retry={() => setState('waiting')} />
  return (
    <>
      <button
        type="button"
        class={`picture${state === 'shown' ? '' : ' is-waiting'}`}
        aria-label={t('picture.open', { alt })}
        aria-busy={state === 'waiting'}
        onClick={() => setLarge(state === 'shown')}
      >
        <img
          src={href}
          alt={alt}
          loading="lazy"
          decoding="async"
          onLoad={() => setState('shown')}
          onError={() => void whyNot(href).then(setState)}
        />
      </button>
      {isLarge && (
        <Dialog label={alt} size="large" onClose={() => setLarge(false)}>
          <div class="dialog-head">
            <h2>{alt}</h2>
            <form method="dialog">
              <button class="button" autofocus>
                {t('help.close')}
              </button>
            </form>
          </div>
          <div class="picture-large" tabIndex={0} role="group" aria-label={alt}>
            <img src={href} alt={alt} />
          </div>
        </Dialog>
      )}
    </>
  )
}

const noneThere = new ApiError({ code: 'not-found.image', message: '', hint: null, status: 404 })

/** What the server says of a picture that did not come; an image element does not tell. */
async function whyNot(href: string): Promise<ApiError> {
  try {
    await request<unknown>(href)
  } catch (error) {
    if (error instanceof ApiError && error.code !== 'internal') return error
  }
  return new ApiError({ code: 'picture.unreadable', message: t('picture.unreadable'), hint: null, status: 0 })
}

function Missing({ error, retry }: { readonly error: ApiError; readonly retry: () => void }): JSX.Element {
  // Somebody may have typed the word by which the archive marks pictures.
  if (error.code === 'not-found.image') return <p class="picture-none mute">[image] · {visible(error.message)}</p>
  return (
    <div class="picture-none" role="status">
      <Icon name="warn" />
      <span>
        {t('picture.failed')}:{' '}
        {visible(error.isOffline && error.code === 'offline' ? t('state.offline') : error.message)}
        {error.hint !== null && <span class="mute"> {visible(error.hint)}</span>}
      </span>
      <button type="button" class="button quiet" onClick={retry}>
        {t('state.retry')}
      </button>
    </div>
  )
}
