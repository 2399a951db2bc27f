import type { Listed } from './list-source.ts'
import type { SourceDeps } from './sync-source.ts'

/**
 * Remembers a pass that listed everything and left nothing unread but what the archive knows as failed:
 * quick passes may then follow it. A pass that was cut short in any way is not remembered.
 */
export async function rememberFullPass(
  { source, account, wishes, signal, store }: SourceDeps,
  { fullPass }: Listed,
): Promise<void> {
  const isPart = wishes.dryRun || wishes.machines !== null || wishes.modifiedSince !== null
  if (fullPass === null || isPart || signal.aborted || account.error !== null) return
  // What changed under our hands, or is another collector's to read, is for the next pass to look at again.
  if (account.hasNotice('object-changed') || account.hasNotice('object-claimed')) return
  await store.recordFullPass(source.name, fullPass)
  account.passed('full', fullPass.at)
}
