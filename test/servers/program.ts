import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestServer } from './server.ts'

/** Programs that still run; ended with this process however it ends. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Ends a program with this process, however that ends. */
export function keepUntilExit(child: ChildProcess): void {
  running.add(child)
  child.once('exit', () => running.delete(child))
}

/** Path of a program: what the environment variable names, else the first of that name on PATH; null without one. */
export function findProgram(variable: string, name: string): string | null {
  const named = process.env[variable]
  if (named !== undefined && named !== '') return named
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

/** What `startProgram` must know of a server. */
export interface ProgramSpec {
  readonly name: string
  readonly program: string
  readonly region: string
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Folder of its own, removed afterwards. */
  readonly args: (port: number, folder: string) => readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Path that answers as soon as requests can be served. */
  readonly readyPath: string
}

/**
 * Starts a server program on a free port and waits until it answers.
 * @throws Error with the program's last words, when it ends or stays silent for 30 s
 */
export async function startProgram(spec: ProgramSpec): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), `agentsview-${spec.name}-`))
  const port = await freePort()
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, ...spec.env }
  const child = spawn(spec.program, spec.args(port, folder), { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let said = ''
  const keep = (chunk: Buffer): void => {
    said = (said + chunk.toString('utf8')).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.on('error', (error) => keep(Buffer.from(error.message)))
  const stop = async (): Promise<void> => {
    await end(child)
    running.delete(child)
    await rm(folder, { recursive: true, force: true })
  }
  const endpoint = `http://127.0.0.1:${port}`
  if (!(await isReady(child, `${endpoint}${spec.readyPath}`))) {
    await stop()
    throw new Error(`${spec.name} did not start:\n${said}`)
  }
  return { name: spec.name, endpoint, region: spec.region, ...spec.keys, stop }
}

async function isReady(child: ChildProcess, url: string): Promise<boolean> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null || child.pid === undefined) return false
    const status = await fetch(url).then(
      async (answer) => {
        await answer.arrayBuffer()
        return answer.status
      },
      // Nobody listens yet.
      () => 503,
    )
    if (status < 500) return true
    await sleep(100)
  }
  return false
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(late)
}
