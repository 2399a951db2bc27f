import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

import type { CliResult } from '../run-cli.ts'

const root = resolve(import.meta.dirname, '../..')

/** The program as people run it: built, in processes of its own. */
export interface Program {
  /** Path of its entry, for a caller that starts it in a way of its own. */
  readonly entry: string
  start(argv: readonly string[], options: RunOptions): Running
  run(argv: readonly string[], options: RunOptions): Promise<CliResult>
  remove(): void
}

export interface RunOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

export interface Running {
  readonly child: ChildProcess
  /** When it has ended; a killed one has code -1. */
  readonly ended: Promise<CliResult>
}

/** Builds the program into a folder of its own; it needs no other build and leaves none behind. */
export async function buildProgram(): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'agentsview-program-'))
  for (const name of ['node_modules', 'migrations', 'package.json', 'agentsview.toml']) {
    symlinkSync(join(root, name), join(folder, name))
  }
  const outDir = join(folder, 'dist')
  await promisify(execFile)(process.execPath, [join(root, 'scripts/bundle.mjs'), outDir], { cwd: root })
  const entry = join(outDir, 'main.js')
  const start: Program['start'] = (argv, options) => startProcess(process.execPath, [entry, ...argv], options)
  return {
    entry,
    start,
    run: (argv, options) => start(argv, options).ended,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Starts a process with nothing of this one's environment but where programs are. */
export function startProcess(command: string, argv: readonly string[], { cwd, env }: RunOptions): Running {
  const child = spawn(command, argv, {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: cwd,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString('utf8')))
  const ended = once(child, 'close').then(([code]) => ({ code: typeof code === 'number' ? code : -1, ...said }))
  return { child, ended }
}
