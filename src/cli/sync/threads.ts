import { parsingHere, pricerOf, settleByFormat, threadedParsing, threadedStore } from '../../ingest/index.ts'
import type { Parsing } from '../../ingest/index.ts'
import type { PriceTable } from '../../pricing/index.ts'
import type { Archive, Store } from '../../store/index.ts'
import { storeOf } from '../../store/index.ts'

/** How the work of one sync is spread over threads. */
export interface Threads {
  readonly store: Store
  readonly parsing: Parsing
  /** Ends them; to be called when the sync is over. */
  end(): Promise<void>
}

const isCompiled = import.meta.filename.endsWith('.js')

/**
 * Fetching stays on this thread; parsing, and writing to an archive file, get one each as soon as there is enough
 * of it to do. Uncompiled, all of it runs here: a thread runs compiled code.
 */
export function threadsOf(archive: Archive, prices: PriceTable): Threads {
  const store = storeOf(archive, settleByFormat)
  const parsing = parsingHere(pricerOf(prices), () => store.packer())
  if (!isCompiled) return { store, parsing, end: () => Promise.resolve() }
  const parsingThere = threadedParsing(parsing, { overrides: prices.overrides })
  const storeThere = archive.driver.isFile ? threadedStore(store, archive) : null
  return {
    store: storeThere ?? store,
    parsing: parsingThere,
    end: async () => {
      await parsingThere.end()
      await storeThere?.end()
    },
  }
}
