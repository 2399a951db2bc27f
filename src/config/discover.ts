import { access } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { AgentsviewError } from '../base/index.ts'
import type { ConfigSource } from './config.ts'

/** A config file that was found, and what led to it. */
export interface FoundConfig {
  readonly path: string
  readonly by: '--config' | 'AGENTSVIEW_CONFIG' | 'current folder' | 'user folder'
}

const fileName = 'agentsview.toml'

/**
 * Finds the config file: `--config`, `AGENTSVIEW_CONFIG`, `./agentsview.toml`, the user's config folder.
 * @returns null when none of them is there and none was named
 * @throws AgentsviewError `config.missing` when a file was named that is not there
 */
export async function findConfig(source: ConfigSource): Promise<FoundConfig | null> {
  const named = namedConfig(source)
  if (named !== null) {
    if (await exists(named.path)) return named
    throw new AgentsviewError({
      code: 'config.missing',
      message: `${named.path}: no such file (named by ${named.by})`,
      hint: `Correct ${named.by}, or create the file with: agentsview remotes add <name> --bucket <bucket>`,
    })
  }
  const here = join(source.cwd, fileName)
  if (await exists(here)) return { path: here, by: 'current folder' }
  const user = userConfigPath(source)
  return (await exists(user)) ? { path: user, by: 'user folder' } : null
}

/** Where a new config belongs when `findConfig` finds none: the file that was named, else the user's config folder. */
export function newConfigPath(source: ConfigSource): string {
  return namedConfig(source)?.path ?? userConfigPath(source)
}

/** Folder of the archive when nothing names one. */
export function userDataFolder(source: Pick<ConfigSource, 'env' | 'home'>): string {
  return join(baseFolder(source.env['XDG_DATA_HOME'], join(source.home, '.local', 'share')), 'agentsview')
}

/** Expands a leading `~` and makes the path absolute. */
export function expandPath(path: string, from: string, home: string): string {
  const expanded = path === '~' || /^~[/\\]/.test(path) ? join(home, path.slice(1)) : path
  return resolve(from, expanded)
}

function userConfigPath(source: ConfigSource): string {
  return join(baseFolder(source.env['XDG_CONFIG_HOME'], join(source.home, '.config')), 'agentsview', fileName)
}

/** The XDG rules ignore a relative value. */
function baseFolder(value: string | undefined, fallback: string): string {
  return value !== undefined && isAbsolute(value) ? value : fallback
}

function namedConfig(source: ConfigSource): FoundConfig | null {
  if (source.explicitPath !== null)
    return { path: expandPath(source.explicitPath, source.cwd, source.home), by: '--config' }
  const named = source.env['AGENTSVIEW_CONFIG'] ?? ''
  return named === '' ? null : { path: expandPath(named, source.cwd, source.home), by: 'AGENTSVIEW_CONFIG' }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    throw new AgentsviewError({
      code: 'config.unreadable',
      message: `${path}: cannot be read (${code ?? 'unknown'})`,
      hint: 'Give yourself the right to read it, or name another with --config.',
      cause: error,
    })
  }
}
