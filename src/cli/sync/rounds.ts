import { AgentsviewError, parseTimeSpan } from '../../base/index.ts'
import type { EpochMs } from '../../base/index.ts'
import type { Config } from '../../config/index.ts'
import type { RemoteName } from '../../model/index.ts'

/** Tells which remotes a watching program has to sync, and when; one round at a time. */
export interface Rounds {
  /** Remotes whose time has come, in their order; at the beginning all of them. */
  due(now: EpochMs): readonly RemoteName[]
  /** Milliseconds until the next one is due. */
  waitMs(now: EpochMs): number
  /** Notes the end of a sync; the interval of these runs from now on. */
  done(remotes: readonly RemoteName[], now: EpochMs): void
}

/** @param intervals  time from the end of a remote's sync to the start of its next, in milliseconds */
export function roundsOf(intervals: ReadonlyMap<RemoteName, number>): Rounds {
  const doneAt = new Map<RemoteName, EpochMs>()
  const left = (name: RemoteName, interval: number, now: EpochMs): number => {
    const at = doneAt.get(name)
    // A clock that was set back must not put a sync off for longer than its interval.
    return at === undefined ? 0 : Math.max(0, Math.min(interval, at + interval - now))
  }
  return {
    due: (now) => [...intervals].filter(([name, interval]) => left(name, interval, now) === 0).map(([name]) => name),
    waitMs: (now) => Math.min(...[...intervals].map(([name, interval]) => left(name, interval, now))),
    done: (remotes, now) => {
      for (const name of remotes) if (intervals.has(name)) doneAt.set(name, now)
    },
  }
}

/** The interval of each of these remotes: its own, else the one that holds for all. */
export function intervalsOf(
  { remotes }: Config,
  names: readonly RemoteName[],
  otherwise: number,
): ReadonlyMap<RemoteName, number> {
  const own = new Map(remotes.map(({ name, intervalMs }) => [name, intervalMs ?? otherwise]))
  return new Map(names.map((name) => [name, own.get(name) ?? otherwise]))
}

const shortestMs = 1000
const longestMs = 24 * 3_600_000

/** Reads `--interval`: `30s`, `2m` or `1h` as milliseconds. @throws AgentsviewError `usage.interval` */
export function intervalOf(text: string): number {
  const ms = parseTimeSpan(text)
  if (ms !== null && ms >= shortestMs && ms <= longestMs) return ms
  throw new AgentsviewError({
    code: 'usage.interval',
    message: `--interval ${text} is no time between 1s and 24h`,
    hint: 'Say 30s, 2m or 1h.',
  })
}
