import { effect, signal } from '@preact/signals'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
export const densities = ['compact', 'cosy'] as const
export type Density = (typeof densities)[number]
export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]

/** What a person chose; kept in this browser only. */
export interface Settings {
  readonly theme: Theme
  readonly density: Density
  readonly language: Language
  /** IANA name; empty for the browser's own zone. */
  readonly zone: string
  readonly diff: 'unified' | 'split'
  readonly hasKeys: boolean
}

const place = 'agentsview.settings'

function standard(): Settings {
  const language = navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
  return { theme: 'system', density: 'compact', language, zone: '', diff: 'unified', hasKeys: true }
}

function oneOf<T extends string>(values: readonly T[], given: unknown, otherwise: T): T {
  return values.find((value) => value === given) ?? otherwise
}

/** Reads what is stored, taking only values that are known; a browser that stores nothing has the standard. */
function load(): Settings {
  const base = standard()
  const stored = readStored(place)
  if (typeof stored !== 'object' || stored === null) return base
  const given = stored as Readonly<Record<string, unknown>>
  return {
    theme: oneOf(themes, given['theme'], base.theme),
    density: oneOf(densities, given['density'], base.density),
    language: oneOf(languages, given['language'], base.language),
    zone: typeof given['zone'] === 'string' && isZone(given['zone']) ? given['zone'] : '',
    diff: oneOf(['unified', 'split'], given['diff'], base.diff),
    hasKeys: given['hasKeys'] !== false,
  }
}

/** A value this page stored earlier; null where there is none or it cannot be read. */
export function readStored(name: string): unknown {
  try {
    return JSON.parse(window.localStorage.getItem(name) ?? 'null') as unknown
  } catch (error) {
    // Storage may be switched off, or hold what another version wrote: both mean "nothing stored".
    if (error instanceof DOMException || error instanceof SyntaxError) return null
    throw error
  }
}

/** Stores a value for the next visit; a browser that stores nothing just forgets it. */
export function store(name: string, value: unknown): void {
  try {
    window.localStorage.setItem(name, JSON.stringify(value))
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}

/** True for a name the browser knows as a time zone. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

export const settings = signal<Settings>(load())

/** Changes some of the settings and keeps them. */
export function choose(changes: Partial<Settings>): void {
  settings.value = { ...settings.peek(), ...changes }
  store(place, settings.peek())
}

// Asking the browser takes as long as drawing a row, and every row asks.
let ownZone: string | null = null

/** The zone all times are shown in. */
export function zone(): string {
  const chosen = settings.value.zone
  if (chosen !== '') return chosen
  ownZone ??= new Intl.DateTimeFormat().resolvedOptions().timeZone
  return ownZone
}

/** Puts the settings on the document, now and whenever they change. */
export function applySettings(): void {
  effect(() => {
    const { theme, density, language } = settings.value
    const root = document.documentElement
    root.dataset['theme'] = theme
    root.dataset['density'] = density
    root.lang = language
  })
}
