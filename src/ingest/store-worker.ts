import { parentPort, workerData } from 'node:worker_threads'

import { openArchive, storeOf } from '../store/index.ts'
import { settleByFormat } from './settle-by-format.ts'
import type { CommitAnswer, CommitRequest } from './store-thread.ts'
import { toPlain } from './plain-error.ts'

// The entry of the writing thread: opens the archive once, then answers one commit at a time.
const { url } = workerData as { readonly url: string }
const opened = openArchive({ url, token: null }).then((archive) => storeOf(archive, settleByFormat))

async function answer({ parts, options }: CommitRequest): Promise<CommitAnswer> {
  try {
    const store = await opened
    const results = await store.commit(parts, options)
    // In the order asked, without the rows: those need not travel back.
    const byKey = new Map(results.map((result) => [result.part, result]))
    return {
      kind: 'done',
      results: parts.flatMap((part) => {
        const result = byKey.get(part)
        if (result === undefined) return []
        const { part: _part, ...rest } = result
        return [rest]
      }),
    }
  } catch (error) {
    return { kind: 'failed', error: toPlain(error) }
  }
}

parentPort?.on('message', (request: CommitRequest) => {
  void answer(request).then((result) => parentPort?.postMessage(result))
})
