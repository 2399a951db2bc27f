import type { SyncSource, SyncWishes } from '../../ingest/index.ts'
import { sync } from '../../ingest/index.ts'
import type { SyncEvent, SyncSummary } from '../../model/index.ts'
import { openToWrite } from '../archive.ts'
import type { CommandContext } from '../context.ts'
import { threadsOf } from './threads.ts'

/**
 * Syncs some sources into the archive of the context, and closes them and it.
 * @throws AgentsviewError `config.*`, `store.*`
 */
export async function syncOnce(
  sources: readonly SyncSource[],
  wishes: SyncWishes,
  context: CommandContext,
  onEvent: (event: SyncEvent) => void,
): Promise<SyncSummary> {
  const { archive, prices } = await openToWrite(context)
  const threads = threadsOf(archive, prices)
  try {
    const { signal, io } = context
    return await sync(sources, wishes, {
      store: threads.store,
      parsing: threads.parsing,
      prices,
      now: io.now,
      signal,
      onEvent,
    })
  } finally {
    for (const { bucket } of sources) bucket.close()
    await threads.end()
    archive.close()
  }
}
