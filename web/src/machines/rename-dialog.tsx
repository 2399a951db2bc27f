import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

import type { ApiMachine } from '../../../src/server/api.ts'
import { api } from '../api.ts'
import { count } from '../base/format.ts'
import { ApiError } from '../base/request.ts'
import { t } from '../i18n/index.ts'
import { say } from '../parts/actions.ts'
import { Dialog } from '../parts/controls.tsx'
import { Failure } from '../parts/states.tsx'
import { visible } from '../text/visible.ts'

/** Asks for another name of a machine; one that is taken makes one machine of two, which is asked about first. */
export function RenameDialog({
  machine,
  others,
  onDone,
  onClose,
}: {
  readonly machine: ApiMachine
  /** Names of all other machines. */
  readonly others: readonly string[]
  readonly onDone: () => void
  readonly onClose: () => void
}): JSX.Element {
  const [name, setName] = useState(machine.name)
  const [isSure, setSure] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const to = name.trim()
  const isMerge = others.includes(to)
  const isReady = to !== '' && to !== machine.name && (!isMerge || isSure) && !isBusy
  const rename = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const { sessions } = await api.renameMachine(machine.name, to, isMerge)
      say(t('rename.done', { name: to, count: count(sessions) }))
      onDone()
      onClose()
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : ApiError.ofBug(failure))
      setBusy(false)
    }
  }
  const title = t('rename.title', { name: visible(machine.name) })
  return (
    <Dialog label={title} size="small" onClose={onClose}>
      <form
        class="rename-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) void rename()
        }}
      >
        <h2>{title}</h2>
        <label>
          <span>{t('rename.name')}</span>
          <input
            type="text"
            value={name}
            maxLength={128}
            autofocus
            onInput={(event) => {
              setName(event.currentTarget.value)
              setSure(false)
            }}
          />
        </label>
        <p class="mute">{t('rename.note')}</p>
        {isMerge && (
          <label class="toggle">
            <input type="checkbox" checked={isSure} onChange={(event) => setSure(event.currentTarget.checked)} />
            <span>{t('rename.merge', { name: visible(to) })}</span>
          </label>
        )}
        {error !== null && <Failure error={error} />}
        <p class="row-gap">
          <button type="submit" class="button" disabled={!isReady}>
            {isMerge ? t('rename.doMerge') : t('rename.do')}
          </button>
          <button type="button" class="button quiet" onClick={onClose}>
            {t('rename.cancel')}
          </button>
        </p>
      </form>
    </Dialog>
  )
}
