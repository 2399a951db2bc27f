import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { TestServer } from '../servers/server.ts'

/** A `[[remotes]]` block for a test's server; `more` are further lines of it. */
export interface ConfiguredRemote {
  readonly name: string
  readonly endpoint: string
  readonly bucket: string
  readonly region?: string
  readonly prefixes?: readonly string[]
  readonly secretEnv?: string
  readonly more?: readonly string[]
}

/** Names of the environment variables that hold the server's keys. */
export const keyNames = { id: 'TEST_KEY_ID', secret: 'TEST_SECRET' } as const

/** The environment in which the config's remotes find their keys. */
export function keysOf(server: TestServer): Readonly<Record<string, string>> {
  return { [keyNames.id]: server.accessKeyId, [keyNames.secret]: server.secretAccessKey }
}

/** Writes `agentsview.toml` into a folder; the archive is `archive.db` beside it. */
export function writeConfig(folder: string, remotes: readonly ConfiguredRemote[]): void {
  const blocks = remotes.map((remote) =>
    [
      '[[remotes]]',
      `name = ${JSON.stringify(remote.name)}`,
      'provider = "minio"',
      `endpoint = ${JSON.stringify(remote.endpoint)}`,
      `region = ${JSON.stringify(remote.region ?? 'us-east-1')}`,
      `bucket = ${JSON.stringify(remote.bucket)}`,
      `prefixes = ${JSON.stringify(remote.prefixes ?? [''])}`,
      `access_key_id_env = "${keyNames.id}"`,
      `secret_access_key_env = "${remote.secretEnv ?? keyNames.secret}"`,
      ...(remote.more ?? []),
    ].join('\n'),
  )
  const head = '[store]\nurl = "file:archive.db"\n\n[local]\nenabled = false\n'
  writeFileSync(join(folder, 'agentsview.toml'), `${[head, ...blocks].join('\n\n')}\n`)
}
