import type { JSX } from 'preact'

import type { ApiSession } from '../../../src/server/api.ts'
import { t } from '../i18n/index.ts'
import { documentForms, saveSessions } from '../parts/save-sessions.ts'
import { chooseAll, chosen, mostChosen, setChoosing } from './chosen.ts'

/** What can be done with the sessions chosen from the list. */
export function ChoiceBar({ sessions }: { readonly sessions: readonly ApiSession[] }): JSX.Element | null {
  const ids = chosen.value
  if (ids === null) return null
  return (
    <div class="choice-bar" role="group" aria-label={t('choose.label')}>
      <span role="status">
        {t('choose.count', { count: ids.size })}
        {ids.size >= mostChosen && ` · ${t('choose.most', { most: mostChosen })}`}
      </span>
      {sessions.length > 0 && (
        <button type="button" class="button quiet" onClick={() => chooseAll(sessions.map(({ id }) => id))}>
          {t('choose.all', { count: Math.min(sessions.length, mostChosen) })}
        </button>
      )}
      <span class="choice-forms">
        {documentForms.map((form) => (
          <button
            key={form}
            type="button"
            class="button"
            disabled={ids.size === 0}
            onClick={() => void saveSessions([...ids], form)}
          >
            {t(`export.${form}`)}
          </button>
        ))}
        <button type="button" class="button quiet" onClick={() => setChoosing(false)}>
          {t('choose.end')}
        </button>
      </span>
    </div>
  )
}
