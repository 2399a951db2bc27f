import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { SyncCounts } from '../../src/model/index.ts'
import type { Corpus } from './corpus.ts'
import { keysOf } from './corpus.ts'
import type { Lab } from './lab.ts'
import type { Measured } from './measure.ts'
import { measureNode } from './measure.ts'
import { root } from './tools.ts'

/** One run of `sync`, with what it says it did. */
export interface SyncRun extends Measured {
  readonly counts: SyncCounts
}

const program = join(root, 'dist/main.js')

/** What `node` is called with for one of our commands. */
export function commandLine(args: readonly string[]): readonly string[] {
  return [program, ...args]
}

/** Runs one of our commands as people do: a process of its own. @param db  the archive's URL */
export async function runOurs(lab: Lab, db: string, args: readonly string[]): Promise<Measured> {
  const place = ['--config', emptyConfig(lab), '--db', db, '--timezone', 'UTC']
  return await measureNode(commandLine([...args, ...place]), { env: { HOME: lab.folder } })
}

/** The path of a config that declares nothing. */
export function emptyConfig(lab: Lab): string {
  return writeConfig(lab, 'empty', '')
}

/** What `node` is called with to sync a corpus's bucket into an archive, and the keys of its server. */
export async function syncCommandLine(lab: Lab, corpus: Corpus, db: string) {
  const env = { HOME: lab.folder, ...keysOf(await lab.server()) }
  return { args: commandLine(['sync', '--remote', '--json', '--config', configOf(lab, corpus), '--db', db]), env }
}

/** Syncs a corpus's bucket into an archive. */
export async function syncOurs(lab: Lab, corpus: Corpus, db: string): Promise<SyncRun> {
  const { args, env } = await syncCommandLine(lab, corpus, db)
  const measured = await measureNode(args, { env })
  const { ok, totals } = JSON.parse(measured.stdout) as { readonly ok: boolean; readonly totals: SyncCounts }
  if (!ok) throw new Error(`the sync was not whole: ${measured.stdout}`)
  return { ...measured, counts: totals }
}

let archives = 0

/** The URL of an archive file that does not exist yet. */
export function freshArchive(lab: Lab): string {
  archives += 1
  const folder = join(lab.folder, `archive-${archives}`)
  mkdirSync(folder)
  return `file:${join(folder, 'agentsview.db')}`
}

/** Removes an archive file that is not needed any more. */
export function dropArchive(url: string): void {
  rmSync(join(url.slice('file:'.length), '..'), { recursive: true })
}

/** Bytes of an archive: the file and what its log still holds. */
export function archiveBytes(url: string): number {
  const path = url.slice('file:'.length)
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  return statSync(path).size + (log?.size ?? 0)
}

function configOf(lab: Lab, { bucket }: Corpus): string {
  const { server, name } = bucket
  return writeConfig(
    lab,
    name,
    `[[remotes]]
name = "bench"
provider = "minio"
endpoint = "${server.endpoint}"
region = "${server.region}"
bucket = "${name}"
access_key_id_env = "AWS_ACCESS_KEY_ID"
secret_access_key_env = "AWS_SECRET_ACCESS_KEY"
`,
  )
}

function writeConfig(lab: Lab, name: string, remotes: string): string {
  const path = join(lab.folder, `${name}.toml`)
  writeFileSync(path, `[local]\nenabled = false\n\n${remotes}`)
  return path
}
