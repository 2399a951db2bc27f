import { useEffect, useRef } from 'preact/hooks'

import type { Key as Word } from '../i18n/index.ts'
import { settings } from './settings.ts'

/** What a key does, by the key as `KeyboardEvent.key` names it. */
export type Keys = Readonly<Record<string, () => void>>

const layers: { readonly keys: Keys }[] = []

/**
 * Keys of a part of the page, for as long as it is shown; what came last goes first.
 * @param isBase  for the page's own keys, which give way to all others
 */
export function useKeys(keys: Keys, isBase = false): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const layer = {
      get keys(): Keys {
        return latest.current
      },
    }
    if (isBase) layers.unshift(layer)
    else layers.push(layer)
    return () => {
      layers.splice(layers.indexOf(layer), 1)
    }
  }, [])
}

/** Hands keys to the parts of the page that want them. None fires while text is typed or a dialog is open. */
export function listenToKeys(): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return
    const isCommand = event.metaKey || event.ctrlKey
    const name = isCommand ? `mod+${event.shiftKey ? 'shift+' : ''}${event.key.toLowerCase()}` : event.key
    if (!isCommand && (event.altKey || isTyping(event.target) || !settings.peek().hasKeys)) return
    if (name !== 'mod+k' && document.querySelector('dialog[open]') !== null) return
    const layer = layers.findLast(({ keys }) => Object.hasOwn(keys, name))
    if (layer === undefined) return
    event.preventDefault()
    layer.keys[name]?.()
  })
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** The keys that `?` lists, with what they do. */
export const keyList: readonly { readonly keys: readonly string[]; readonly does: Word }[] = [
  { keys: ['⌘K', 'Ctrl K'], does: 'keys.palette' },
  { keys: ['/'], does: 'keys.find' },
  { keys: ['⌘G', 'Ctrl G'], does: 'keys.next' },
  { keys: ['⇧⌘G'], does: 'keys.previous' },
  { keys: ['j', 'k'], does: 'keys.rows' },
  { keys: ['J', 'K'], does: 'keys.prompts' },
  { keys: ['Enter'], does: 'keys.open' },
  { keys: ['[', ']'], does: 'keys.sessions' },
  { keys: ['l'], does: 'keys.layout' },
  { keys: ['t'], does: 'keys.thinking' },
  { keys: ['x'], does: 'keys.expand' },
  { keys: ['d'], does: 'keys.diff' },
  { keys: ['o'], does: 'keys.sort' },
  { keys: ['c'], does: 'keys.copy' },
  { keys: ['e'], does: 'keys.export' },
  { keys: ['s'], does: 'keys.star' },
  { keys: ['b'], does: 'keys.rail' },
  { keys: ['f'], does: 'keys.follow' },
  { keys: ['r'], does: 'keys.sync' },
  { keys: ['m'], does: 'keys.machine' },
  { keys: ['1', '…', '6'], does: 'keys.pages' },
  { keys: ['?'], does: 'keys.help' },
  { keys: ['Esc'], does: 'keys.close' },
]
