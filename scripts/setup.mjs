/** What every npm script does first: installs what package-lock.json names, when that has not been done. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * Runs a program and waits for its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, env?: Record<string, string | undefined>, cwd?: string }} [options] `quiet` keeps the
 *   output back and prints it on stderr only when the program fails
 * @returns {Promise<number>} its exit code; 128 + n when signal n ended it
 */
export function run(command, args, { quiet = false, ...options } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: root, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit', ...options })
    const kept = []
    child.stdout?.on('data', (chunk) => kept.push(chunk))
    child.stderr?.on('data', (chunk) => kept.push(chunk))
    child.on('error', fail)
    child.on('close', (code, signal) => {
      const result = code ?? (signal === 'SIGINT' ? 130 : 143)
      if (result !== 0) for (const chunk of kept) process.stderr.write(chunk)
      done(result)
    })
  })
}

/** Runs one of the programs that the development dependencies bring. */
export function runTool(name, args, options) {
  return run(join(root, 'node_modules', '.bin', name), args, options)
}

/** Runs `task` and turns its number into the exit code of this process. */
export async function finishWith(task) {
  process.exitCode = await task
}

/** Installs the dependencies when they are missing or other than package-lock.json says; tells so in one line. */
export async function setUp() {
  if (isInstalled()) return
  process.stderr.write('Installing dependencies (npm ci) …\n')
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true })
  if (code !== 0) {
    process.stderr.write('npm ci failed. Try: see above; a network that reaches the npm registry is needed once.\n')
    process.exit(code)
  }
}

/** Compares with what npm notes in node_modules at the end of each installation. */
function isInstalled() {
  const note = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(note)) return false
  const [wanted, installed] = [join(root, 'package-lock.json'), note].map(
    (path) => JSON.parse(readFileSync(path, 'utf8')).packages,
  )
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true
    const found = installed[path]
    // Builds for other platforms stand in the lock file and are never installed.
    return found === undefined ? optional === true || devOptional === true : found.version === version
  })
}

/**
 * The environment for tests and the demo: none of the user's own cloud accounts, archives or configs.
 * @param {Record<string, string>} [extra]
 */
export function cleanEnvironment(extra = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|AGENTSVIEW_(CONFIG|DB_URL|OFFLINE)$)/.test(name))
  return { ...Object.fromEntries(kept), ...extra }
}
