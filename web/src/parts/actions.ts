import { signal } from '@preact/signals'

import { api } from '../api.ts'
import { isSyncing } from '../base/events.ts'
import { ApiError } from '../base/request.ts'
import { about } from '../base/shared.ts'
import { t } from '../i18n/index.ts'

/** A word at the foot of the page for a few seconds. */
export const notice = signal<{ readonly text: string; readonly tone: 'good' | 'bad' } | null>(null)

let timer: number | undefined

/** Shows a word at the foot of the page. */
export function say(text: string, tone: 'good' | 'bad' = 'good'): void {
  notice.value = { text, tone }
  window.clearTimeout(timer)
  timer = window.setTimeout(() => {
    notice.value = null
  }, 6000)
}

/** Starts a sync of these remotes, or of all of them; says so, or why not. */
export async function startSync(remotes: readonly string[]): Promise<void> {
  if (about.value?.hasActions !== true) {
    say(t('sync.notAllowed'), 'bad')
    return
  }
  try {
    const { started } = await api.startSync(remotes)
    isSyncing.value = true
    say(started ? t('sync.started') : t('sync.running'))
  } catch (error) {
    const known = error instanceof ApiError ? error : ApiError.ofBug(error)
    say(known.message, 'bad')
  }
}
