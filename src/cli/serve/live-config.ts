import { stat } from 'node:fs/promises'

import { AgentsviewError, messageOf } from '../../base/index.ts'
import type { Config } from '../../config/index.ts'
import { findConfig, loadConfig } from '../../config/index.ts'
import type { FailureInfo } from '../../model/index.ts'
import type { CommandContext } from '../context.ts'

/** The config of a server, read again when its file changes. */
export interface LiveConfig {
  /** The last one without a mistake. */
  current(): Config
  /** What is wrong with the file as it is now; null when it is the one in force. */
  problem(): FailureInfo | null
  /** Looks at the file now, rather than a moment later. */
  look(): Promise<void>
  /** Stops looking. */
  close(): void
}

const lookEveryMs = 2000

/**
 * Watches the config of a run: by asking for it now and then, which works on every file system and for files that
 * are replaced.
 * @param onChange  told after another config is in force, or another mistake is known; awaited
 */
export async function liveConfig(context: CommandContext, onChange: () => Promise<void>): Promise<LiveConfig> {
  let config = await context.config()
  let failure: FailureInfo | null = null
  let mark = await markOf(context)
  let looking = Promise.resolve()

  const lookOnce = async (): Promise<void> => {
    const now = await markOf(context)
    if (now === mark) return
    mark = now
    const before = failure?.message ?? null
    try {
      const next = await loadConfig(await context.source())
      failure = null
      config = inForce(config, next, context)
      context.out.note('The config has changed: it is in force from now on.')
    } catch (error) {
      if (!(error instanceof AgentsviewError)) throw error
      failure = { code: error.code, message: error.message, hint: error.hint ?? null }
      if (failure.message !== before) context.out.note(`The config is used as it was before: ${error.message}`)
    }
    await onChange()
  }
  const look = (): Promise<void> => {
    // One look at a time, whatever became of the last; who asks meanwhile may have changed the file after it was read.
    looking = looking.then(lookOnce, lookOnce)
    return looking
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) => context.out.detail(`The config could not be looked at: ${messageOf(error)}`))
  }, lookEveryMs)
  timer.unref()
  return { current: () => config, problem: () => failure, look, close: () => clearInterval(timer) }
}

/** The archive that is open stays the one that is served. */
function inForce(before: Config, next: Config, { out }: CommandContext): Config {
  if (next.store.url !== before.store.url) out.note('The archive stays the one it was; restart serve for the other.')
  return { ...next, store: before.store }
}

/** A text that is another one when the file is. */
async function markOf(context: CommandContext): Promise<string> {
  try {
    const found = await findConfig(await context.source())
    if (found === null) return 'none'
    const { mtimeMs, size, ino } = await stat(found.path)
    return [found.path, mtimeMs, size, ino].join('\n')
  } catch (error) {
    // A file that has just gone, or may not be read: loading it tells why.
    return messageOf(error)
  }
}
