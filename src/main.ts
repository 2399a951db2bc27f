#!/usr/bin/env node
import module from 'node:module'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'

keepCompiledCode()
// Only now: what has been loaded before the line above is compiled again at every start.
const [{ run }, { systemClock }] = await Promise.all([import('./cli/run.ts'), import('./base/index.ts')])

// The SDK would print on every start that it will leave Node 20 one day; that is our business, not the user's.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'

const interrupt = new AbortController()
let isOutputClosed = false

function onSignal(signal: NodeJS.Signals): void {
  if (interrupt.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143)
  interrupt.abort(new DOMException(`stopped by ${signal}`, 'AbortError'))
}

process.on('SIGINT', onSignal)
process.on('SIGTERM', onSignal)
// A reader that has seen enough (`| head`) closes the pipe: that is no failure, but work for it is over.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  isOutputClosed = true
  interrupt.abort(new DOMException('output closed', 'AbortError'))
})

const code = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  hostname: hostname(),
  isTTY: {
    stdin: process.stdin.isTTY ?? false,
    stdout: process.stdout.isTTY ?? false,
    stderr: process.stderr.isTTY ?? false,
  },
  columns: process.stdout.columns ?? 80,
  now: systemClock,
  signal: interrupt.signal,
})
process.exitCode = isOutputClosed ? 0 : code

/** Lets Node keep the compiled program in the user's cache folder, where it can (from 22.1 on). */
function keepCompiledCode(): void {
  const { enableCompileCache } = module as { readonly enableCompileCache?: (folder: string) => unknown }
  const base = process.env['XDG_CACHE_HOME']
  enableCompileCache?.(join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'agentsview'))
}
