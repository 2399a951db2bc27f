/**
 * npm start: the whole program on a made-up fleet. Installs, builds, starts an S3 server on loopback with the
 * objects of fixtures/bucket/, syncs them with the shipped agentsview.toml, prints the cost by machine, then serves
 * the web view until Ctrl-C. `npm start -- --once` stops after the table. Nothing outside .demo/ is written, and
 * no account, config or archive of yours is used.
 */
import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from './build.mjs'
import { cleanEnvironment, finishWith, root, setUp } from './setup.mjs'

const isOnce = process.argv.includes('--once')
const folder = join(root, '.demo')
const given = ['--config', join(root, 'agentsview.toml'), '--db', `file:${join(folder, 'agentsview.db')}`]
/** The program that runs now, to pass a signal on to. */
let child = null
let stoppedBy = null

/** Runs the built program in the foreground; gives its exit code. */
function agentsview(args, env) {
  const line = ['agentsview', ...args].join(' ')
  process.stderr.write(`\n$ ${line}\n`)
  return new Promise((done, fail) => {
    const options = { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] }
    child = spawn(process.execPath, [join(root, 'dist/main.js'), ...args, ...given], options)
    child.on('error', fail)
    child.on('close', (code, signal) => {
      child = null
      done(code ?? (signal === 'SIGINT' ? 130 : 143))
    })
  })
}

function onSignal(signal) {
  stoppedBy = signal
  // From a terminal Ctrl-C reaches the child as well; a second signal of the same kind would cut its goodbye short.
  if (signal === 'SIGTERM' || !process.stdin.isTTY) child?.kill(signal)
}

async function show(env) {
  const synced = await agentsview(['sync', '--remote'], env)
  if (synced !== 0) return synced
  const shown = await agentsview(['usage', 'daily', '--by', 'machine'], env)
  if (shown !== 0) return shown
  if (isOnce) {
    process.stderr.write(
      '\nThe numbers are explained in fixtures/README.md. Without --once this also serves the web view.\n',
    )
    return 0
  }
  process.stderr.write('\nThe numbers are explained in fixtures/README.md. Ctrl-C stops the demo.\n')
  const served = await agentsview(['serve', '--no-open'], env)
  return stoppedBy === null ? served : 0
}

async function start() {
  await setUp()
  const built = await build()
  if (built !== 0) return built
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  // Only now are the packages it needs there for sure.
  const { startDemoBucket } = await import('./demo-bucket.mjs')
  await mkdir(folder, { recursive: true })
  const demo = await startDemoBucket(folder)
  process.stderr.write(`S3 server of the demo: ${demo.endpoint}, ${demo.objects} objects in bucket team-agents\n`)
  try {
    return await show(cleanEnvironment(demo.environment))
  } finally {
    await demo.stop()
  }
}

process.on('SIGINT', onSignal)
process.on('SIGTERM', onSignal)
await finishWith(start())
