import { isFamily } from '../base/index.ts'
import type { ConfigSource } from './config.ts'
import { findConfig, newConfigPath } from './discover.ts'
import type { FoundConfig } from './discover.ts'
import { readConfigFile } from './load.ts'

/** A config file about to be edited. */
export interface EditableConfig {
  readonly path: string
  /** Empty for a file that is not there yet. */
  readonly text: string
  readonly isNew: boolean
}

/** The config's text; where there is no file, the place where one belongs. @throws AgentsviewError `config.unreadable` */
export async function openForEdit(source: ConfigSource): Promise<EditableConfig> {
  const found = await findOrNothing(source)
  if (found === null) return { path: newConfigPath(source), text: '', isNew: true }
  return { path: found.path, text: await readConfigFile(found.path), isNew: false }
}

async function findOrNothing(source: ConfigSource): Promise<FoundConfig | null> {
  try {
    return await findConfig(source)
  } catch (error) {
    if (isFamily(error, 'config') && error.code === 'config.missing') return null
    throw error
  }
}
