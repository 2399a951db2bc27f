import type { Config, ConfigSource } from '../config/index.ts'
import type { GlobalOptions } from './global-options.ts'
import type { Io } from './io.ts'
import { makeOutput } from './output/index.ts'
import type { Output } from './output/index.ts'

/** What a command gets to work with; making one opens nothing. */
export interface CommandContext {
  readonly io: Io
  readonly globals: GlobalOptions
  readonly out: Output
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal
  /** What `loadConfig` is asked with, for commands that look at the file themselves. */
  source(): Promise<ConfigSource>
  /** The config, read once; its warnings go to stderr. @throws AgentsviewError `config.*` */
  config(): Promise<Config>
}

/** The context of one run. */
export function makeContext(io: Io, globals: GlobalOptions): CommandContext {
  const out = makeOutput(io, globals)
  const source = async (): Promise<ConfigSource> => ({
    explicitPath: globals.config,
    explicitStoreUrl: globals.db,
    env: io.env,
    cwd: io.cwd,
    home: io.home,
    hostname: io.hostname,
    agents: (await import('../agents/index.ts')).agentFormats,
  })
  let loading: Promise<Config> | null = null
  const load = async (): Promise<Config> => {
    const { loadConfig } = await import('../config/index.ts')
    const config = await loadConfig(await source())
    for (const warning of config.warnings) out.note(`Note: ${warning}`)
    return config
  }
  return {
    io,
    globals,
    out,
    signal: io.signal,
    source,
    config: () => {
      loading ??= load()
      return loading
    },
  }
}
