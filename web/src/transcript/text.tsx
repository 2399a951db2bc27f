import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'

import { count } from '../base/format.ts'
import { t } from '../i18n/index.ts'
import { ansiParts } from '../text/ansi.ts'
import { highlight, languageOf, paint } from '../text/highlight.ts'
import { renderMarkdown } from '../text/markdown.ts'
import { visible } from '../text/visible.ts'

/** What a model or a person wrote, as markdown that can do nothing. */
export function Prose({ text }: { readonly text: string }): JSX.Element {
  const place = useRef<HTMLDivElement>(null)
  const [isPlain, setPlain] = useState(false)
  useLayoutEffect(() => {
    const fragment = renderMarkdown(text)
    setPlain(fragment === null)
    if (fragment === null || place.current === null) return
    place.current.replaceChildren(fragment)
    for (const code of place.current.querySelectorAll('pre > code')) colour(code)
  }, [text, isPlain])
  if (isPlain) return <Plain text={text} most={400} />
  return <div class="prose" ref={place} />
}

function colour(code: Element): void {
  const name = /language-([\w+#.-]+)/.exec(code.className)?.[1]
  const language = name === undefined ? null : languageOf(name)
  const text = code.textContent ?? ''
  if (language === null || text === '') return
  highlight(text, language).then(
    (lines) => {
      if (lines !== null) paint(code, lines)
    },
    // The colours could not be fetched; the code stands there without them.
    () => code.classList.add('uncoloured'),
  )
}

const longLine = 1500

/** Output as it stands, with terminal colours; long ones are folded, and long lines too. */
export function Plain({ text, most = 40 }: { readonly text: string; readonly most?: number }): JSX.Element {
  const lines = useMemo(() => text.replace(/\n+$/, '').split('\n'), [text])
  const [shown, setShown] = useState(most)
  const [isLong, setLong] = useState(false)
  useEffect(() => setShown(most), [most])
  const cut = lines.slice(0, shown)
  const hasLong = cut.some((line) => line.length > longLine)
  const body = (isLong ? cut : cut.map((line) => (line.length > longLine ? `${line.slice(0, longLine)}…` : line))).join(
    '\n',
  )
  return (
    <div class="plain-text">
      <pre tabIndex={0}>
        <Coloured text={body} />
      </pre>
      {(lines.length > shown || (hasLong && !isLong)) && (
        <p class="fold">
          {lines.length > shown && (
            <button
              type="button"
              class="button quiet"
              onClick={() => setShown(shown === most ? most + 500 : shown + 5000)}
            >
              {t('fold.more', { count: count(lines.length - shown) })}
            </button>
          )}
          {hasLong && !isLong && (
            <button type="button" class="button quiet" onClick={() => setLong(true)}>
              {t('fold.longLines')}
            </button>
          )}
        </p>
      )}
    </div>
  )
}

function Coloured({ text }: { readonly text: string }): JSX.Element {
  const parts = useMemo(() => ansiParts(text), [text])
  return (
    <code>
      {parts.map((part, at) =>
        part.classes === '' ? (
          visible(part.text)
        ) : (
          <span key={at} class={part.classes}>
            {visible(part.text)}
          </span>
        ),
      )}
    </code>
  )
}

/** Code with colours, when its language is known. */
export function Code({ text, language }: { readonly text: string; readonly language: string | null }): JSX.Element {
  const place = useRef<HTMLElement>(null)
  const name = language === null ? null : languageOf(language)
  useLayoutEffect(() => {
    if (name !== null && place.current !== null) {
      place.current.className = `language-${name}`
      colour(place.current)
    }
  }, [text, name])
  return (
    <pre class="code" tabIndex={0}>
      <code ref={place} key={text}>
        {visible(text)}
      </code>
    </pre>
  )
}
