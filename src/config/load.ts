import type { Config, ConfigSource } from './config.ts'
import { findConfig, userDataFolder } from './discover.ts'

/** Stub. */
export async function loadConfig(source: ConfigSource): Promise<Config> {
  const found = await findConfig(source)
  return {
    path: found?.path ?? null,
    store: { url: `file:${userDataFolder(source)}/agentsview.db`, token: null, problem: null, origin: 'default' },
    local: { enabled: false, machine: source.hostname, folders: [] },
    remotes: [],
    origins: new Map(),
    prices: [],
    warnings: [],
  }
}
