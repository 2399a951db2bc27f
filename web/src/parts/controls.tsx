import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

import { t } from '../i18n/index.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'

/** Copies a text, and says so for a moment. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch (error) {
    // Browsers refuse without a secure page or a click; the text stays there to be marked by hand.
    if (error instanceof DOMException || error instanceof TypeError) return false
    throw error
  }
}

/** A button that copies. */
export function CopyButton({
  text,
  label,
  children,
}: {
  readonly text: string
  readonly label: string
  readonly children?: ComponentChildren
}): JSX.Element {
  const [state, setState] = useState<'idle' | 'done' | 'refused'>('idle')
  useEffect(() => {
    if (state === 'idle') return undefined
    const timer = window.setTimeout(() => setState('idle'), 1500)
    return () => window.clearTimeout(timer)
  }, [state])
  const copy = (): void => {
    void copyText(text).then((done) => setState(done ? 'done' : 'refused'))
  }
  return (
    <button type="button" class="button quiet" onClick={copy} title={label} aria-label={label}>
      <Icon name={state === 'done' ? 'check' : 'copy'} />
      {children}
      <span class="reader-only" role="status">
        {state === 'done' ? t('copy.done') : state === 'refused' ? t('copy.refused') : ''}
      </span>
    </button>
  )
}

/** A button with a drawing and, for readers, a name. */
export function IconButton({
  icon,
  label,
  onClick,
  isOn,
  filled,
  hint,
}: {
  readonly icon: IconName
  readonly label: string
  readonly onClick: () => void
  readonly isOn?: boolean
  readonly filled?: boolean
  readonly hint?: string
}): JSX.Element {
  return (
    <button
      type="button"
      class={`button quiet square${isOn === true ? ' on' : ''}`}
      onClick={onClick}
      aria-label={label}
      title={hint === undefined ? label : `${label} (${hint})`}
      {...(isOn === undefined ? {} : { 'aria-pressed': isOn })}
    >
      <Icon name={icon} filled={filled ?? false} />
    </button>
  )
}

/** One of several, side by side. */
export function Segments<T extends string>({
  label,
  values,
  value,
  names,
  onChange,
}: {
  readonly label: string
  readonly values: readonly T[]
  readonly value: T
  readonly names: (value: T) => string
  readonly onChange: (value: T) => void
}): JSX.Element {
  return (
    <div class="segments" role="group" aria-label={label}>
      {values.map((one) => (
        <button key={one} type="button" aria-pressed={one === value} onClick={() => onChange(one)}>
          {names(one)}
        </button>
      ))}
    </div>
  )
}

/** A labelled choice from a list. */
export function Choice<T extends string>({
  label,
  values,
  value,
  names,
  onChange,
  isLabelShown = true,
}: {
  readonly label: string
  readonly values: readonly T[]
  readonly value: T
  readonly names: (value: T) => string
  readonly onChange: (value: T) => void
  readonly isLabelShown?: boolean
}): JSX.Element {
  return (
    <label class="choice">
      <span class={isLabelShown ? 'choice-label' : 'reader-only'}>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {values.map((one) => (
          <option key={one} value={one}>
            {names(one)}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Something that is on or off. */
export function Toggle({
  label,
  isOn,
  onChange,
}: {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}): JSX.Element {
  return (
    <label class="toggle">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  )
}

/** A window over the page; Escape and a click beside it close it, and the focus goes back. */
export function Dialog({
  label,
  onClose,
  children,
  size = 'middle',
}: {
  readonly label: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly size?: 'small' | 'middle' | 'large'
}): JSX.Element {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    element.current?.showModal()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={element}
      class={`dialog ${size}`}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) element.current?.close()
      }}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  )
}

/** Opens the menu of this name, with the focus on its first entry. */
export function openMenu(name: string): void {
  const button = document.querySelector<HTMLElement>(`[data-menu="${name}"]`)
  if (button?.getAttribute('aria-expanded') === 'false') button.click()
  window.requestAnimationFrame(() => {
    button?.parentElement?.querySelector<HTMLElement>('.menu-sheet :is(button, a, input)')?.focus()
  })
}

/** A button that opens a small sheet under itself. */
export function Menu({
  name,
  label,
  button,
  children,
}: {
  /** By which a key finds it. */
  readonly name?: string
  readonly label: string
  readonly button: ComponentChildren
  readonly children: (close: () => void) => ComponentChildren
}): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!isOpen) return undefined
    const onPress = (event: PointerEvent): void => {
      if (event.target instanceof Node && frame.current?.contains(event.target) !== true) setOpen(false)
    }
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      setOpen(false)
      opener.current?.focus()
    }
    document.addEventListener('pointerdown', onPress)
    document.addEventListener('keydown', onKey, true)
    return () => {
      document.removeEventListener('pointerdown', onPress)
      document.removeEventListener('keydown', onKey, true)
    }
  }, [isOpen])
  return (
    <div class="menu" ref={frame}>
      <button
        ref={opener}
        type="button"
        class="button"
        data-menu={name}
        aria-expanded={isOpen}
        aria-label={label}
        onClick={() => setOpen(!isOpen)}
      >
        {button}
      </button>
      {isOpen && (
        <div class="menu-sheet" role="dialog" aria-label={label}>
          {children(() => {
            setOpen(false)
            opener.current?.focus()
          })}
        </div>
      )}
    </div>
  )
}

/** Offers a text as a file of this browser. */
export function download(name: string, type: string, text: string): void {
  saveBlob(name, new Blob([text], { type }))
}

/** Offers bytes as a file of this browser. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser reads the file after the click has returned.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
