import { dirname } from 'node:path'
import { AgentsviewError, Secret } from '../base/index.ts'
import { checkTable } from './check.ts'
import type { ConfigSource, Origin, StoreConfig } from './config.ts'
import { envName, valueOf } from './credentials.ts'
import { expandPath, userDataFolder } from './discover.ts'
import type { Mistakes } from './mistakes.ts'
import { storeKeys } from './schema.ts'

/** Reads `[store]` and settles where the archive is: `--db`, `AGENTSVIEW_DB_URL`, the file, the data folder. */
export function readStore(
  raw: unknown,
  source: ConfigSource,
  configPath: string | null,
  mistakes: Mistakes,
): StoreConfig {
  const table = checkTable(raw, storeKeys, ['store'], mistakes)
  const tokenName = envName(table, 'token_env', mistakes)
  const written = table.text('url')
  const own =
    written === null ? null : readUrl(written, configPath === null ? source.cwd : dirname(configPath), source.home)
  if (own !== null && 'problem' in own) mistakes.add(['store', 'url'], own.problem)
  if (own !== null && 'url' in own && own.token !== null)
    mistakes.add(
      ['store', 'url'],
      'a token must not stand in this file; put it in an environment variable and name that in token_env',
    )
  const outside = readOutside(source)
  const ownUrl = own !== null && 'url' in own ? own.url : null
  const url = outside?.url ?? ownUrl ?? `file:${userDataFolder(source)}/agentsview.db`
  const origin = outside?.origin ?? (ownUrl === null ? 'default' : 'config')
  // The token belongs to the archive the file names: never sent to another host.
  const isOwn = outside === null || ownUrl === null || hostOf(ownUrl) === hostOf(url)
  const name = isOwn && !url.startsWith('file:') ? tokenName : null
  const value = name === null ? null : valueOf(source.env, name)
  return {
    url,
    origin,
    token: outside?.token ?? (value === null ? null : new Secret(value)),
    problem:
      name === null || value !== null || (outside !== null && outside.token !== null)
        ? null
        : {
            code: 'config.no-token',
            message: `no token for the archive: ${name} is not set`,
            hint: `Set ${name} in the environment, or change [store] token_env.`,
          },
  }
}

interface ReadUrl {
  readonly url: string
  /** A token that stood in the address. */
  readonly token: Secret | null
}

function readOutside(source: ConfigSource): (ReadUrl & { readonly origin: Origin }) | null {
  const fromEnv = valueOf(source.env, 'AGENTSVIEW_DB_URL')
  const text = source.explicitStoreUrl ?? fromEnv
  if (text === null) return null
  const origin = source.explicitStoreUrl === null ? 'env AGENTSVIEW_DB_URL' : '--db'
  const read = readUrl(text, source.cwd, source.home)
  if ('url' in read) return { ...read, origin }
  throw new AgentsviewError({
    code: source.explicitStoreUrl === null ? 'config.store-url' : 'usage.store-url',
    message: `${origin}: ${read.problem}`,
    hint: 'Use file:<path>, libsql://<host> or http(s)://<host>.',
  })
}

/** Reads an archive's address; a bare path is a file. */
function readUrl(text: string, folder: string, home: string): ReadUrl | { readonly problem: string } {
  const trimmed = text.trim()
  if (trimmed === '') return { problem: 'is empty' }
  if (/^(libsql|https?|wss?):\/\//i.test(trimmed)) return readRemoteUrl(trimmed)
  if (/^[a-z][a-z0-9+.-]+:/i.test(trimmed) && !/^file:/i.test(trimmed))
    return { problem: 'is no archive address; use file:<path>, libsql://<host> or http(s)://<host>' }
  const path = trimmed.replace(/^file:(\/\/(?=\/))?/i, '')
  if (path === '' || path === ':memory:') return { problem: 'names no file' }
  return { url: `file:${expandPath(path, folder, home)}`, token: null }
}

function readRemoteUrl(text: string): ReadUrl | { readonly problem: string } {
  if (!URL.canParse(text)) return { problem: 'is not a URL' }
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return { problem: 'must not hold a user name or password' }
  const token = url.searchParams.get('authToken')
  url.searchParams.delete('authToken')
  return { url: url.href, token: token === null || token === '' ? null : new Secret(token) }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
