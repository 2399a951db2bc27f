import { setTimeout as sleep } from 'node:timers/promises'

import { exitCodes, isFamily } from '../../base/index.ts'
import type { RemoteName, SyncSummary } from '../../model/index.ts'
import type { CommandContext } from '../context.ts'
import type { Rounds } from './rounds.ts'

/** What a round of a watching sync does. */
export interface RoundWork {
  run(due: readonly RemoteName[], isFirst: boolean): Promise<SyncSummary>
  print(summary: SyncSummary): void
}

/**
 * Syncs each remote whenever it is due, until the user interrupts. A round is told when it is the first, when it
 * brought news or when something failed; with --json every round is one line.
 * @returns the exit code: 0 when it was stopped between two rounds, 130 in one
 * @throws AgentsviewError what the first round throws; later ones go on after a failure of the archive
 */
export async function watchRounds(rounds: Rounds, context: CommandContext, work: RoundWork): Promise<number> {
  const { io, out, signal } = context
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const due = rounds.due(io.now())
    try {
      const summary = await work.run(due, isFirst)
      if (isFirst || out.format === 'json' || isNews(summary)) work.print(summary)
      if (summary.cancelled) return exitCodes.cancelled
    } catch (error) {
      if (isFirst || !isFamily(error, 'store')) throw error
      out.note(`The sync stopped, the next one tries again: ${error.message}`)
    }
    if (isFirst) out.note('Watching; stop with Ctrl-C.')
    rounds.done(due, io.now())
    await pause(rounds, context)
  }
  return 0
}

function isNews({ ok, totals: { objects } }: SyncSummary): boolean {
  return !ok || objects.appended + objects.reread + objects.gone + objects.failed > 0
}

/** Waits until a remote is due, or the user interrupts. */
async function pause(rounds: Rounds, { io, signal }: CommandContext): Promise<void> {
  while (!signal.aborted && rounds.due(io.now()).length === 0) {
    try {
      await sleep(Math.max(1, rounds.waitMs(io.now())), undefined, { signal })
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}
