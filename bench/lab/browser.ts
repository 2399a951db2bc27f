import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'

import { findProgram, keepUntilExit } from '../../test/servers/program.ts'
import type { Lab } from './lab.ts'
import { commandLine, emptyConfig } from './ours.ts'

/** `agentsview serve` on an archive, in a process of its own. */
export interface Serving {
  readonly url: string
  stop(): Promise<void>
}

/** @throws Error with what it printed when it does not start */
export async function serveOurs(lab: Lab, db: string): Promise<Serving> {
  const args = ['serve', '--no-open', '--json', '--port', '0', '--db', db, '--timezone', 'UTC']
  const child = spawn(process.execPath, [...commandLine(args), '--config', emptyConfig(lab)], {
    env: { PATH: process.env['PATH'] ?? '', HOME: lab.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  keepUntilExit(child)
  let text = ''
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  const url = await new Promise<string>((done, fail) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
      const found = /"url":\s*"([^"]+)"/.exec(text)?.[1]
      if (found !== undefined) done(found)
    })
    child.once('exit', (code) => fail(new Error(`serve ended with ${code}: ${said || text}`)))
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return { url, stop }
}

/** @throws Error when there is no browser, or it does not start */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findProgram('AGENTSVIEW_CHROMIUM', 'chromium')
  if (executablePath === null) {
    throw new Error('the case "page" needs Chromium: none on PATH, and AGENTSVIEW_CHROMIUM does not name one')
  }
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  return await chromium.launch({ executablePath, args })
}

/** What `in-page.mjs` gives to ask. */
interface InPage {
  readonly bench: Readonly<Record<'firstContent' | 'seen', (name: string) => number | null>>
}

/** A page that was opened cold, with nothing of an earlier visit. */
export interface Visit {
  readonly page: Page
  /** When something first stood there and the page was free again, in ms since it was asked for. */
  when(name: 'list' | 'message' | 'whole'): Promise<number>
  /** When anything of the page was first to be seen, likewise. */
  firstContent(): Promise<number>
  close(): Promise<void>
}

/** Opens a page as a new visitor does. */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 860 },
    locale: 'en-US',
    timezoneId: 'UTC',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.addInitScript({ path: join(import.meta.dirname, 'in-page.mjs') })
  await page.goto(url, { waitUntil: 'commit' })
  // As functions: the page's policy lets no text be run.
  const known = async (name: 'firstContent' | 'seen', about: string): Promise<number> => {
    const handle = await page.waitForFunction(([ask, of]) => (globalThis as unknown as InPage).bench[ask](of), [
      name,
      about,
    ] as const)
    return (await handle.jsonValue()) ?? Number.NaN
  }
  return {
    page,
    when: async (name) => await known('seen', name),
    firstContent: async () => await known('firstContent', ''),
    close: () => context.close(),
  }
}

/** What scrolling showed. */
export interface Scrolled {
  /** From one frame to the next, in milliseconds. */
  readonly deltas: readonly number[]
  /** Frames in which a message had not come yet. */
  readonly blank: number
  /** Most rows that stood in the document at once. */
  readonly most: number
}

/** Turns the wheel over an element until its end. @param pixels  of one turn */
export async function scrollThrough({ page }: Visit, selector: string, pixels: number): Promise<Scrolled> {
  await page.locator(selector).hover()
  await page.evaluate('bench.startFrames()')
  for (let left = Infinity; left > 1;) {
    const before = left
    for (let turn = 0; turn < 20; turn += 1) await page.mouse.wheel(0, pixels)
    left = await page.evaluate<number>(`bench.left('${selector}')`)
    // Rows that turn out longer than thought may push the end away, but never by all that was turned.
    if (left >= before) throw new Error(`the wheel does not move ${selector}`)
  }
  return await page.evaluate<Scrolled>('bench.endFrames()')
}
