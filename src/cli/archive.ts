import { AgentsviewError } from '../base/index.ts'
import type { Archive, ArchiveAddress } from '../store/index.ts'
import type { PriceTable } from '../pricing/index.ts'
import type * as Query from '../query/index.ts'
import type { CommandContext } from './context.ts'

/** What a command asks the archive with: the archive, and the room that knows the questions. */
export interface Asking {
  readonly ask: Query.Ask
  readonly query: typeof Query
}

/**
 * Opens the archive for the time of some questions; where there is none yet, every answer is empty.
 * The rooms behind it are loaded only now, so that help and completion stay quick.
 * @throws AgentsviewError `store.*`, `config.*`
 */
export async function withArchive<T>(context: CommandContext, work: (asking: Asking) => Promise<T>): Promise<T> {
  const [query, archive] = await Promise.all([import('../query/index.ts'), openForReading(context)])
  try {
    return await work({ ask: archive?.driver ?? query.noArchive, query })
  } finally {
    archive?.close()
  }
}

/**
 * The archive the config names, its costs made with the prices in force; null when there is none yet.
 * @throws AgentsviewError `store.*`, `config.*`
 */
export async function openForReading(context: CommandContext): Promise<Archive | null> {
  const address = await archiveAddress(context)
  const { openArchiveToRead } = await import('../store/index.ts')
  const archive = await openArchiveToRead(address)
  if (archive !== null) await priceAnew(context, archive)
  return archive
}

/** An archive to write to, with the prices its costs are made with. */
export interface WritableArchive {
  readonly archive: Archive
  readonly prices: PriceTable
}

/**
 * Opens the archive that the config names for writing, making it when there is none.
 * @throws AgentsviewError `store.*`, `config.*`
 */
export async function openToWrite(context: CommandContext): Promise<WritableArchive> {
  const address = await archiveAddress(context)
  const { openArchive } = await import('../store/index.ts')
  const archive = await openArchive(address)
  return { archive, prices: await priceAnew(context, archive) }
}

async function archiveAddress(context: CommandContext): Promise<ArchiveAddress> {
  const { store } = await context.config()
  if (store.problem === null) return { url: store.url, token: store.token }
  const { code, message, hint } = store.problem
  throw new AgentsviewError({ code, message, hint: hint ?? undefined })
}

/** Names projects and makes costs anew where the config's rules or prices are others; closes the archive when that fails. */
async function priceAnew(context: CommandContext, archive: Archive): Promise<PriceTable> {
  try {
    const [{ priceTable, priceUsage }, { applyProjectRules, reprice }] = await Promise.all([
      import('../pricing/index.ts'),
      import('../store/index.ts'),
    ])
    const config = await context.config()
    await applyProjectRules(archive, config.projects)
    const prices = priceTable(config.prices)
    await reprice(archive, prices.version, (usage) => priceUsage(prices, usage).tokensCost)
    return prices
  } catch (error) {
    archive.close()
    throw error
  }
}

/** Says on stderr why an answer is empty, and what to do next. */
export async function noteEmpty(context: CommandContext, { ask, query }: Asking, what: string): Promise<void> {
  if (await query.isEmptyArchive(ask)) {
    context.out.note('Nothing is in the archive yet. Read the logs into it: agentsview sync')
  } else {
    context.out.note(`No ${what} found. Other words or wider filters may show more.`)
  }
}

/** Says on stderr that a list goes on. */
export function noteMore(
  context: CommandContext,
  shown: number,
  page: { readonly total: number; readonly nextCursor: string | null },
): void {
  if (page.nextCursor === null || context.out.format === 'json') return
  context.out.note(`${shown} of ${page.total}. More: --cursor ${page.nextCursor}, or all: --limit 0`)
}
