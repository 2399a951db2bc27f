import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A program to run and measure, from its start to its end. */
export interface Program {
  readonly command: string
  readonly args: readonly string[]
  /** Besides PATH; nothing else is handed on. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** What one run of a whole process took. */
export interface Measured {
  readonly wallMs: number
  /** All threads, user and system; null for programs that are not Node's. */
  readonly cpuMs: number | null
  /** Highest resident memory; null for programs that are not Node's. */
  readonly peakBytes: number | null
  readonly stdout: string
}

const hook = join(import.meta.dirname, 'report-self.mjs')
let count = 0

/** Runs a Node program. @param args  script first; options of Node may stand before it */
export async function measureNode(args: readonly string[], about: Omit<Program, 'command' | 'args'> = {}) {
  return await measure({ ...about, command: process.execPath, args: ['--import', hook, ...args] })
}

/**
 * Runs a program and waits for its end.
 * @throws Error with what it printed, unless it ended with 0
 */
export async function measure(program: Program): Promise<Measured> {
  count += 1
  const report = join(tmpdir(), `agentsview-bench-${process.pid}-${count}.json`)
  const env = { PATH: process.env['PATH'] ?? '', ...program.env, AGENTSVIEW_BENCH_REPORT: report }
  const began = performance.now()
  const child = spawn(program.command, program.args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code] = (await once(child, 'close')) as [number | null]
  const wallMs = performance.now() - began
  if (code !== 0) throw new Error(`${program.args.join(' ')} ended with ${code}:\n${(stderr + stdout).slice(-4000)}`)
  return { wallMs, stdout, ...usedBy(report) }
}

function usedBy(report: string): Pick<Measured, 'cpuMs' | 'peakBytes'> {
  if (!existsSync(report)) return { cpuMs: null, peakBytes: null }
  const used = JSON.parse(readFileSync(report, 'utf8')) as { cpuMs: number; peakBytes: number }
  rmSync(report)
  return used
}
