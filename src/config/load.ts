import { readFile } from 'node:fs/promises'
import { isAbsolute, relative } from 'node:path'
import { TomlError, parse } from 'smol-toml'
import { AgentsviewError, isObject } from '../base/index.ts'
import type { JsonObject } from '../base/index.ts'
import { unknownKey } from './check.ts'
import type { Config, ConfigSource, RemoteOrigins } from './config.ts'
import { findConfig } from './discover.ts'
import { readLocal } from './local.ts'
import { Mistakes } from './mistakes.ts'
import { readPrices } from './prices.ts'
import { readProjects } from './projects.ts'
import { readRemote } from './remote.ts'
import type { FoundRemote } from './remote.ts'
import { plannedKeys, tables } from './schema.ts'
import { readStore } from './store.ts'
import { scanToml } from './toml-scan.ts'

/**
 * Finds, reads and checks the config; without a file everything is at its default.
 * @throws AgentsviewError `config.missing`, `config.unreadable`, `config.syntax`, or `config.invalid` with
 *   every mistake as `file:line: key: what is wrong`
 */
export async function loadConfig(source: ConfigSource): Promise<Config> {
  const found = await findConfig(source)
  if (found === null) return checkConfig('', null, source)
  return checkConfig(await readConfigFile(found.path), found.path, source)
}

/**
 * Checks the text of a config.
 * @param path the file it is, or will be, in; null for none
 * @throws AgentsviewError `config.syntax` or `config.invalid`
 */
export function checkConfig(text: string, path: string | null, source: ConfigSource): Config {
  const file = path === null ? 'config' : showFile(path, source.cwd)
  const raw = parseToml(text, file)
  const mistakes = new Mistakes(file, text, scanToml(text))
  for (const key of Object.keys(raw))
    if (!Object.hasOwn(tables, key)) mistakes.add([key], unknownKey(key, Object.keys(tables), plannedKeys.file))
  const store = readStore(raw['store'], source, path, mistakes)
  const { local, origins: localOrigins } = readLocal(raw['local'], source, mistakes)
  const remotes = readRemotes(raw['remotes'], source, mistakes)
  const projects = readProjects(raw['projects'], mistakes)
  const prices = readPrices(raw['prices'], mistakes)
  mistakes.throwIfAny()
  const origins = new Map<string, RemoteOrigins>(remotes.map((one) => [one.remote.name, one.origins]))
  return {
    path,
    store,
    local,
    localOrigins,
    remotes: remotes.map((one) => one.remote),
    origins,
    projects,
    prices,
    warnings: mistakes.warnings,
  }
}

/** The text of a config file. @throws AgentsviewError `config.unreadable` */
export async function readConfigFile(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const why = cause instanceof TypeError ? 'it is not UTF-8 text' : (code ?? 'unknown reason')
    throw new AgentsviewError({
      code: 'config.unreadable',
      message: `${path}: cannot be read: ${why}`,
      hint: 'Correct the file, or name another with --config.',
      cause,
    })
  }
}

/** A TOML text as values. @throws AgentsviewError `config.syntax` with file, line and column */
export function parseToml(text: string, file: string): JsonObject {
  try {
    return parse(text.startsWith('\uFEFF') ? text.slice(1) : text)
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    const [what = 'invalid TOML'] = cause.message.replace(/^Invalid TOML document: /, '').split('\n')
    throw new AgentsviewError({
      code: 'config.syntax',
      message: `${file}:${cause.line}:${cause.column}: not valid TOML: ${what}`,
      hint: 'Correct that line, then: agentsview config check',
      cause,
    })
  }
}

/** A path as people read it: relative when it lies in the current folder. */
export function showFile(path: string, cwd: string): string {
  const inside = relative(cwd, path)
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside
}

function readRemotes(raw: unknown, source: ConfigSource, mistakes: Mistakes): readonly FoundRemote[] {
  if (raw === undefined) return []
  if (!Array.isArray(raw)) {
    mistakes.add(
      ['remotes'],
      isObject(raw) ? 'must be written [[remotes]], with two brackets' : 'must be [[remotes]] blocks',
    )
    return []
  }
  const agents = source.agents.map((agent) => agent.id)
  const found = raw.map((block, index) => readRemote(block, index, { env: source.env, agents }, mistakes))
  const seen = new Map<string, number>()
  found.forEach(({ remote }, index) => {
    const first = seen.get(remote.name)
    if (first === undefined) seen.set(remote.name, index)
    else if (remote.name !== '')
      mistakes.add(['remotes', index, 'name'], `"${remote.name}" is also the name of remotes[${first}]`)
  })
  return found
}
