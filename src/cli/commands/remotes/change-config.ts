import { AgentsviewError, asArray, isFamily } from '../../../base/index.ts'
import { checkConfig, openForEdit, writeConfigFile } from '../../../config/index.ts'
import type { Config, ConfigSource, EditableConfig } from '../../../config/index.ts'
import type { CommandContext } from '../../context.ts'
import { findRemote } from './find-remote.ts'

/** A config before and after a change. */
export interface ChangedConfig {
  readonly file: EditableConfig
  readonly text: string
  readonly config: Config
}

/**
 * Changes the text of the config without writing it; what the change makes of it must be a valid config.
 * @throws AgentsviewError `config.*` when the file is faulty already; `usage.config-value` when the change would make it so
 */
export async function changeConfig(
  context: CommandContext,
  change: (text: string, config: Config) => string,
): Promise<ChangedConfig> {
  const source = await context.source()
  const file = await openForEdit(source)
  const before = checkConfig(file.text, file.isNew ? null : file.path, source)
  const text = change(file.text, before)
  return { file, text, config: checkChanged(text, file.path, source) }
}

/** Changes one remote and writes the file; nothing is written when nothing differs. */
export async function changeRemote(
  context: CommandContext,
  name: string,
  change: (text: string, index: number) => string,
): Promise<ChangedConfig> {
  const changed = await changeConfig(context, (text, config) =>
    change(text, config.remotes.indexOf(findRemote(config, name))),
  )
  if (changed.text !== changed.file.text) await writeConfigFile(changed.file.path, changed.text)
  return changed
}

function checkChanged(text: string, path: string, source: ConfigSource): Config {
  try {
    return checkConfig(text, path, source)
  } catch (error) {
    if (!isFamily(error, 'config')) throw error
    const mistakes = asArray(error.context['mistakes']).map(String)
    throw new AgentsviewError({
      code: 'usage.config-value',
      message: mistakes.length === 0 ? error.message : mistakes.join('\n'),
      hint: 'Nothing was written. Correct the value; agentsview config schema tells every key.',
      cause: error,
    })
  }
}
