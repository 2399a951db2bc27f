import { signal } from '@preact/signals'

export const layouts = ['full', 'talk', 'compact'] as const
/** `full` shows everything, `compact` keeps tools to one line, `talk` shows what people and models said. */
export type Layout = (typeof layouts)[number]

/** How transcripts are shown; the same for every session. */
export const layout = signal<Layout>('full')
/** Thinking is open. */
export const isThinkingOpen = signal(false)
/** All tools are open (true), closed (false), or each as it is by itself (null). */
export const openTools = signal<boolean | null>(null)

/** What was opened or closed by hand, by the place of the part; outlives its leaving the view. */
const byHand = new Map<string, boolean>()

/** Whether a part is open: as chosen by hand, else as given. */
export function isOpen(place: string, otherwise: boolean): boolean {
  return byHand.get(place) ?? otherwise
}

export function setOpen(place: string, value: boolean): void {
  byHand.set(place, value)
}

/** Opens or closes all tools, and forgets what was done by hand. */
export function openAllTools(value: boolean): void {
  byHand.clear()
  openTools.value = value
}

/** Words looked for in the session shown. */
export const findText = signal('')
