import { exportHref } from '../api.ts'
import { ApiError, requestFile } from '../base/request.ts'
import { t } from '../i18n/index.ts'
import { say } from './actions.ts'
import { saveBlob } from './controls.tsx'

/** What several sessions can be saved as, in one file. */
export const documentForms = ['md', 'html', 'json'] as const
export type DocumentForm = (typeof documentForms)[number]

/** Saves sessions as one file of the browser; a failure is told at the foot of the page. */
export async function saveSessions(ids: readonly string[], form: DocumentForm | 'raw'): Promise<void> {
  try {
    say(t('export.working'))
    const { name, blob } = await requestFile(exportHref(ids, form))
    saveBlob(name ?? `sessions.${form === 'raw' ? 'jsonl' : form}`, blob)
    say(t('export.done'))
  } catch (error) {
    const known = error instanceof ApiError ? error : ApiError.ofBug(error)
    say(known.isOffline && known.code === 'offline' ? t('state.offline') : known.message, 'bad')
  }
}
