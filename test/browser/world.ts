import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { ArchivePlan, ArchiveTruth } from '../../bench/corpus/big-archive.ts'
import { makeBigArchive } from '../../bench/corpus/big-archive.ts'
import { embedded } from '../servers/embedded.ts'
import { makeBucket } from '../servers/fill.ts'
import type { TestBucket } from '../servers/fill.ts'
import { findProgram, keepUntilExit } from '../servers/program.ts'

const root = join(import.meta.dirname, '../..')
const program = join(root, 'dist/main.js')
const demo = join(root, 'fixtures/bucket')

/** A bucket, an archive of it, the program serving both, and a browser. */
export interface World {
  readonly url: string
  readonly bucket: TestBucket
  readonly browser: Browser
  /** Where the archive is, for who writes to it besides the program. */
  readonly archiveUrl: string
  /** What the made-up archive of the plan holds; null without one. */
  readonly truth: ArchiveTruth | null
  /** The file of the config that the server goes by. */
  readonly configPath: string
  /** Runs the built program on the world's archive; gives its exit code. */
  agentsview(args: readonly string[]): Promise<number>
  /** Stops the server; `restart` brings it back at the same address. */
  stopServer(): Promise<void>
  restart(): Promise<void>
}

/** A page that notes everything it should not do. */
export interface Watched {
  readonly page: Page
  /** Requests to other origins, errors and refusals of the content policy, as they come. */
  readonly faults: string[]
}

/** What a world is made of. */
export interface WorldPlan {
  /** Objects beside those of the demo, by key. */
  readonly objects?: Readonly<Record<string, string>>
  /** Leaves the bucket unread. */
  readonly isEmpty?: boolean
  /** Fills the archive with made-up sessions, row by row. */
  readonly archive?: ArchivePlan
  /** Declares a remote that cannot be read. */
  readonly hasBroken?: boolean
  readonly serve?: readonly string[]
}

/**
 * Runs a suite in a real browser against the built program and the demo's bucket. Without a browser it is skipped;
 * with `AGENTSVIEW_NO_SKIP=1` that is a failure.
 * @param suite declares tests; `world()` gives the running world, inside tests and hooks only
 */
export function describeBrowser(title: string, plan: WorldPlan, suite: (world: () => World) => void): void {
  const executable = findProgram('AGENTSVIEW_CHROMIUM', 'chromium')
  if (executable === null) {
    describe(title, () => {
      it.skipIf(process.env['AGENTSVIEW_NO_SKIP'] !== '1')('needs a browser', () => {
        throw new Error('no chromium on PATH and AGENTSVIEW_CHROMIUM does not name one')
      })
    })
    return
  }
  describe(title, () => {
    let made: (World & { readonly end: () => Promise<void> }) | null = null
    beforeAll(async () => {
      made = await makeWorld(plan, executable)
    }, 240_000)
    afterAll(() => made?.end())
    suite(() => {
      if (made === null) throw new Error('the world is not there yet')
      return made
    })
  })
}

/** Opens a page that notes its faults. */
export async function openPage(world: World, path: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await world.browser.newContext({
    viewport: { width: 1360, height: 860 },
    locale: 'en-US',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  const faults: string[] = []
  const origin = new URL(world.url).origin
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !url.startsWith(`blob:${origin}/`)) faults.push(`request to ${url}`)
  })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) faults.push(`policy: ${message.text()}`)
  })
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(new URL(path, world.url).href)
  return { page, faults }
}

async function makeWorld(plan: WorldPlan, executable: string): Promise<World & { readonly end: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'agentsview-browser-'))
  const server = await embedded.start()
  const bucket = await makeBucket(server, 'team-agents')
  await bucket.putFolder(demo)
  for (const [key, body] of Object.entries(plan.objects ?? {})) await bucket.put(key, body)
  const config = join(folder, 'agentsview.toml')
  await writeFile(config, configOf(server.endpoint, plan.hasBroken ?? false))
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    TZ: 'UTC',
    KEY: server.accessKeyId,
    SECRET: server.secretAccessKey,
  }
  const archiveUrl = `file:${join(folder, 'archive.db')}`
  const truth = plan.archive === undefined ? null : await makeBigArchive(archiveUrl, plan.archive)
  const given = ['--config', config, '--db', archiveUrl]
  const start = (args: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, [program, ...args, ...given], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    keepUntilExit(child)
    return child
  }
  const agentsview = async (args: readonly string[]): Promise<number> => {
    const child = start(args)
    child.stdout?.resume()
    child.stderr?.resume()
    const [code] = (await once(child, 'exit')) as [number | null]
    return code ?? 1
  }
  if (plan.isEmpty !== true) await agentsview(['sync', '--remote'])
  const serve = [...(plan.serve ?? ['--allow-actions'])]
  let serving = await startServing(() => start(['serve', '--no-open', '--json', ...serve]))
  const browser = await chromium.launch({
    executablePath: executable,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  const { url } = serving
  return {
    url,
    bucket,
    browser,
    archiveUrl,
    truth,
    configPath: config,
    agentsview,
    stopServer: () => endOf(serving.child),
    restart: async () => {
      const port = new URL(url).port
      serving = await startServing(() => start(['serve', '--no-open', '--json', '--port', port, ...serve]))
    },
    end: async () => {
      await browser.close()
      await endOf(serving.child)
      bucket.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function configOf(endpoint: string, hasBroken: boolean): string {
  const remote = (name: string, prefix: string, bucket = 'team-agents'): string =>
    [
      '[[remotes]]',
      `name = "${name}"`,
      'provider = "minio"',
      `endpoint = "${endpoint}"`,
      `bucket = "${bucket}"`,
      `prefixes = ["${prefix}"]`,
      'access_key_id_env = "KEY"',
      'secret_access_key_env = "SECRET"',
      '',
    ].join('\n')
  const broken = hasBroken ? remote('broken', 'x/', 'no-such-bucket') : ''
  return `[local]\nenabled = false\n\n${remote('prod', 'prod/')}\n${remote('lab', 'lab/')}\n${broken}`
}

/** Waits for the address that a starting server prints. */
async function startServing(
  start: () => ChildProcess,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = start()
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
  })
  return await new Promise((done, fail) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
      const url = /"url":\s*"([^"]+)"/.exec(text)?.[1]
      if (url !== undefined) done({ child, url })
    })
    child.once('exit', (code) => fail(new Error(`serve ended with ${code}: ${said || text}; was dist/ built?`)))
  })
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
