import type { SyncSource, SyncWishes } from '../../ingest/index.ts'
import { settleByFormat, sync, threadedStore } from '../../ingest/index.ts'
import type { SyncEvent, SyncSummary } from '../../model/index.ts'
import { storeOf } from '../../store/index.ts'
import { openToWrite } from '../archive.ts'
import type { CommandContext } from '../context.ts'

const isCompiled = import.meta.filename.endsWith('.js')

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
  const inline = storeOf(archive, settleByFormat)
  // The thread runs compiled code; uncompiled, all runs on one.
  const threaded = archive.driver.isFile && isCompiled ? threadedStore(inline, archive.url) : null
  try {
    const { signal, io } = context
    return await sync(sources, wishes, { store: threaded ?? inline, prices, now: io.now, signal, onEvent })
  } finally {
    for (const { bucket } of sources) bucket.close()
    await threaded?.end()
    archive.close()
  }
}
